"""Where SmartDialog counts the calls of several people together, and what its refusals (429) tell of that."""

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Customer, User
from gateway import clock
from gateway.models import Call, Connection, Operation, OperationState

LATELY = timedelta(minutes=10)
ENOUGH = 5  # calls that were served since the first refusal, for their pace to be measured
LONGEST_CALL = timedelta(minutes=10)  # far above: a slot that was reserved earlier is not in use


class Counts(StrEnum):
    """Whose calls the limit counts together. Of a connection alone it counts them in any case."""

    CONNECTION = "connection"
    CUSTOMER = "customer"
    CLIENT = "client"  # of all people of this dashboard


def lock(connection: Connection, operation: Operation | None) -> None:
    """Of those that share a limit one at a time counts and adds. Beneath the connection's own lock.

    SQLite has no row locks, and one writer.
    """
    if _counts() is Counts.CLIENT:
        Connection.objects.select_for_update().order_by("pk").values_list("pk").first()
    elif _counts() is Counts.CUSTOMER and operation is not None and operation.customer_id:
        Customer.objects.select_for_update().filter(pk=operation.customer_id).values_list("pk").first()


def lock_plans(connection: Connection, *, by: User) -> None:
    """Of those that share a limit one at a time plans: none is promised what another just was.

    By the rows of their people and of who decides, before all else: as by who deactivates one of them. SQLite
    has one writer.
    """
    people = User.objects.filter(Q(pk=by.pk) | Q(pk__in=sharing(connection).values("user")))
    list(people.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def slots(operation: Operation | None) -> QuerySet[Call] | None:
    """Everybody's calls that count together with this one's; None where only its connection's do."""
    used = Call.objects.filter(reserved_at__gt=clock.now() - LONGEST_CALL)
    if _counts() is Counts.CLIENT:
        return used
    if _counts() is Counts.CUSTOMER and operation is not None and operation.customer_id:
        return used.filter(operation__customer=operation.customer_id)
    return None


def sharing(connection: Connection) -> QuerySet[Connection]:
    """Those whose calls may count together with those of this one, and itself."""
    own = Q(pk=connection.pk)
    if _counts() is Counts.CONNECTION:
        return Connection.objects.filter(own)
    others = Connection.objects.active()
    if _counts() is Counts.CUSTOMER:
        others = others.filter(user__customers__in=connection.user.customers.all())
    return Connection.objects.filter(own | Q(pk__in=others.values("pk")))


def sharers(connection: Connection) -> int:
    """How many connections share the limit now: this one, and others with calls that wait."""
    if _counts() is Counts.CONNECTION:
        return 1
    others = sharing(connection).exclude(pk=connection.pk)
    waiting = Operation.objects.filter(connection=OuterRef("pk"), state=OperationState.WAITING)
    return 1 + others.filter(Exists(waiting)).count()


def seconds_for_a_call(connection: Connection) -> float:
    """As measured since SmartDialog began to refuse calls of this connection; 0 where it has not lately."""
    now = clock.now()
    recent = Call.objects.filter(connection=connection, held_until__gt=now - LATELY)
    first = recent.filter(status=429).order_by("held_until").values_list("reserved_at", flat=True).first()
    if first is None:
        return 0.0
    served = recent.filter(reserved_at__gte=first, answered_at__isnull=False).exclude(status=429).count()
    return (now - first).total_seconds() / served if served >= ENOUGH else 0.0


def refused_lately() -> int:
    """How many calls were refused as too many in the last hour."""
    since = clock.now() - timedelta(hours=1)
    return Call.objects.filter(reserved_at__gt=since, status=429).count()


def _counts() -> Counts:
    return Counts(settings.SMARTDIALOG_LIMIT_COUNTS)
