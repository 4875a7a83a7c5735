"""WhatsApp's verdict on a template, as far as it is known: said by a person, or inferred from what was sent.

SmartDialog does not tell it. What is inferred is shown as that, and a person can correct it both ways.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from gateway import clock
from messaging.whatsapp.models import JUDGED, Approval, Template, TemplateQuerySet, TemplateState
from messaging.whatsapp.submission import failures
from messaging.whatsapp.submission.transitions import (
    compare_and_swap,
    record,
    supersede_calls_or_raise,
)


@transaction.atomic
def say(template: Template, approval: Approval, *, reason: str = "", by: User) -> None:
    """A person knows it, or takes back what they knew. Raises TemplateChanged.

    One of which it was unclear whether it arrived did.
    """
    said: dict[str, Any] = {
        "approval": approval,
        "approval_by": by if approval != Approval.UNKNOWN else None,
        "approval_inferred": False,
        "approval_at": clock.now(),
        "approval_reason": reason,
    }
    if template.is_uncertain:
        compare_and_swap(
            template, template.revision, [TemplateState.UNKNOWN], to=TemplateState.SUBMITTED, **said
        )
    else:
        compare_and_swap(template, template.revision, JUDGED, **said)
    supersede_calls_or_raise(template)
    record(template, f"template.marked_{approval}", by, after={"why": reason})


def infer_from_delivery(template: int, sent_at: datetime) -> None:
    """A message made with it was delivered. What a person said stays, and a refusal that came later."""
    rows = Template.objects.filter(pk=template, approval_by=None).exclude(approval=Approval.APPROVED)
    rows = rows.exclude(approval=Approval.REJECTED, approval_at__gte=sent_at)
    _infer(rows, template, Approval.APPROVED, "")


def infer_from_failure(template: int, code: str) -> None:
    """A message made with it failed with a code of WhatsApp's; only some of them speak of the template."""
    if code in failures.FAILURES and failures.FAILURES[code].is_of_template:
        rows = Template.objects.filter(pk=template).exclude(approval=Approval.REJECTED)
        _infer(rows, template, Approval.REJECTED, code)


def _infer(rows: TemplateQuerySet, template: int, approval: Approval, reason: str) -> None:
    changed = rows.filter(state__in=JUDGED).update(
        approval=approval,
        approval_by=None,
        approval_inferred=True,
        approval_at=clock.now(),
        approval_reason=reason,
        revision=F("revision") + 1,
    )
    if changed:
        found = Template.objects.select_related("customer").get(pk=template)
        record(found, f"template.inferred_{approval}", None, after={"why": failures.explain(reason)})
