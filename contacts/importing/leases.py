"""One worker per import: a lease by compare-and-swap, renewed by each chunk it writes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from contacts.models import Import, ImportState

SECONDS = 60  # longer than any chunk takes


class LeaseLost(Exception):
    """Another worker has the import now, or a person cancelled it: write nothing more."""


@dataclass(frozen=True)
class Lease:
    job_id: int
    state: ImportState
    fence: int

    def write(self, **fields: Any) -> None:
        """Change the import and keep the lease, in the transaction of the chunk; raises LeaseLost."""
        until = timezone.now() + timedelta(seconds=SECONDS)
        if self._mine().update(leased_until=until, **fields) != 1:
            raise LeaseLost

    def end(self, **fields: Any) -> None:
        """The last write: lets go of the lease."""
        if self._mine().update(leased_until=None, **fields) != 1:
            raise LeaseLost

    def release(self) -> None:
        self._mine().update(leased_until=None)

    def _mine(self):
        return Import.objects.filter(
            pk=self.job_id, fence=self.fence, state=self.state, leased_until__isnull=False
        )


def take(job_id: int, state: ImportState) -> Lease | None:
    """The lease of an import in this state, or None while somebody else has it or it moved on."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    taken = Import.objects.filter(free, pk=job_id, state=state).update(
        fence=F("fence") + 1, leased_until=now + timedelta(seconds=SECONDS)
    )
    if not taken:
        return None
    return Lease(job_id, state, Import.objects.values_list("fence", flat=True).get(pk=job_id))
