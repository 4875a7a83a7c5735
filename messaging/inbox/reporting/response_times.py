"""Measure how long people wait for one of us, and until their matter is done.

A thread says since when somebody waits (`asked_at`) and since when their matter is under way (`begun_at`):
set when they write, by the platform's time. What ends it keeps a ResponseTime in its own transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce

from accounts.models import User
from gateway import clock
from messaging.inbox.models import Measure, Message, OfficeHours, ResponseTime, Thread

MINUTE, HOUR = 60, 3600


def asked(at: datetime) -> dict[str, Any]:
    """What a message from them changes of its thread; the first one that is open counts."""
    return {name: Coalesce(name, Value(at)) for name in ("asked_at", "begun_at")}


def needs_no_answer(message: Message) -> None:
    """Nobody waits because of it."""
    for name in ("asked_at", "begun_at"):
        Thread.objects.filter(pk=message.thread_id, **{name: message.at}).update(**{name: None})


def answered(message: Message, threads: Iterable[Thread], *, by: User) -> None:
    """One of us wrote it to a person who waited in these, which are held: the wait is over, at the time when
    it is to leave. It is one, since they asked first.
    """
    waits = [(each, each.asked_at) for each in threads if each.asked_at]
    if not waits:
        return
    Thread.objects.filter(pk__in=[thread.pk for thread, _ in waits]).update(asked_at=None)
    over, longest = message.send_at or message.received_at, min(waits, key=lambda wait: wait[1])
    _keep([longest], Measure.FIRST_RESPONSE, over, user=by, answer=message)


def withdrawn(message: Message) -> None:
    """It never left: it answered nobody."""
    ResponseTime.objects.filter(answer=message).delete()


def done(threads: Iterable[Thread], *, by: User) -> None:
    """These, of one customer, are marked as done: in the transaction that holds them."""
    waits = [(thread, thread.begun_at) for thread in threads if thread.begun_at]
    _keep(waits, Measure.HANDLING, clock.now(), user=by)


def zone_of(hours: OfficeHours | None) -> ZoneInfo:
    """By whose days weeks are told apart."""
    return ZoneInfo(hours.zone if hours else settings.TIME_ZONE)


def monday_of(moment: datetime, zone: ZoneInfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _keep(waits: Sequence[tuple[Thread, datetime]], measure: Measure, over: datetime, **fields: Any) -> None:
    if not waits:
        return
    customer = waits[0][0].customer
    hours = OfficeHours.objects.of_customer(customer).first()
    ResponseTime.objects.bulk_create(
        ResponseTime(
            customer=customer,
            service_id=thread.service_id,
            measure=measure,
            ended_at=over,
            week=monday_of(over, zone_of(hours)),
            seconds=_as_read(_elapsed(since, over)),
            office_seconds=_as_read(hours.seconds_within(since, over) if hours else _elapsed(since, over)),
            **fields,
        )
        for thread, since in waits
    )


def _elapsed(since: datetime, until: datetime) -> int:
    """The platform's clock may be ahead of ours: then they waited for no time."""
    return max(0, int((until - since).total_seconds()))


def _as_read(seconds: int) -> int:
    """Whole minutes from one on, whole hours from ten on, as `span` says them: so there are few lengths."""
    return seconds - seconds % (1 if seconds < MINUTE else MINUTE if seconds < 10 * HOUR else HOUR)
