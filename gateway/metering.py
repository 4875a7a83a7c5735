"""The call meter: what is used, what waits, when it will be done."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection as database

from accounts.models import User
from gateway import clock
from gateway.models import UNSETTLED, BacklogState, Connection, Lane
from gateway.outbox.progress import done_at

# In SQL, as every page asks it: Django takes longer to write it than the database to answer.
_UNSETTLED = ", ".join(f"'{state}'" for state in UNSETTLED)
_WAITING_AND_USED = f"""
    SELECT lane, COUNT(*) FROM gateway_operation
    WHERE connection_id = %(connection)s AND state IN ({_UNSETTLED}) GROUP BY lane
    UNION ALL
    SELECT lane, SUM("left") FROM gateway_backlog
    WHERE connection_id = %(connection)s AND "left" > 0 AND state = '{BacklogState.RUNNING}' GROUP BY lane
    UNION ALL
    SELECT NULL, COUNT(*) FROM gateway_call WHERE connection_id = %(connection)s AND held_until > %(now)s
"""  # noqa: S608  our own words


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
    """Two small queries."""
    connection = Connection.objects.of(user)
    limit = settings.SMARTDIALOG_CALLS_PER_MINUTE
    if connection is None:
        return Meter(state="none", limit=limit)
    by_lane, used = _waiting_and_used(connection)
    waiting = by_lane.total()
    return Meter(
        state=connection.state,
        used=used,
        limit=limit,
        waiting=waiting,
        done_at=done_at(connection, waiting) if waiting and connection.is_active else None,
        lanes=tuple((str(lane.label), by_lane[lane]) for lane in Lane),
        trouble=connection.trouble_text if connection.troubles else "",
        trouble_at=connection.trouble_at,
        reason=connection.state_reason,
    )


def _waiting_and_used(connection: Connection) -> tuple[Counter[int], int]:
    """Calls that wait, planned or not, by lane; and the slots that are in use now."""
    now = database.ops.adapt_datetimefield_value(clock.now())
    with database.cursor() as cursor:
        cursor.execute(_WAITING_AND_USED, {"connection": connection.pk, "now": now})
        *waiting, (_, used) = cursor.fetchall()
    by_lane: Counter[int] = Counter()
    for lane, calls in waiting:
        by_lane[lane] += int(calls)
    return by_lane, int(used)
