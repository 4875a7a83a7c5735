"""Bulk actions of a person who may do no more: stopped before they begin, or between two chunks."""

from collections.abc import Collection

from accounts.models import Customer, User
from accounts.people.offboarding import Belongings, belongs
from contacts.bulk import action_lifecycle
from contacts.models import BulkAction
from contacts.models.bulk import BulkActionQuerySet
from gateway.models import Connection


@belongs("bulk actions")
class BulkActions(Belongings):
    title, one = "bulk actions", "bulk action"

    def count(self, person: User) -> int:
        return _unfinished(person).count()

    def hold(self, person: User, *, by: User, why: str) -> int:
        return sum(action_lifecycle.stop(action, by=by) for action in _unfinished(person))

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        """Still paused: who has them now resumes them."""
        mine = _unfinished(person).filter(group__customer__in=customers)
        return mine.update(created_by=to, connection=Connection.objects.of(to))

    def cancel(self, person: User, *, by: User, customers: Collection[Customer]) -> int:
        mine = _unfinished(person).filter(group__customer__in=customers)
        return sum(
            action_lifecycle.undo(action, by=by) or action_lifecycle.cancel(action, by=by) for action in mine
        )


def _unfinished(person: User) -> BulkActionQuerySet:
    return BulkAction.objects.unfinished().filter(created_by=person).select_related("group__customer")
