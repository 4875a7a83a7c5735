"""What of a person's work reaches SmartDialog when they may do no more: held with their connection."""

from collections.abc import Collection

from django.db.models import F, Sum

from accounts.models import AuditEvent, Customer, User, keys_named
from accounts.people import offboarding
from accounts.people.offboarding import Belongings, CannotTakeOver, belongs
from accounts.trail import audit
from gateway import clock
from gateway.models import Backlog, Connection, ConnectionState, HookSubscription, Operation
from gateway.models.outbox import OperationQuerySet
from gateway.workers.wake_up import wake_drain


@belongs("waiting calls")
class WaitingCalls(Belongings):
    title, one = "calls to SmartDialog", "call to SmartDialog"
    can_cancel = False  # what they carry is saved here already: to drop them would part the two

    def count(self, person: User) -> int:
        planned = Backlog.objects.unplanned().filter(connection__user=person).aggregate(left=Sum("left"))
        return _unsettled(person).count() + (planned["left"] or 0)

    def hold(self, person: User, *, by: User, why: str) -> int:
        """A viewer's connection with nothing to carry goes on: it reads which customers they reach."""
        count = self.count(person)
        if (
            offboarding.is_anything_held(person)
            or not User.objects.filter(pk=person.pk, is_active=True).exists()
        ):
            _pause(person, by=by, why=why)
        return count

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        """But for what may have been taken: only the same connection may ask that again."""
        taking = Connection.objects.of(to)
        if taking is None:
            raise CannotTakeOver
        theirs = {"connection__user": person, "customer__in": customers}
        moved = _unsettled(person).never_left().filter(customer__in=customers).update(connection=taking)
        backlogs = Backlog.objects.filter(**theirs)
        moved += backlogs.unplanned().aggregate(left=Sum("left"))["left"] or 0
        backlogs.update(connection=taking, created_by=to)
        wake_drain(taking)
        return moved

    def forget(self, person: User, *, by: User) -> None:
        """What we hold of their SmartDialog sign-in."""
        held = Connection.objects.filter(user=person).exclude(refresh_token="", access_token="")
        if held.update(
            access_token="",
            refresh_token="",
            expires_at=clock.now(),
            refreshing_until=None,
            token_version=F("token_version") + 1,  # a refresh under way writes nothing back
        ):
            audit.record(actor=by, customer=None, verb="connection.grant_dropped", subject=person)

    def settled(self, person: User, *, by: User) -> None:
        """A viewer whose work others have taken over reads on."""
        if not person.is_active or offboarding.is_anything_held(person):
            return
        paused = Connection.objects.filter(user=person, state=ConnectionState.PAUSED)
        if paused.update(state=ConnectionState.ACTIVE, state_reason=""):
            audit.record(actor=by, customer=None, verb="connection.resumed", subject=person)


@belongs("webhooks")
class Webhooks(Belongings):
    title = "services that they set up to receive messages"
    one = "service that they set up to receive messages"
    can_cancel = False
    note = "These go on: messages keep arriving in the inbox."

    def count(self, person: User) -> int:
        asked = AuditEvent.objects.filter(actor=person, verb="hook.asked_for").values_list(
            "subject", flat=True
        )
        keys = keys_named(HookSubscription, asked)
        return HookSubscription.objects.filter(pk__in=keys.values(), state__in=["asked", "active"]).count()

    def hold(self, person: User, *, by: User, why: str) -> int:
        return 0

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        return 0


def _unsettled(person: User) -> OperationQuerySet:
    return Operation.objects.unsettled().filter(connection__user=person)


def _pause(person: User, *, by: User, why: str) -> None:
    """From any state: a sign-in brings a lost grant back, and must not let go what is held."""
    going = Connection.objects.filter(user=person).exclude(state=ConnectionState.PAUSED)
    if going.update(state=ConnectionState.PAUSED, state_reason=f"Paused when {why}."[:300]):
        told = {"why": why}
        audit.record(actor=by, customer=None, verb="connection.paused", subject=person, after=told)
