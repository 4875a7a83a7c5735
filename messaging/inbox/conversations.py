"""One thread as people read it, and what they do with it: mark as read, mark as done, open again."""

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
from messaging.inbox.models import Message, Thread, ThreadRead, ThreadState
from messaging.inbox.receiving import tell

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


def around(thread: Thread, hit: int) -> str:
    """For `?before=`: a stretch that ends some messages after that one; "": the latest ones show it."""
    message = thread.messages.filter(pk=hit).first() if hit else None
    if message is None:
        return ""
    later = thread.messages.filter(LATEST_FIRST.beyond((message.at, hit), backwards=True)).order_by(
        "at", "pk"
    )
    following = list(later[: MESSAGES_SHOWN // 2])
    return encode_cursor(following[-1], LATEST_FIRST) if len(following) == MESSAGES_SHOWN // 2 else ""


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


def mark_read(thread: Thread, *, newest: int, by: User) -> None:
    """This person has seen everything up to the message with that key; what came after it is still unread."""
    with transaction.atomic():
        read, is_new = ThreadRead.objects.get_or_create(thread=thread, user=by, defaults={"up_to": newest})
        if not is_new and not ThreadRead.objects.filter(pk=read.pk, up_to__lt=newest).update(up_to=newest):
            return
        tell(thread)


def mark_unread(thread: Thread, *, by: User) -> None:
    """For this person alone: they come back to it."""
    with transaction.atomic():
        if ThreadRead.objects.filter(thread=thread, user=by).delete()[0]:
            tell(thread)


def needs_no_answer(message: Message) -> None:
    """What asks for messages, or for none, waits for nobody; what they wrote before still does."""
    asked = Thread.objects.filter(pk=message.thread_id, unanswered_since=message.at)
    asked.update(unanswered_since=None)


def reopen(thread: Thread, *, by: User) -> bool:
    """False when somebody just did."""
    with transaction.atomic():
        other = Thread.objects.filter(pk=thread.pk).exclude(state=ThreadState.OPEN)
        if not other.update(state=ThreadState.OPEN, snoozed_until=None):
            return False
        audit.record(actor=by, customer=thread.customer, verb="thread.reopened", subject=thread)
        tell(thread)
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
