"""What a lost nudge, a dead worker or plain time left behind, found again from the database alone."""

from datetime import timedelta

from django.db.models import Q

from gateway import clock, directory, ledger, live
from gateway.models import Backlog, Connection, Operation, OperationState
from gateway.outbox.adding import nudge_drain

DIRECTORY_AGE = timedelta(minutes=15)
SIGNED_IN = timedelta(hours=12)


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
