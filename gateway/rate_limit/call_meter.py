"""The call meter: what is used, what waits, when it will be done."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection as database

from accounts.db.kept_queries import KeptQuery, by_hand, read_together
from accounts.models import User
from gateway import clock
from gateway.models import UNSETTLED, BacklogState, Connection, ConnectionState, Lane
from gateway.outbox.batch_progress import done_at

# In SQL, as every page asks it: Django takes longer to write it than the database to answer.
_UNSETTLED = ", ".join(f"'{state}'" for state in UNSETTLED)
_MINE = "connection_id = (SELECT id FROM gateway_connection WHERE user_id = %s)"
_USAGE_SQL = f"""
    SELECT NULL, (SELECT COUNT(*) FROM gateway_call WHERE {_MINE} AND held_until > %s),
        state, state_reason, consecutive_failures
    FROM gateway_connection WHERE user_id = %s
    UNION ALL
    SELECT lane, COUNT(*), '', '', 0 FROM gateway_operation
    WHERE {_MINE} AND state IN ({_UNSETTLED}) GROUP BY lane
    UNION ALL
    SELECT lane, SUM("left"), '', '', 0 FROM gateway_backlog
    WHERE {_MINE} AND "left" > 0 AND state = '{BacklogState.RUNNING}' GROUP BY lane
"""  # noqa: S608  our own words


@dataclass(frozen=True)
class Meter:
    state: str  # none, or a ConnectionState
    used: int = 0
    limit: int = 0
    waiting: int = 0
    done_at: datetime | None = None
    lanes: tuple[tuple[str, int], ...] = ()
    failure_text: str = ""
    last_failure_at: datetime | None = None
    reason: str = ""
    wrong_setting: str = ""  # for admins, with what SmartDialog said of it
    wrong_setting_said: str = ""

    @property
    def is_still(self) -> bool:
        """Nothing in it says how long it is until then, or ago."""
        return not (self.waiting or self.failure_text)

    @property
    def refreshed_every(self) -> int:
        """Seconds between looks of an open page: often while something moves, seldom when idle."""
        return 3 if self.waiting or self.used else 30


def usage_query(user: User) -> KeptQuery[Any]:
    """What a meter is made of."""
    now = database.ops.adapt_datetimefield_value(clock.now())
    return by_hand(_USAGE_SQL, user.pk, now, *[user.pk] * 3)


def meter_of(user: User, found: list[Any] | None = None) -> Meter:
    """`found`: what `usage_query` gave. One query where that is not known, while nothing waits and all is
    well.
    """
    limit = settings.SMARTDIALOG_CALLS_PER_MINUTE
    usage = _connection_usage(read_together(usage_query(user))[0] if found is None else found)
    if usage is None:
        return Meter(state="none", limit=limit)
    waiting, is_active = usage.by_lane.total(), usage.state == ConnectionState.ACTIVE
    meter = Meter(
        state=usage.state,
        used=usage.used,
        limit=limit,
        waiting=waiting,
        lanes=tuple((str(lane.label), usage.by_lane[lane]) for lane in Lane),
        reason=usage.reason,
    )
    needs_more = usage.consecutive_failures or (waiting and is_active)
    connection = Connection.objects.of(user) if needs_more else None
    if connection is None:
        return meter
    return replace(
        meter,
        done_at=done_at(connection, waiting) if waiting and is_active else None,
        failure_text=connection.last_failure_text if connection.consecutive_failures else "",
        last_failure_at=connection.last_failure_at,
        wrong_setting=connection.wrong_setting,
        wrong_setting_said=connection.wrong_setting_said,
    )


@dataclass(frozen=True)
class _ConnectionUsage:
    """Of a connection: the slots in use now, and the calls that wait, planned or not."""

    used: int
    by_lane: Counter[int]
    state: str
    reason: str
    consecutive_failures: int


def _connection_usage(found: list[Any]) -> _ConnectionUsage | None:
    """None without a connection."""
    if not found:
        return None
    [(_, used, state, reason, consecutive_failures)] = [row for row in found if row[0] is None]
    by_lane: Counter[int] = Counter()
    for lane, calls, *_ in found:
        if lane is not None:
            by_lane[lane] += int(calls)
    return _ConnectionUsage(int(used), by_lane, state, reason, consecutive_failures)
