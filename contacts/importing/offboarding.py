"""Imports of a person who may do no more: paused between two chunks, then another's or cancelled."""

from collections.abc import Collection

from django.db.models import Q

from accounts.models import Customer, User
from accounts.people.offboarding import Belongings, belongs
from contacts.importing import import_lifecycle
from contacts.models import Import, ImportState
from contacts.models.imports import OVER, RUNNING, ImportQuerySet
from gateway.models import Connection


@belongs("imports")
class Imports(Belongings):
    title, one = "imports", "import"

    def count(self, person: User) -> int:
        return _unfinished(person).count()

    def hold(self, person: User, *, by: User, why: str) -> int:
        running = _unfinished(person).filter(state__in=RUNNING, paused=False)
        return sum(import_lifecycle.pause(job, by=by) for job in running.select_related("group__customer"))

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        """Still paused: who has them now resumes them."""
        mine = _unfinished(person).filter(group__customer__in=customers)
        given = Import.objects.filter(pk__in=list(mine.values_list("pk", flat=True)))
        given.filter(connection__user=person).update(connection=Connection.objects.of(to))
        given.filter(state=ImportState.UNDOING, undone_by=person).update(undone_by=to)
        given.filter(created_by=person).update(created_by=to)
        return given.count()

    def cancel(self, person: User, *, by: User, customers: Collection[Customer]) -> int:
        mine = _unfinished(person).filter(group__customer__in=customers).select_related("group__customer")
        return sum(import_lifecycle.cancel(job, by=by) for job in mine)


def _unfinished(person: User) -> ImportQuerySet:
    """Whose file it is, who saves it and who takes it back may be three people: each stops it."""
    saves = Q(connection__user=person) & ~Q(state=ImportState.UNDOING)
    takes_back = Q(undone_by=person, state=ImportState.UNDOING)
    return Import.objects.filter(Q(created_by=person) | saves | takes_back).exclude(state__in=OVER)
