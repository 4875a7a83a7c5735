"""One worker for one row: a lease taken and kept by compare-and-swap, with a fencing token.

The row has `fence` and `leased_until`. Who empties `leased_until`, or changes what the lease's condition
asks for, stops the worker at its next write. A job's row has `stalls`, too: how often its worker ended, or
did not say anything for too long, since its last checkpoint, or how often it ended by an error of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import Error
from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, When

from accounts.db.state_moves import move
from gateway import clock
from gateway.models import Connection

JOB_SECONDS = 60.0  # longer than any chunk of a long job takes, or the beat at which it is renewed meanwhile
MAX_STALLS = 1  # with more, what the job is about ends its workers, and no further one is to try


class LeaseLost(Exception):
    """Another worker has the row now, or a person stopped it: write nothing more, call nothing more."""


@dataclass(frozen=True)
class Lease:
    """`row` as a queryset; `condition`: how it has to be for the lease to hold."""

    row: QuerySet
    condition: Q
    seconds: float
    fence: int
    stalls: int = 0

    @property
    def is_hopeless(self) -> bool:
        """Whether so many workers in a row came to nothing that the job has to be given up."""
        return self.stalls > MAX_STALLS

    def renew(self) -> None:
        """Ours for `seconds` more; raises LeaseLost."""
        self.write()

    def write(self, **fields: Any) -> None:
        """Change the row and keep the lease, in the transaction of the caller; raises LeaseLost."""
        self._update(leased_until=clock.after(self.seconds), **fields)

    def checkpoint(self, cursor: int) -> None:
        """The job has got on: as write()."""
        self.write(cursor=cursor, stalls=0)

    @contextmanager
    def counting(self, *but: type[Exception]) -> Iterator[None]:
        """Whatever ends the work is a stall, `but` for these, a lost lease and what the database says."""
        passing: tuple[type[Exception], ...] = (LeaseLost, Error, *but)
        try:
            yield
        except passing:
            raise
        except Exception:
            with suppress(LeaseLost):
                self.write(stalls=F("stalls") + 1)
            raise

    def end(self, **fields: Any) -> None:
        """The last write: lets go of the lease; raises LeaseLost."""
        self._update(leased_until=None, **fields)

    def move(self, *before: str, to: str, keep: bool = False, **fields: Any) -> None:
        """As end(), or write() to `keep` the lease, for a row that moves to another state."""
        until = clock.after(self.seconds) if keep else None
        if not move(self._mine().filter(self.condition), *before, to=to, leased_until=until, **fields):
            raise LeaseLost

    def release(self) -> None:
        """Let go, whatever a person decided meanwhile."""
        self._mine().update(leased_until=None)

    def _update(self, **fields: Any) -> None:
        if self._mine().filter(self.condition).update(**fields) != 1:
            raise LeaseLost

    def _mine(self) -> QuerySet:
        return self.row.filter(fence=self.fence, leased_until__isnull=False)


def take(row: QuerySet, *, condition: Q | None = None, seconds: float = JOB_SECONDS) -> Lease | None:
    """The lease of the row, or None while somebody else has it or it is not as the condition says."""
    condition = condition or Q()
    fields: dict[str, Any] = {"fence": F("fence") + 1, "leased_until": clock.after(seconds)}
    if _counts_stalls(row.model):
        died = When(leased_until__isnull=False, then=F("stalls") + 1)  # its worker did not let go of it
        fields["stalls"] = Case(died, default=F("stalls"), output_field=IntegerField())
    if not row.filter(unleased(), condition).update(**fields):
        return None
    fence, *stalls = row.values_list(*("fence", "stalls")[: len(fields) - 1]).get()
    return Lease(row, condition, seconds, fence, *stalls)


def take_connection(connection_id: int) -> Lease | None:
    """The lease of who drains a connection: it outlives any call made under it."""
    seconds = settings.SMARTDIALOG_CALL_TIMEOUT + settings.SMARTDIALOG_LEASE_MARGIN
    return take(Connection.objects.filter(pk=connection_id), seconds=float(seconds))


def unleased() -> Q:
    """Rows that no worker holds: never taken, let go, or their worker died."""
    return Q(leased_until=None) | Q(leased_until__lte=clock.now())


def shift_clock(by: timedelta) -> None:
    """The clock is being set: every lease runs for as long as before. In the transaction that sets it."""
    for model in _leased_models():
        model._default_manager.exclude(leased_until=None).update(leased_until=F("leased_until") + by)


def _counts_stalls(model: type[Model]) -> bool:
    return any(field.name == "stalls" for field in model._meta.fields)


def _leased_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if any(field.name == "leased_until" for field in model._meta.fields)
    ]
