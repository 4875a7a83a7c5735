"""One thread as people read it, and what they do with it: mark as read, close, open again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.paging import CursorPosition, SortOrder, decode_cursor, encode_cursor
from gateway import live
from messaging.inbox.models import Message, Thread, ThreadState
from messaging.inbox.models.message import MessageQuerySet
from messaging.inbox.person import Entry, happened, threads_of
from messaging.inbox.receiving import TOPIC

MESSAGES_SHOWN, MAX_MESSAGES = 100, 2000  # messages at once
LATEST_FIRST = SortOrder("at", falling=True, is_time=True)
BEGINNING = encode_cursor(Message(pk=1, at=datetime(1970, 1, 1, tzinfo=UTC)), LATEST_FIRST)


@dataclass(frozen=True)
class Day:
    title: str
    entries: list[Entry]

    @property
    def messages(self) -> list[Message]:
        return [entry.message for entry in self.entries if entry.message]


@dataclass(frozen=True)
class Conversation:
    """A stretch of all that was said and done with a person, oldest first, by day.

    `is_latest`: nothing newer was left out. `first` and `last`: cursors of what is before and after.
    """

    days: list[Day]
    newest: int
    first: str
    last: str
    has_earlier: bool
    is_latest: bool

    @property
    def since(self) -> str:
        """For `?since=`: where it begins; a whole thread begins before whatever may still come late."""
        return self.first if self.has_earlier else BEGINNING


@dataclass(frozen=True)
class Stretch:
    """Messages as they were found. `since`, `until`: the bounds of what else happened."""

    messages: list[Message]
    has_earlier: bool
    has_later: bool
    since: datetime | None
    until: datetime | None


def load(
    thread: Thread, *, before: str = "", since: str = "", after: str = "", day: date | None = None
) -> Conversation:
    """The latest messages; those before, since or after a cursor; or those up to the end of a day."""
    begin, older, newer = (decode_cursor(each, LATEST_FIRST) for each in (since, before, after))
    if begin:
        stretch = _latest(thread, since=(begin[0], begin[1] - 1))
    elif newer:
        stretch = _later(thread, newer)
    else:
        stretch = _earlier(thread, older or (_end_of(day) if day else None))
    return _conversation(thread, stretch)


def latest_messages(thread: Thread, number: int) -> list[Message]:
    """Newest first; two queries."""
    return list(_messages(thread)[:number])


def _latest(thread: Thread, *, since: CursorPosition) -> Stretch:
    found = list(_messages(thread).filter(LATEST_FIRST.beyond(since, backwards=True))[: MAX_MESSAGES + 1])
    shown, more = found[:MAX_MESSAGES][::-1], len(found) > MAX_MESSAGES
    return Stretch(
        shown, has_earlier=more, has_later=False, since=shown[0].at if more else since[0], until=None
    )


def _earlier(thread: Thread, before: CursorPosition | None) -> Stretch:
    rows = _messages(thread)
    found = list((rows.filter(LATEST_FIRST.beyond(before)) if before else rows)[: MESSAGES_SHOWN + 1])
    shown, more = found[:MESSAGES_SHOWN][::-1], len(found) > MESSAGES_SHOWN
    return Stretch(
        shown,
        has_earlier=more,
        has_later=before is not None,
        since=shown[0].at if more else None,
        until=before[0] if before else None,
    )


def _later(thread: Thread, after: CursorPosition) -> Stretch:
    rows = LATEST_FIRST.rows(_messages(thread), backwards=True)
    found = list(rows.filter(LATEST_FIRST.beyond(after, backwards=True))[: MESSAGES_SHOWN + 1])
    shown, more = found[:MESSAGES_SHOWN], len(found) > MESSAGES_SHOWN
    until = shown[-1].at if more else None
    return Stretch(shown, has_earlier=True, has_later=more, since=after[0], until=until)


def _messages(thread: Thread) -> MessageQuerySet:
    """With all that showing them asks for; of every thread with this person."""
    found = Message.objects.filter(thread__in=threads_of(thread)).latest_first()
    return found.select_related(
        "thread__service",
        "created_by",
        "sent_by",
        "operation__connection__user",
        "opt_out_request__decided_by",
    )


def _end_of(day: date) -> CursorPosition:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)), 1


def _conversation(thread: Thread, stretch: Stretch) -> Conversation:
    shown = stretch.messages
    said = [Entry(message.at, message=message) for message in shown]
    entries = [*said, *happened(thread, since=stretch.since, until=stretch.until)]
    return Conversation(
        days=list(_by_day(sorted(entries, key=lambda entry: entry.at))),
        newest=max((message.pk for message in shown), default=0),
        first=encode_cursor(shown[0], LATEST_FIRST) if shown else "",
        last=encode_cursor(_last(stretch), LATEST_FIRST) if stretch.has_later else "",
        has_earlier=stretch.has_earlier,
        is_latest=not stretch.has_later,
    )


def _last(stretch: Stretch) -> Message:
    """The last message shown where it ends the stretch, else the moment before its end."""
    assert stretch.until
    last = stretch.messages[-1] if stretch.messages else None
    if last and last.at == stretch.until:
        return last
    return Message(pk=2**62, at=stretch.until - timedelta(microseconds=1))


def first_unread(thread: Thread) -> int:
    """The key of the first message that nobody has read; 0: all are read. One query where there is one."""
    if not thread.unread:
        return 0
    unread = thread.messages.received().latest_first().values_list("pk", flat=True)[: thread.unread]
    return min(unread, default=0)


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


def _by_day(entries: Iterable[Entry]) -> Iterable[Day]:
    today = timezone.localdate()
    for day, group in groupby(entries, key=lambda entry: timezone.localdate(entry.at)):
        yield Day(_titled(day, today), list(group))


def _titled(day: date, today: date) -> str:
    ago = (today - day).days
    if ago in {0, 1}:
        return "Yesterday" if ago else "Today"
    return f"{day:%A} {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
