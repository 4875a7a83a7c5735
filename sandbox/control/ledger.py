"""Reading the ledger: the calls, and what they amount to."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import QuerySet

from sandbox import clock
from sandbox.api.rate_limit import WINDOW_NS
from sandbox.models import LedgerCall


def calls(*, operation: str = "", since: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
    """Calls after the id `since`, oldest first. Token calls are no API calls: ask for them by name."""
    rows = filtered_calls(operation).filter(id__gt=since)[:limit]
    return [row | {"arrived_at": clock.text(row["arrived_at"])} for row in rows.values()]


def summary(*, operation: str = "") -> dict[str, Any]:
    rows = filtered_calls(operation)
    statuses = Counter(rows.values_list("status", flat=True))
    return {
        "calls": statuses.total(),
        "by_operation": dict(Counter(rows.values_list("operation", flat=True))),
        "by_status": {str(status): count for status, count in sorted(statuses.items())},
        "max_window": max_window(rows),
    }


def max_window(rows: QuerySet[LedgerCall]) -> int:
    """The most calls that any connection made in any 60 s, counted anew from the arrivals."""
    arrivals: defaultdict[str, list[int]] = defaultdict(list)
    for connection, at_ns in rows.exclude(connection="").values_list("connection", "arrived_ns"):
        arrivals[connection].append(at_ns)
    return max((max_in_window(sorted(times)) for times in arrivals.values()), default=0)


def max_in_window(times: list[int]) -> int:
    most = start = 0
    for end, at_ns in enumerate(times):
        while times[start] <= at_ns - WINDOW_NS:
            start += 1
        most = max(most, end - start + 1)
    return most


def filtered_calls(operation: str) -> QuerySet[LedgerCall]:
    rows = LedgerCall.objects.order_by("id")
    return rows.filter(operation=operation) if operation else rows.exclude(operation="token")
