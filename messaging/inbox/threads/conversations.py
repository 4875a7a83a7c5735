"""One thread as people read it, and what they do with it: mark as read, mark as done, open again."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from accounts.db.kept_queries import kept
from accounts.db.paging import CursorPosition, SortOrder, decode_cursor, encode_cursor
from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from contacts.consent import record
from contacts.models import Suppression
from contacts.text.phones import spellings
from messaging.campaigns.outcome import person_messages
from messaging.campaigns.outcome.person_messages import CampaignMessage
from messaging.inbox.incoming.receiving import tell
from messaging.inbox.models import Message, MessageState, Thread, ThreadRead, ThreadState
from messaging.inbox.models.message import MessageQuerySet
from messaging.inbox.team.presence import tell_who
from messaging.inbox.threads.days import Day, by_day
from messaging.inbox.threads.person import Entry, happened, said_of_consent, threads_of

MESSAGES_SHOWN, MAX_MESSAGES = 100, 2000  # messages at once
LATEST_FIRST = SortOrder("at", falling=True, is_time=True)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNING = encode_cursor(Message(pk=1, at=_EPOCH, received_at=_EPOCH), LATEST_FIRST)


@dataclass(frozen=True)
class Conversation:
    """A stretch of all that was said and done with a person, oldest first, by day.

    `threads`: all with them, that which is open first. `is_latest`: nothing newer was left out. `first` and
    `last`: cursors of what is before and after.
    `is_whole`: nor anything older. `consent`: the record of their number. `for_them`: the latest campaigns
    that were for them, where all messages are shown.
    """

    threads: list[Thread]
    days: list[Day]
    consent: list[Suppression]
    for_them: list[CampaignMessage] | None
    newest: int
    first: str
    last: str
    has_earlier: bool
    is_latest: bool
    is_whole: bool

    @property
    def messages(self) -> list[Message]:
        return [message for day in self.days for message in day.messages]

    @property
    def since(self) -> str:
        """For `?since=`: where it begins; a whole thread begins before whatever may still come late."""
        return self.first if self.has_earlier else BEGINNING


@dataclass(frozen=True)
class Stretch:
    """Messages as they were found. `since`, `until`: the bounds of what else happened. `most`: of each kind
    of that, from the end, or `onwards` from the beginning.
    """

    messages: list[Message]
    has_earlier: bool
    has_later: bool
    since: datetime | None
    until: datetime | None
    most: int
    onwards: bool = False

    @property
    def is_whole(self) -> bool:
        """All that was ever said."""
        return self.since is None and self.until is None

    def beside(self, others: list[list[Entry]]) -> "Stretch":
        """Up to where nothing else that happened is left out: of a kind that has more, one more came."""
        left_out = [kind[self.most].at for kind in others if len(kind) > self.most]
        if not left_out:
            return self
        if self.onwards:
            until = min(left_out)
            shown = [each for each in self.messages if each.at < until]
            return replace(self, messages=shown, until=until, has_later=True)
        since = max(left_out) + timedelta(microseconds=1)
        shown = [each for each in self.messages if each.at >= since]
        return replace(self, messages=shown, since=since, has_earlier=True)

    def holds(self, entry: Entry) -> bool:
        """Of what else happened."""
        return (self.since is None or entry.at >= self.since) and (
            self.until is None or entry.at < self.until
        )


def load(
    thread: Thread, *, before: str = "", since: str = "", after: str = "", day: date | None = None
) -> Conversation:
    """The latest messages; those before, since or after a cursor; or those up to the end of a day."""
    threads = threads_of(thread)
    begin, older, newer = (decode_cursor(each, LATEST_FIRST) for each in (since, before, after))
    if begin:
        stretch = _latest(threads, since=(begin[0], begin[1] - 1))
    elif newer:
        stretch = _later(threads, newer)
    else:
        stretch = _earlier(threads, older or (_end_of(day) if day else None))
    return _conversation(threads, stretch)


def last_received(threads: list[Thread]) -> Message | None:
    """The last word of a person who has several threads with us; None: they have one, or wrote in none."""
    if len(threads) == 1:
        return None
    last = Message.objects.filter(thread__in=threads).received().latest_first().first()
    if last:
        last.thread = next(each for each in threads if each.pk == last.thread_id)
    return last


def last_shown(thread: Thread, shown: Conversation) -> Message | None:
    """Their last word in that thread, where it is shown; None: another query knows."""
    theirs = (each for each in reversed(shown.messages) if each.thread_id == thread.pk and not each.is_ours)
    return next(theirs, None) if shown.is_latest else None


def around(thread: Thread, hit: int) -> str:
    """For `?before=`: a stretch that ends some messages after that one; "": the latest ones show it."""
    message = thread.messages.filter(pk=hit).first() if hit else None
    if message is None:
        return ""
    later = LATEST_FIRST.rows(_messages([each.pk for each in threads_of(thread)]), backwards=True)
    following = list(
        later.filter(LATEST_FIRST.beyond((message.at, hit), backwards=True))[: MESSAGES_SHOWN // 2]
    )
    return encode_cursor(following[-1], LATEST_FIRST) if len(following) == MESSAGES_SHOWN // 2 else ""


def latest_messages(thread: Thread, number: int, *, before: datetime | None = None) -> list[Message]:
    """Newest first; two queries, and those of `loaded`."""
    threads = threads_of(thread)
    found = _messages([each.pk for each in threads])
    return loaded(threads, (found.filter(at__lt=before) if before else found)[:number])


def _latest(threads: list[Thread], *, since: CursorPosition) -> Stretch:
    found = loaded(threads, _newest_since(MAX_MESSAGES + 1)(tuple(each.pk for each in threads), *since))
    shown, more = found[:MAX_MESSAGES][::-1], len(found) > MAX_MESSAGES
    since_when = shown[0].at if more else since[0]
    return Stretch(shown, has_earlier=more, has_later=False, since=since_when, until=None, most=MAX_MESSAGES)


def _earlier(threads: list[Thread], before: CursorPosition | None) -> Stretch:
    keys, most = tuple(each.pk for each in threads), MESSAGES_SHOWN + 1
    rows = _messages(keys).filter(LATEST_FIRST.beyond(before))[:most] if before else _newest(most)(keys)
    found = loaded(threads, rows)
    shown, more = found[:MESSAGES_SHOWN][::-1], len(found) > MESSAGES_SHOWN
    return Stretch(
        shown,
        has_earlier=more,
        has_later=before is not None,
        since=shown[0].at if more else None,
        until=before[0] if before else None,
        most=MESSAGES_SHOWN,
    )


def _later(threads: list[Thread], after: CursorPosition) -> Stretch:
    rows = LATEST_FIRST.rows(_messages([each.pk for each in threads]), backwards=True)
    found = loaded(threads, rows.filter(LATEST_FIRST.beyond(after, backwards=True))[: MESSAGES_SHOWN + 1])
    shown, more = found[:MESSAGES_SHOWN], len(found) > MESSAGES_SHOWN
    until = shown[-1].at if more else None
    bounds = {"since": after[0], "until": until}
    return Stretch(shown, has_earlier=True, has_later=more, most=MESSAGES_SHOWN, onwards=True, **bounds)


@cache
def _newest(most: int) -> Callable[..., list[Message]]:
    return kept(lambda threads: _messages(threads)[:most])


@cache
def _newest_since(most: int) -> Callable[..., list[Message]]:
    since = partial(LATEST_FIRST.beyond, backwards=True)
    return kept(lambda threads, at, key: _messages(threads).filter(since((at, key)))[:most])


def _messages(threads: Collection[int]) -> MessageQuerySet:
    found = Message.objects.filter(thread__pk__in=threads).latest_first()
    return found.select_related("created_by").defer("search_text")


def loaded(threads: list[Thread], found: Iterable[Message]) -> list[Message]:
    """With all that showing them asks for: a query for each thing that only some have, where any has it.

    Joined, PostgreSQL takes longer to plan the whole than to find the messages.
    """
    messages, by_key = list(found), {thread.pk: thread for thread in threads}
    for message in messages:
        message.thread = by_key[message.thread_id]
    prefetch_related_objects(messages, "opt_out_request__decided_by")
    waiting = [message for message in messages if message.state == MessageState.WAITING]
    prefetch_related_objects(waiting, "operation__connection__user")
    prefetch_related_objects([message for message in messages if message.automatic], "rule_run")
    prefetch_related_objects([message for message in messages if message.sent_by_id], "sent_by")
    prefetch_related_objects([message for message in messages if message.template_id], "template")
    return messages


def _end_of(day: date) -> CursorPosition:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)), 1


def _conversation(threads: list[Thread], found: Stretch) -> Conversation:
    thread = threads[0]
    consent = record.of_number(thread.customer, thread.address)
    campaigns = _campaigns(thread, found)
    bounds: dict[str, Any] = {"since": found.since, "until": found.until, "onwards": found.onwards}
    kinds = [
        [Entry(each.at, campaign=each) for each in campaigns],
        *happened(threads, most=found.most + 1, **bounds),
    ]
    stretch = found.beside(kinds)
    in_order = kinds if found.onwards else map(reversed, kinds)
    others = [*chain.from_iterable(in_order), *said_of_consent(consent)]
    entries = [Entry(message.at, message=message) for message in stretch.messages]
    entries += [each for each in others if each.has_happened and stretch.holds(each)]
    return Conversation(
        threads=threads,
        consent=consent,
        for_them=campaigns if found.is_whole else None,
        days=list(by_day(sorted(entries, key=lambda entry: entry.at))),
        newest=max((message.pk for message in stretch.messages), default=0),
        first=_first(stretch),
        last=encode_cursor(_last(stretch), LATEST_FIRST) if stretch.has_later else "",
        has_earlier=stretch.has_earlier,
        is_latest=not stretch.has_later,
        is_whole=stretch.is_whole,
    )


def _campaigns(thread: Thread, stretch: Stretch) -> list[CampaignMessage]:
    """For the person: of the whole of a conversation the latest, sent or not, else those that left within it;
    one more than are shown. One query.
    """
    phones, most = spellings(thread.address), stretch.most + 1
    if stretch.is_whole:
        return person_messages.for_them(thread.customer, phones, most)
    bounds: dict[str, Any] = {"since": stretch.since, "until": stretch.until, "onwards": stretch.onwards}
    return person_messages.messages_to(thread.customer, phones, most, **bounds)


def _first(stretch: Stretch) -> str:
    """The cursor of the first message where it begins the stretch, else of the moment that does."""
    first = stretch.messages[0] if stretch.messages else None
    if stretch.since and not (first and first.at == stretch.since):
        first = Message(pk=1, at=stretch.since)
    return encode_cursor(first, LATEST_FIRST) if first else ""


def _last(stretch: Stretch) -> Message:
    """The last message shown where it ends the stretch, else the moment before its end."""
    assert stretch.until
    last = stretch.messages[-1] if stretch.messages else None
    if last and last.at == stretch.until:
        return last
    return Message(pk=2**62, at=stretch.until - timedelta(microseconds=1))


def first_unread(reads: Mapping[int, int], shown: Conversation) -> int:
    """The key of the first message that waits for us, of those after the last that was read; 0: none.

    `reads`: by thread.
    """
    waiting = {each.pk: each for each in shown.threads if is_unread(each, reads)}
    since = {key: each.unanswered_since for key, each in waiting.items() if each.unanswered_since}
    if not since:
        return 0
    if shown.is_whole:
        theirs = [each for each in shown.messages if not each.is_ours and each.thread_id in since]
        new = [each for each in theirs if each.pk > reads.get(each.thread_id, 0)]
        return min((each.pk for each in new if each.at >= since[each.thread_id]), default=0)
    unread = Q(pk=None)
    for key, at in since.items():
        unread |= Q(thread=key, pk__gt=reads.get(key, 0), at__gte=at)
    return Message.objects.received().filter(unread).order_by("pk").values_list("pk", flat=True).first() or 0


def is_unread(thread: Thread, reads: Mapping[int, int]) -> bool:
    return thread.is_waiting and thread.newest_received > reads.get(thread.pk, 0)


def newest_key(thread: Thread, shown: Conversation | None = None) -> int:
    """Of the message with the person that came or was written last, in any thread; 0: none."""
    if shown and shown.is_whole:
        return shown.newest
    said = Message.objects.filter(thread__in=shown.threads if shown else threads_of(thread))
    return said.order_by("-pk").values_list("pk", flat=True).first() or 0


def mark_read(thread: Thread, *, newest: int, by: User) -> None:
    """This person has seen everything up to the message with that key, in all threads with who wrote it; what
    came after it is still unread.
    """
    with transaction.atomic():
        for each in threads_of(thread):
            if each == thread or each.newest_received:
                _mark_read(each, newest=newest, by=by)


def _mark_read(thread: Thread, *, newest: int, by: User) -> None:
    read, is_new = ThreadRead.objects.get_or_create(thread=thread, user=by, defaults={"up_to": newest})
    if is_new or ThreadRead.objects.filter(pk=read.pk, up_to__lt=newest).update(up_to=newest):
        tell_who(thread)


def mark_unread(thread: Thread, *, by: User) -> None:
    """For this person alone: they come back to it."""
    with transaction.atomic():
        if ThreadRead.objects.filter(thread=thread, user=by).delete()[0]:
            tell_who(thread)


def reopen(thread: Thread, *, by: User) -> bool:
    """False when somebody just did."""
    with transaction.atomic():
        own = Thread.objects.filter(pk=thread.pk)
        if not move(own, ThreadState.SNOOZED, ThreadState.CLOSED, to=ThreadState.OPEN, snoozed_until=None):
            return False
        audit.record(actor=by, customer=thread.customer, verb="thread.reopened", subject=thread)
        tell(thread)
    return True
