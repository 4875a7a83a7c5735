"""What a lost wake-up, a dead worker or plain time left behind, found again from the database alone."""

from datetime import timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from gateway import clock
from gateway.hooks import held_events
from gateway.live_updates import live
from gateway.models import Backlog, ClockAgreed, Connection, Operation, OperationState
from gateway.outbox import clock_shift
from gateway.rate_limit import ledger
from gateway.sign_in import tokens
from gateway.smartdialog import directory
from gateway.workers import leases
from gateway.workers.wake_up import wake_drain

DIRECTORY_AGE = timedelta(minutes=15)
RECENT_SIGN_IN = timedelta(hours=12)
CLOCK_STEP = timedelta(seconds=1)  # further off than this, the host's clock was set


def sync_host_clock() -> None:
    """On SQLite: agree on a time for this start of the host, and go with its clock when that was set.

    On PostgreSQL the database tells the time.
    """
    if database.vendor != "sqlite" or not clock.boot_id():
        return
    here = ClockAgreed.objects.filter(boot=clock.boot_id())
    if not here.exists():
        _set_epoch()
    elif abs(timezone.now() - clock.now()) > CLOCK_STEP:
        _shift_clock(here)


def _set_epoch() -> None:
    with transaction.atomic():
        ClockAgreed.objects.all().delete()
        ClockAgreed.objects.create(
            boot=clock.boot_id(), epoch_at_boot=timezone.now().timestamp() - clock.monotonic()
        )


def _shift_clock(here: QuerySet[ClockAgreed]) -> None:
    """In one transaction: whoever looks sees the clock and what goes by it both before, or both after."""
    with transaction.atomic():
        by = timezone.now() - clock.now()
        ledger.shift_clock(by)
        leases.shift_clock(by)
        tokens.shift_clock(by)
        clock_shift.shift_clock(by)
        held_events.shift_clock(by)
        here.update(epoch_at_boot=F("epoch_at_boot") + by.total_seconds())


def wake_due_connections() -> int:
    """Wake each connection that nobody drains and that has something due or left in flight."""
    now = clock.now()
    ready = Q(blocked_until=None) | Q(blocked_until__lte=now)
    due = Operation.objects.filter(
        Q(state=OperationState.WAITING, due_at__lte=now) | Q(state=OperationState.INFLIGHT)
    ).values("connection")
    to_plan = Backlog.objects.running().values("connection")
    connections = Connection.objects.active().filter(
        leases.unleased(), ready, Q(pk__in=due) | Q(pk__in=to_plan)
    )
    for connection in connections:
        wake_drain(connection)
    return len(connections)


def read_directories() -> int:
    """For who signed in lately: ask again which customers they reach, and a few at a time what those have."""
    now = clock.now()
    old = Q(customers_read_at=None) | Q(customers_read_at__lte=now - DIRECTORY_AGE)
    lately = Connection.objects.active().filter(
        user__is_active=True, user__last_login__gte=now - RECENT_SIGN_IN
    )
    for connection in lately.filter(old):
        directory.enqueue_customers_read(connection)
    for connection in lately.select_related("user"):
        directory.enqueue_stale_services_read(connection)
    return len(lately)


def prune() -> None:
    live.prune()
