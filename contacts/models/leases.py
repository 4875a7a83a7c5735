"""One worker for a long job: a lease with a fencing token, taken by compare-and-swap, renewed by each chunk.

A job is a row with `fence` and `leased_until`. Who pauses or cancels it stops its worker at the next write.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

LEASE_SECONDS = 60  # longer than any chunk takes


class LeaseLost(Exception):
    """Another worker has the job now, or a person stopped it: write nothing more."""


@dataclass(frozen=True)
class Lease:
    """`job`: the row, as a queryset; `while_it`: how it has to be for the lease to hold."""

    job: QuerySet
    while_it: Q
    fence: int

    def write(self, **fields: Any) -> None:
        """Change the job and keep the lease, in the transaction of the chunk; raises LeaseLost."""
        until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
        if self._mine().filter(self.while_it).update(leased_until=until, **fields) != 1:
            raise LeaseLost

    def end(self, **fields: Any) -> None:
        """The last write: lets go of the lease."""
        if self._mine().filter(self.while_it).update(leased_until=None, **fields) != 1:
            raise LeaseLost

    def release(self) -> None:
        """Let go, whatever a person decided meanwhile."""
        self._mine().update(leased_until=None)

    def _mine(self) -> QuerySet:
        return self.job.filter(fence=self.fence, leased_until__isnull=False)


def take(job: QuerySet, *, while_it: Q) -> Lease | None:
    """The lease of the job, or None while somebody else has it or it is not as `while_it` says."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    taken = job.filter(free, while_it).update(
        fence=F("fence") + 1, leased_until=now + timedelta(seconds=LEASE_SECONDS)
    )
    return Lease(job, while_it, job.values_list("fence", flat=True).get()) if taken else None
