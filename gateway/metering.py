"""The call meter: what is used, what waits, when it will be done."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from accounts.models import User
from gateway import ledger
from gateway.models import UNSETTLED, Connection, Lane, Operation
from gateway.outbox.progress import backlogs_by_lane, done_at


@dataclass(frozen=True)
class Meter:
    state: str  # none, or a ConnectionState
    used: int = 0
    limit: int = 0
    waiting: int = 0
    done_at: datetime | None = None
    lanes: tuple[tuple[str, int], ...] = ()
    trouble: str = ""
    trouble_at: datetime | None = None
    reason: str = ""

    @property
    def refreshed_every(self) -> int:
        """Seconds between looks of an open page: often while something moves, seldom when idle."""
        return 3 if self.waiting or self.used else 30


def meter_of(user: User) -> Meter:
    """Four small queries."""
    connection = Connection.objects.of(user)
    limit = settings.SMARTDIALOG_CALLS_PER_MINUTE
    if connection is None:
        return Meter(state="none", limit=limit)
    by_lane = dict(
        Operation.objects.filter(connection=connection, state__in=UNSETTLED)
        .order_by()
        .values_list("lane")
        .annotate(count=Count("pk"))
    )
    for lane, left in backlogs_by_lane(connection).items():
        by_lane[lane] = by_lane.get(lane, 0) + left
    waiting = sum(by_lane.values())
    return Meter(
        state=connection.state,
        used=ledger.used(connection),
        limit=limit,
        waiting=waiting,
        done_at=done_at(connection, waiting) if waiting and connection.is_active else None,
        lanes=tuple((str(lane.label), by_lane.get(lane, 0)) for lane in Lane),
        trouble=connection.trouble_text if connection.troubles else "",
        trouble_at=connection.trouble_at,
        reason=connection.state_reason,
    )
