"""One thread as people read it, and what they do with it: mark as read, close, open again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.models import User
from contacts.models import Contact, Suppression
from gateway import live
from messaging.inbox.models import Message, Thread, ThreadState
from messaging.inbox.receiving import TOPIC

STEP, MOST = 100, 2000


@dataclass(frozen=True)
class Day:
    title: str
    messages: list[Message]


@dataclass(frozen=True)
class Conversation:
    """The latest messages, oldest first, by day. `earlier`: how many to ask for to see more, or 0."""

    days: list[Day]
    newest: int
    earlier: int


@dataclass(frozen=True)
class Person:
    """Who writes in a thread, as far as the customer's groups know them."""

    name: str
    contacts: list[Contact] = field(default_factory=list)
    suppression: Suppression | None = None


def read(thread: Thread, *, asked: str = "") -> Conversation:
    """One query. `asked`: how many messages, as it came in the URL."""
    size = min(int(asked), MOST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else STEP
    latest = thread.messages.latest_first().select_related("created_by", "operation")
    found = list(latest[: size + 1])
    shown = found[:size][::-1]
    return Conversation(
        days=list(_by_day(shown)),
        newest=max((message.pk for message in shown), default=0),
        earlier=min(size + STEP, MOST) if len(found) > size and size < MOST else 0,
    )


def person_of(thread: Thread) -> Person:
    """Two queries."""
    found = Contact.objects.present().filter(group__customer=thread.customer, phone=thread.address)
    contacts = list(found.select_related("group").order_by("pk"))
    return Person(
        name=next((contact.name for contact in contacts if contact.name), ""),
        contacts=contacts,
        suppression=Suppression.objects.filter(customer=thread.customer, phone=thread.address).first(),
    )


def mark_read(thread: Thread, *, newest: int) -> None:
    """Everything up to the message with that key was seen; what came after it is still unread."""
    with transaction.atomic():
        rows = Thread.objects.filter(pk=thread.pk)
        rows.update(unread=F("unread"))  # ours until the commit: no message is counted in between
        after = thread.messages.received().filter(pk__gt=newest).count()
        if rows.filter(unread__gt=after).update(unread=after):
            live.announce(thread.customer, TOPIC)


def move(thread: Thread, state: ThreadState, *, by: User) -> bool:
    """Close the thread, or open it again; False when somebody just did."""
    with transaction.atomic():
        other = Thread.objects.filter(pk=thread.pk).exclude(state=state)
        if not other.update(state=state):
            return False
        verb = "thread.closed" if state == ThreadState.CLOSED else "thread.reopened"
        audit.record(actor=by, customer=thread.customer, verb=verb, subject=thread)
        live.announce(thread.customer, TOPIC)
    return True


def _by_day(messages: Iterable[Message]) -> Iterable[Day]:
    today = timezone.localdate()
    for day, group in groupby(messages, key=lambda message: timezone.localdate(message.at)):
        yield Day(_titled(day, today), list(group))


def _titled(day: date, today: date) -> str:
    ago = (today - day).days
    if ago in {0, 1}:
        return "Yesterday" if ago else "Today"
    return f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
