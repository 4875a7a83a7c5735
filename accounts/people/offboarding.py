"""What a person began that goes on without them: held in the moment when they may do no more.

The floors above register each kind of it. Held work waits, on the person's page, until an admin hands it
over to somebody else or cancels it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.registry import Registry
from accounts.trail import audit
from accounts.wording.quantities import counted


class Belongings:
    """One kind. All of it runs inside the caller's transaction.

    `title` names several of it, `one` a single one.

    `customers`: those whose work may be touched.
    """

    title = ""
    one = ""
    can_cancel = True
    note = ""  # of what goes on without them: nothing of it is held

    def count(self, person: User) -> int:
        """How many there are that are not over."""
        raise NotImplementedError

    def hold(self, person: User, *, by: User, why: str) -> int:
        raise NotImplementedError

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        raise NotImplementedError

    def cancel(self, person: User, *, by: User, customers: Collection[Customer]) -> int:
        raise NotImplementedError

    def forget(self, person: User, *, by: User) -> None:
        """Drop what lets anybody act in their name."""

    def settled(self, person: User, *, by: User) -> None:
        """All kinds have been handed over, or cancelled."""


KINDS = Registry[Belongings]("belongings of")
belongs = KINDS.register  # @belongs("campaigns"); handed over in the order of their names


class CannotTakeOver(UserError):
    text = "Choose somebody who may change things, is connected to SmartDialog and reaches the customer."


@dataclass(frozen=True)
class Held:
    words: str
    note: str = ""


def held_of(person: User) -> list[Held]:
    """What there is of each kind, without those of which there is none."""
    counts = [(kind, kind.count(person)) for kind in _kinds()]
    return [Held(counted(count, kind.one, kind.title), kind.note) for kind, count in counts if count]


def is_anything_held(person: User) -> bool:
    return any(not each.note for each in held_of(person))


def waits_for_another(person: User) -> bool:
    """Whether there is something held that only another can go on with, or cancel."""
    return not (person.is_active and person.can_write) and is_anything_held(person)


def hold(person: User, *, by: User, why: str) -> dict[str, int]:
    """In the transaction that ends what they may do; how many of each kind."""
    held = {kind.title: kind.hold(person, by=by, why=why) for kind in _kinds()}
    return {title: count for title, count in held.items() if count}


def forget(person: User, *, by: User) -> None:
    for kind in _kinds():
        kind.forget(person, by=by)


@transaction.atomic
def hand_over(person: User, *, to: User, by: User) -> int:
    """What both reach, to somebody who may go on with it. Raises CannotTakeOver."""
    if not (to.is_active and to.is_approved and to.can_write) or to.pk == person.pk:
        raise CannotTakeOver
    customers = [each for each in _decides_for(by) if each in set(to.customers.all())]
    given = {kind.title: kind.hand_over(person, to=to, by=by, customers=customers) for kind in _kinds()}
    _settle(person, by)
    return _record(person, by, "person.work_handed_over", given, to=str(to))


@transaction.atomic
def cancel(person: User, *, by: User) -> int:
    customers = _decides_for(by)
    ended = {
        kind.title: kind.cancel(person, by=by, customers=customers) for kind in _kinds() if kind.can_cancel
    }
    _settle(person, by)
    return _record(person, by, "person.work_cancelled", ended)


def _kinds() -> list[Belongings]:
    return [KINDS[name] for name in sorted(KINDS.names())]


def _decides_for(admin: User) -> list[Customer]:
    mine = Customer.objects.all() if admin.is_superuser else admin.customers.all()
    return list(mine)


def _settle(person: User, by: User) -> None:
    for kind in _kinds():
        kind.settled(person, by=by)


def _record(person: User, by: User, verb: str, counts: dict[str, int], **more: str) -> int:
    told = {title: count for title, count in counts.items() if count}
    if told:
        audit.record(actor=by, customer=None, verb=verb, subject=person, after={**told, **more})
    return sum(told.values())
