"""A template on its way through SmartDialog, and what people decide where SmartDialog says nothing."""

from django.db import transaction

from accounts.models import User
from gateway import clock, outbox
from gateway.models import Connection
from gateway.sign_in import connections
from gateway.smartdialog.types import NewTemplate, TemplateButton
from messaging.whatsapp.catalogue import polling
from messaging.whatsapp.models import EDITABLE, Approval, Template, TemplateState
from messaging.whatsapp.submission.transitions import (
    TemplateChanged,
    compare_and_swap,
    record,
    supersede_calls_or_raise,
    transition,
)

CREATE = "whatsapp.create"
# States in which an answer to the call is still news: a listing may have been faster.
_AWAITING_ANSWER = [TemplateState.SUBMITTING, TemplateState.FAILED, TemplateState.UNKNOWN]


class NotLookedUp(Exception):
    text = "SmartDialog's list has not been read since. Look it up first: the template may be there already."


@transaction.atomic
def submit(template: Template, *, revision: int, by: User, overruled: str = "") -> None:
    """Queue the one call. Raises NotConnected or TemplateChanged.

    `overruled`: in spite of what a person submits it; kept with their name.
    """
    _queue(template, revision, EDITABLE, to=TemplateState.SUBMITTING, by=by, overruled=overruled)


@transaction.atomic
def submit_again(template: Template, *, by: User) -> None:
    """An uncertain call did not arrive, says a person. Raises NotConnected, TemplateChanged, NotLookedUp."""
    if template.is_uncertain and template.looked_up_at is None:
        raise NotLookedUp
    _queue(template, template.revision, [TemplateState.UNKNOWN], to=TemplateState.SUBMITTING, by=by)


@transaction.atomic
def withdraw(template: Template, *, by: User) -> None:
    """Take it back while its call waits. Raises Changed once the call is being made."""
    if not outbox.cancel_waiting(subject=template):
        raise TemplateChanged
    compare_and_swap(
        template, template.revision, [TemplateState.SUBMITTING], to=TemplateState.DRAFT, submitted_at=None
    )
    record(template, "template.withdrawn", by)


@transaction.atomic
def confirm(template: Template, *, by: User) -> None:
    """A person knows that SmartDialog has it: it waits for the review. Raises TemplateChanged."""
    compare_and_swap(
        template, template.revision, [TemplateState.UNKNOWN], to=TemplateState.SUBMITTED, error_text=""
    )
    supersede_calls_or_raise(template)
    record(template, "template.confirmed", by)


def mark_accepted(template: Template) -> None:
    """SmartDialog has it; the review is WhatsApp's."""
    if transition(template, _AWAITING_ANSWER, to=TemplateState.SUBMITTED, error_text=""):
        record(template, "template.taken", None)


def mark_refused(template: Template, words: str) -> None:
    if transition(template, _AWAITING_ANSWER, to=TemplateState.FAILED, error_text=words[:500]):
        record(template, "template.refused", None, after={"why": words})


def mark_uncertain(template: Template, *, connection: Connection) -> None:
    """It is looked up at once; a person decides if it is not there."""
    anew = {"error_text": "", "looked_up_at": None}
    if transition(template, _AWAITING_ANSWER, to=TemplateState.UNKNOWN, **anew):
        record(template, "template.uncertain", None)
        polling.enqueue_lookup(template.customer, connection=connection)


def _queue(
    template: Template,
    revision: int,
    states: list[TemplateState],
    *,
    to: TemplateState,
    by: User,
    overruled: str = "",
) -> None:
    connection = connections.for_user(by)
    compare_and_swap(
        template,
        revision,
        states,
        to=to,
        error_text="",
        submitted_by=by,
        submitted_at=clock.now(),
        looked_up_at=None,
        approval=Approval.UNKNOWN,
        approval_by=None,
        approval_reason="",
    )
    supersede_calls_or_raise(template)
    outbox.add(
        connection=connection,
        customer=template.customer,
        kind=CREATE,
        subject=template,
        payload={
            "template": template.pk,
            "customer": template.customer.remote_id,
            "identity": template.identity,
            "new": _new(template).to_json(),
        },
        by=by,
    )
    why = {"why": f"In spite of: {overruled}"} if overruled else {}
    record(template, "template.submitted", by, after=template.audited() | why)


def _new(template: Template) -> NewTemplate:
    return NewTemplate(
        display_name=template.display_name,
        content=template.body,
        category=template.category,
        language=template.language,
        buttons=[TemplateButton(**button) for button in template.buttons],
        attachment_url=template.attachment_url,
    )
