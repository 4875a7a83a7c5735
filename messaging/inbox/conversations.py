"""One thread as people read it, and what they do with it: mark as read, close, open again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.paging import SortOrder, decode_cursor, encode_cursor
from contacts.models import Contact
from gateway import live
from messaging.inbox.models import Message, Thread, ThreadState
from messaging.inbox.receiving import TOPIC

MESSAGES_SHOWN, MAX_MESSAGES = 100, 2000  # messages at once
LATEST_FIRST = SortOrder("at", falling=True, is_time=True)
BEGINNING = encode_cursor(Message(pk=1, at=datetime(1970, 1, 1, tzinfo=UTC)), LATEST_FIRST)


@dataclass(frozen=True)
class MessageDay:
    title: str
    messages: list[Message]


@dataclass(frozen=True)
class Conversation:
    """A stretch of messages, oldest first, by day. `is_latest`: nothing newer was left out."""

    days: list[MessageDay]
    newest: int
    first: str
    has_earlier: bool
    is_latest: bool

    @property
    def since(self) -> str:
        """For `?since=`: where it begins; a whole thread begins before whatever may still come late."""
        return self.first if self.has_earlier else BEGINNING


@dataclass(frozen=True)
class Correspondent:
    """Who writes in a thread, as far as the customer's groups know them."""

    name: str
    contacts: list[Contact] = field(default_factory=list)


def load(thread: Thread, *, before: str = "", since: str = "") -> Conversation:
    """The latest messages, those before a cursor, or those since it. One query."""
    latest = thread.messages.latest_first().select_related(
        "created_by", "operation__connection", "opt_out_request__decided_by"
    )
    older, begin = decode_cursor(before, LATEST_FIRST), decode_cursor(since, LATEST_FIRST)
    size = MAX_MESSAGES if begin else MESSAGES_SHOWN
    if begin:
        latest = latest.filter(LATEST_FIRST.beyond((begin[0], begin[1] - 1), backwards=True))
    elif older:
        latest = latest.filter(LATEST_FIRST.beyond(older))
    found = list(latest[: size + 1])
    return _conversation(found[:size][::-1], has_earlier=len(found) > size, is_latest=not older)


def _conversation(shown: list[Message], *, has_earlier: bool, is_latest: bool) -> Conversation:
    return Conversation(
        days=list(_by_day(shown)),
        newest=max((message.pk for message in shown), default=0),
        first=encode_cursor(shown[0], LATEST_FIRST) if shown else "",
        has_earlier=has_earlier,
        is_latest=is_latest,
    )


def correspondent_of(thread: Thread) -> Correspondent:
    """One query."""
    found = Contact.objects.present().filter(group__customer=thread.customer, phone=thread.address)
    contacts = list(found.select_related("group").order_by("pk"))
    return Correspondent(
        name=next((contact.name for contact in contacts if contact.name), ""),
        contacts=contacts,
    )


def mark_read(thread: Thread, *, newest: int) -> None:
    """Everything up to the message with that key was seen; what came after it is still unread."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk)
        rows.select_for_update(no_key=True).first()  # ours until the commit: no message is counted in between
        after = thread.messages.received().filter(pk__gt=newest).count()
        if rows.filter(unread__gt=after).update(unread=after):
            live.announce(thread.customer, TOPIC)


def set_state(thread: Thread, state: ThreadState, *, by: User) -> bool:
    """Close the thread, or open it again; False when somebody just did."""
    with transaction.atomic():
        other = Thread.objects.filter(pk=thread.pk).exclude(state=state)
        if not other.update(state=state):
            return False
        verb = "thread.closed" if state == ThreadState.CLOSED else "thread.reopened"
        audit.record(actor=by, customer=thread.customer, verb=verb, subject=thread)
        live.announce(thread.customer, TOPIC)
    return True


def _by_day(messages: Iterable[Message]) -> Iterable[MessageDay]:
    today = timezone.localdate()
    for day, group in groupby(messages, key=lambda message: timezone.localdate(message.at)):
        yield MessageDay(_titled(day, today), list(group))


def _titled(day: date, today: date) -> str:
    ago = (today - day).days
    if ago in {0, 1}:
        return "Yesterday" if ago else "Today"
    return f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
