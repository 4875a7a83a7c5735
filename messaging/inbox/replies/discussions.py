"""SmartDialog's own name of a conversation, its ThreadId: kept as it says it, or linked by a person."""

from django.db import transaction

from accounts.errors import UserError
from accounts.models import User
from accounts.trail import audit
from contacts.text.phones import spellings
from gateway.smartdialog.types import Sent
from messaging.inbox.incoming.addresses import can_be_answered, normalize_address
from messaging.inbox.incoming.receiving import tell
from messaging.inbox.models import Thread
from messaging.inbox.models.thread import MAX_DISCUSSION_LENGTH


class OfSomebodyElse(UserError):
    text = "This discussion is linked to another person, who would get your answers. Look up the right one."


def learn(thread: Thread, discussion: str) -> None:
    """SmartDialog names it: the latest is kept, unless a person linked another."""
    if discussion and len(discussion) <= MAX_DISCUSSION_LENGTH:
        others = Thread.objects.filter(pk=thread.pk).exclude(discussion_id=discussion)
        if others.filter(discussion_by_hand=False).update(discussion_id=discussion):
            tell(thread)


def link(thread: Thread, discussion: str, *, by: User) -> None:
    """Answers go there from now on. Raises OfSomebodyElse."""
    own = Thread.objects.of_customer(thread.customer).exclude(address__in=spellings(thread.address))
    if own.filter(discussion_id=discussion).exists():
        raise OfSomebodyElse
    _keep(thread, discussion, verb="thread.discussion_linked", by=by)


def unlink(thread: Thread, *, by: User | None = None) -> None:
    """Answers go the usual way again. `by`: None where it turned out to be wrong."""
    _keep(thread, "", verb="thread.discussion_unlinked", by=by)


def is_elsewhere(thread: Thread, sent: Sent) -> bool:
    """Whether SmartDialog says that it went to another number: the link is wrong."""
    if not can_be_answered(thread.address):
        return False
    reached = {normalize_address(each.address, thread.service) for each in sent.recipients}
    own = {*spellings(thread.address), thread.address}
    return any(can_be_answered(each) and each not in own for each in reached)


@transaction.atomic
def _keep(thread: Thread, discussion: str, *, verb: str, by: User | None) -> None:
    changes = {"discussion_id": discussion, "discussion_by_hand": bool(discussion)}
    Thread.objects.filter(pk=thread.pk).update(**changes)
    audit.record(actor=by, customer=thread.customer, verb=verb, subject=thread, after=changes)
    tell(thread)
