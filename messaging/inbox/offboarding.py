"""Threads of a person who may answer no more: nobody's at once, and kept as theirs for who takes over."""

from collections.abc import Collection

from accounts.models import Customer, User
from accounts.people.offboarding import Belongings, belongs
from messaging.inbox.models import Thread, ThreadState
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.team import teamwork


@belongs("threads")
class AssignedThreads(Belongings):
    title, one = "conversations assigned to them", "conversation assigned to them"
    note = "Colleagues find these under Unassigned in the inbox, and answer there."

    def count(self, person: User) -> int:
        return _unfinished(person).count()

    def hold(self, person: User, *, by: User, why: str) -> int:
        return 0

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        return self._assign(person, to=to, by=by, customers=customers)

    def cancel(self, person: User, *, by: User, customers: Collection[Customer]) -> int:
        return self._assign(person, to=None, by=by, customers=customers)

    def _assign(self, person: User, *, to: User | None, by: User, customers: Collection[Customer]) -> int:
        theirs = _unfinished(person)
        return sum(
            teamwork.assign(theirs.of_customer(each), customer=each, to=to, by=by) for each in customers
        )


def _unfinished(person: User) -> ThreadQuerySet:
    return Thread.objects.filter(assignee=person).exclude(state=ThreadState.CLOSED)
