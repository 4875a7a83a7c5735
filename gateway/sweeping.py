"""What a lost nudge, a dead worker or plain time left behind, found again from the database alone."""

from datetime import timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from gateway import clock, directory, ledger, live
from gateway.models import Backlog, ClockAgreed, Connection, Operation, OperationState
from gateway.nudge import nudge_drain

DIRECTORY_AGE = timedelta(minutes=15)
SIGNED_IN = timedelta(hours=12)
SET = timedelta(seconds=1)  # further off than this, the host's clock was set


def follow_the_hosts_clock() -> None:
    """On SQLite: agree on a time for this start of the host, and go with its clock when that was set.

    On PostgreSQL the database tells the time.
    """
    if database.vendor != "sqlite" or not clock.boot():
        return
    here = ClockAgreed.objects.filter(boot=clock.boot())
    if not here.exists():
        _agree()
    elif abs(timezone.now() - clock.now()) > SET:
        _go_along(here)


def _agree() -> None:
    with transaction.atomic():
        ClockAgreed.objects.all().delete()
        ClockAgreed.objects.create(
            boot=clock.boot(), epoch_at_boot=timezone.now().timestamp() - clock.steady()
        )


def _go_along(here: QuerySet[ClockAgreed]) -> None:
    """In one transaction: who reserves a slot sees the clock and what is held both before, or both after."""
    with transaction.atomic():
        by = timezone.now() - clock.now()
        ledger.move(by)
        here.update(epoch_at_boot=F("epoch_at_boot") + by.total_seconds())


def nudge_due_connections() -> int:
    """Nudge each connection that nobody drains and that has something due or left in flight."""
    now = clock.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    ready = Q(blocked_until=None) | Q(blocked_until__lte=now)
    due = Operation.objects.filter(
        Q(state=OperationState.WAITING, due_at__lte=now) | Q(state=OperationState.INFLIGHT)
    ).values("connection")
    to_plan = Backlog.objects.running().values("connection")
    connections = Connection.objects.active().filter(free, ready, Q(pk__in=due) | Q(pk__in=to_plan))
    for connection in connections:
        nudge_drain(connection)
    return len(connections)


def read_directories() -> int:
    """Ask again which customers people reach, for those who signed in lately."""
    now = clock.now()
    old = Q(customers_read_at=None) | Q(customers_read_at__lte=now - DIRECTORY_AGE)
    lately = Connection.objects.active().filter(
        old, user__is_active=True, user__last_login__gte=now - SIGNED_IN
    )
    for connection in lately:
        directory.ask_for_customers(connection)
    return len(lately)


def prune() -> None:
    ledger.prune()
    live.prune()
