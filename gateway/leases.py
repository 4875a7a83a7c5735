"""One drain per connection: a lease taken and kept by compare-and-swap, with a fencing token."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q

from gateway import clock
from gateway.models import Connection
from gateway.models.connection import ConnectionQuerySet


@dataclass(frozen=True)
class Lease:
    connection_id: int
    fence: int

    def renew(self) -> bool:
        """Whether the lease was still ours, and now is for a whole call more."""
        return self._mine().update(leased_until=clock.after(duration())) == 1

    def release(self) -> None:
        self._mine().update(leased_until=None)

    def _mine(self) -> ConnectionQuerySet:
        return Connection.objects.filter(pk=self.connection_id, fence=self.fence, leased_until__isnull=False)


def acquire(connection_id: int) -> Lease | None:
    """The lease, or None while somebody else has it."""
    free = Q(leased_until=None) | Q(leased_until__lte=clock.now())
    taken = Connection.objects.filter(free, pk=connection_id).update(
        fence=F("fence") + 1, leased_until=clock.after(duration())
    )
    if not taken:
        return None
    fence = Connection.objects.values_list("fence", flat=True).get(pk=connection_id)
    return Lease(connection_id, fence)


def duration() -> float:
    """A lease outlives any call made under it."""
    return float(settings.SMARTDIALOG_CALL_TIMEOUT + settings.SMARTDIALOG_LEASE_MARGIN)
