"""What a person says of a template that was made elsewhere: SmartDialog lists only its name and its text."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.trail import audit
from gateway import clock
from messaging.whatsapp.models import Template, TemplateState
from messaging.whatsapp.submission.transitions import compare_and_swap, record

DESCRIBABLE = [TemplateState.LISTED, TemplateState.UNLISTED]


@transaction.atomic
def describe(template: Template, *, revision: int, fields: Mapping[str, Any], by: User) -> None:
    """Header, footer, buttons, language and category. Raises TemplateChanged."""
    before = template.described()
    compare_and_swap(template, revision, DESCRIBABLE, **fields, described_at=clock.now())
    old, new = audit.differences(before, template.described())
    record(template, "template.described", by, before=old, after=new)
