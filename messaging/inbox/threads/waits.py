"""Who waits for us, and since when: what an answer ends, and what waits on.

By the order in which messages came, not by the clock: of two in one second one may not have been seen.
"""

from collections.abc import Iterable

from django.db.models import Max, Value
from django.db.models.functions import Coalesce

from accounts.models import AuditEvent, User, subject_key
from messaging.inbox.incoming.receiving import tell
from messaging.inbox.models import Direction, Message, MessageState, Thread, ThreadRead
from messaging.inbox.models.message import MessageQuerySet
from messaging.inbox.opt_outs.intents import Intent
from messaging.inbox.reporting import response_times
from messaging.inbox.threads.person import held_threads_of


def end(message: Message, *, seen: int | None, by: User) -> None:
    """One of us answers: nobody waits any more for what its writer had `seen` or has read since, in its
    thread or in another with the person. What came after that waits on. None: all in its thread was seen.
    """
    own, *others = held_threads_of(message.thread)
    known = _known_to(by, [own, *others], seen) if seen is not None else {own.pk: own.newest_received}
    unseen = {each.pk: _first_unseen(each, known.get(each.pk, 0)) for each in [own, *others]}
    over = [own, *(each for each in others if each.is_waiting and unseen[each.pk] is None)]
    answered = [each for each in over if unseen[each.pk] is None or _had_asked(each, known[each.pk])]
    response_times.answered(message, answered, by=by)
    Thread.objects.filter(pk__in=[each.pk for each in over]).update(unanswered_since=None)
    if later := unseen[own.pk]:
        waits = {"unanswered_since": later.at, "asked_at": Coalesce("asked_at", Value(later.at))}
        Thread.objects.filter(pk=own.pk).update(**waits)
    for each in over[1:]:
        tell(each)


def needs_no_answer(message: Message) -> None:
    """What asks for messages, or for none, waits for nobody; what they wrote before still does."""
    if _asking(message.thread).filter(at=message.at).exists():
        return
    asked = Thread.objects.filter(pk=message.thread_id, unanswered_since=message.at)
    asked.update(unanswered_since=None)
    response_times.needs_no_answer(message)


def again(thread: Thread) -> None:
    """An answer is withdrawn: what came since the last other one, or since "Done", waits for us again, in
    whichever thread with the person.
    """
    threads = held_threads_of(thread)  # no answer comes in between
    answers = Message.objects.filter(thread__in=threads, direction=Direction.OUT, automatic=False)
    answered = answers.exclude(state=MessageState.CANCELLED).aggregate(last=Max("pk"))["last"]
    for each in threads:
        _wait_again(each, answered or 0)


def _wait_again(thread: Thread, answered: int) -> None:
    asking = _asking(thread).filter(pk__gt=answered)
    closed = AuditEvent.objects.filter(subject=subject_key(thread), verb="thread.closed")
    if done := closed.aggregate(last=Max("at"))["last"]:
        asking = asking.filter(received_at__gt=done)
    if first := asking.order_by("pk").first():
        Thread.objects.filter(pk=thread.pk).update(unanswered_since=first.at, asked_at=first.at)
        tell(thread)


def _known_to(user: User, threads: Iterable[Thread], seen: int) -> dict[int, int]:
    """By thread, the key of the newest message that they have seen."""
    reads = dict(ThreadRead.objects.filter(thread__in=threads, user=user).values_list("thread", "up_to"))
    return {each.pk: max(seen, reads.get(each.pk, 0)) for each in threads}


def _first_unseen(thread: Thread, known: int) -> Message | None:
    if thread.newest_received <= known:
        return None
    return _asking(thread).filter(pk__gt=known).order_by("pk").first()


def _had_asked(thread: Thread, known: int) -> bool:
    """Whether what began their wait was seen."""
    asked = thread.asked_at
    return asked is not None and _asking(thread).filter(pk__lte=known, at=asked).exists()


def _asking(thread: Thread) -> MessageQuerySet:
    """What they wrote that wants an answer."""
    return thread.messages.received().exclude(intent__in=[Intent.STOP, Intent.START])
