"""Putting templates away that are not used any more: SmartDialog offers no way to delete them."""

from django.db import transaction

from accounts.models import User
from gateway import clock
from messaging.whatsapp.models import Template, TemplateState
from messaging.whatsapp.submission.transitions import compare_and_swap, record


@transaction.atomic
def archive(template: Template, *, by: User) -> None:
    """No list and no campaign offers it any more. Raises TemplateChanged."""
    compare_and_swap(template, template.revision, list(TemplateState), archived_at=clock.now())
    record(template, "template.archived", by)


@transaction.atomic
def unarchive(template: Template, *, by: User) -> None:
    compare_and_swap(template, template.revision, list(TemplateState), archived_at=None)
    record(template, "template.unarchived", by)
