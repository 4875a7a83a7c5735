"""How often a thing may be tried. A try is counted before it is made, so that of two at once none slips."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.db import clock
from accounts.models import SignInCount
from accounts.wording.quantities import duration

KEPT = timedelta(days=1)  # after a count's end


class TooManyTries(Exception):
    """`seconds` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds

    @property
    def text(self) -> str:
        return f"Too many tries. Try again in {duration(timedelta(seconds=self.seconds))}."


@dataclass(frozen=True)
class Limit:
    """So many tries of `what` in so many seconds."""

    what: str
    most: int
    seconds: int

    def of(self, *whom: str | int) -> "TryCount":
        return TryCount(self, "\x1f".join(map(str, whom)))


@dataclass(frozen=True)
class TryCount:
    limit: Limit
    whom: str

    @property
    def key(self) -> str:
        return salted_hmac(
            f"accounts.sign_in.limits.{self.limit.what}", self.whom, algorithm="sha256"
        ).hexdigest()


def take(counts: Iterable[TryCount]) -> None:
    """Count a try with all of them, or with none. Raises TooManyTries."""
    with transaction.atomic():
        for count in sorted(counts, key=lambda each: each.key):  # in one order: no two wait for each other
            _take(count, clock.now())


def counted(count: TryCount) -> int:
    """How many there are now."""
    live = SignInCount.objects.filter(key=count.key, until__gt=clock.now())
    return live.values_list("count", flat=True).first() or 0


def is_full(count: TryCount) -> bool:
    return counted(count) >= count.limit.most


def give_back(counts: Iterable[TryCount]) -> None:
    """A try that was right counts for nothing."""
    keys = [count.key for count in counts]
    SignInCount.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1)


def forget(count: TryCount) -> None:
    SignInCount.objects.filter(key=count.key).delete()


def prune() -> None:
    SignInCount.objects.filter(until__lt=clock.now() - KEPT).delete()


def _take(count: TryCount, now: datetime) -> None:
    if not _add(count, now, count.limit.seconds, most=count.limit.most):
        until = SignInCount.objects.filter(key=count.key).values_list("until", flat=True).first() or now
        raise TooManyTries(max(1, ceil((until - now).total_seconds())))


def _add(count: TryCount, now: datetime, seconds: int, *, most: int | None = None) -> bool:
    """By compare-and-swap: begin anew after the end, else one more while there is room."""
    until = now + timedelta(seconds=seconds)
    SignInCount.objects.bulk_create([SignInCount(key=count.key, until=until)], ignore_conflicts=True)
    mine = SignInCount.objects.filter(key=count.key)
    if mine.filter(until__lte=now).update(count=1, until=until):
        return True
    room = mine if most is None else mine.filter(count__lt=most)
    return bool(room.update(count=F("count") + 1))
