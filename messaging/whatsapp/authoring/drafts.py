"""What people write: drafts, kept however unfinished, until they are submitted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import RestrictedError

from accounts.models import Customer, User
from accounts.trail import audit
from gateway import clock
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.models import EDITABLE, Template, TemplateState, TemplateVersion
from messaging.whatsapp.submission.transitions import compare_and_swap, record, supersede_calls_or_raise


@transaction.atomic
def create(
    *, customer: Customer, uuid: UUID, fields: Mapping[str, Any], by: User, page: UUID | None = None
) -> tuple[Template, bool]:
    """A draft, and whether it is new: the same form sent again finds the one it made."""
    template, is_new = Template.objects.get_or_create(
        uuid=uuid, customer=customer, defaults={**fields, "created_by": by}
    )
    if is_new:
        _keep_version(template, page or uuid4(), by)
        record(template, "template.created", by, after=template.audited())
    return template, is_new


@transaction.atomic
def edit(
    template: Template, *, revision: int, fields: Mapping[str, Any], by: User, page: UUID | None = None
) -> None:
    """Raises TemplateChanged when it is not as the person saw it, or cannot be edited any more.

    A page that was the last to save has seen its own changes, whatever revision it names: an answer to it may
    have been lost. Its later changes are one version, and one record in the trail.
    """
    before = template.audited()
    latest = template.versions.first()
    is_own = latest is not None and latest.page == page and latest.fields == before
    seen = template.revision if is_own else revision
    compare_and_swap(template, seen, EDITABLE, to=TemplateState.DRAFT, **fields, error_text="")
    supersede_calls_or_raise(template)
    _keep_version(template, page or uuid4(), by)
    old, new = audit.differences(before, template.audited())
    if new and not is_own:
        record(template, "template.edited", by, before=old, after=new)


def words_of(original: Template) -> dict[str, Any]:
    """What a copy begins with. Variables by name, of one made elsewhere, get numbers and are called so."""
    body, names = variables.numbered(original.body)
    called = {str(number): name for number, name in names.items()}
    return original.audited() | {"body": body, "variable_names": original.variable_names | called}


def _keep_version(template: Template, page: UUID, by: User) -> None:
    values = {"fields": template.audited(), "saved_by": by, "saved_at": clock.now()}
    TemplateVersion.objects.update_or_create(template=template, page=page, defaults=values)


class InUse(Exception):
    """A campaign was written with the template."""

    text = "A campaign uses this template. Choose another one in that campaign first."


@transaction.atomic
def delete(template: Template, *, by: User) -> None:
    """Only what SmartDialog does not have: it offers no way to delete. Raises TemplateChanged, InUse."""
    compare_and_swap(template, template.revision, EDITABLE)
    supersede_calls_or_raise(template)
    record(template, "template.deleted", by, before=template.audited())
    try:
        template.delete()
    except RestrictedError as error:
        raise InUse from error
