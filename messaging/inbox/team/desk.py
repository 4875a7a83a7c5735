"""What a customer works with in the inbox: services, labels, teams, people. A page reads each once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.db.kept_queries import Kept, KeptQuery, kept, read_together
from accounts.models import Customer
from gateway.models import Service, services_of
from messaging.inbox.models import Label, Team
from messaging.inbox.team.teamwork import team_of


@dataclass(frozen=True)
class Desk:
    """Each is read where it is first asked for, one query each, or all of them by `read`."""

    customer: Customer

    def read(self, *others: KeptQuery[Any]) -> list[list[Any]]:
        """All of it, after what else a page asks for: the rows of that. One query."""
        own: dict[str, Kept[Any]] = {
            "services": services_of,
            "labels": _labels,
            "teams": _teams,
            "people": _people,
        }
        found = read_together(*others, *(each.of(self.customer) for each in own.values()))
        self.__dict__.update(zip(own, found[len(others) :], strict=True))
        return found[: len(others)]

    @cached_property
    def services(self) -> list[Service]:
        """Those that SmartDialog lists no more, too."""
        return services_of(self.customer)

    @cached_property
    def labels(self) -> list[Label]:
        return _labels(self.customer)

    @cached_property
    def teams(self) -> list[Team]:
        return _teams(self.customer)

    @cached_property
    def people(self) -> list[Any]:
        """Who may answer, for who chooses one of them: only their keys and what they are called."""
        return _people(self.customer)

    @cached_property
    def named_people(self) -> tuple[tuple[int, str], ...]:
        """The key of each, and the name."""
        return tuple((each.pk, each.name or each.username) for each in self.people)

    @cached_property
    def able(self) -> frozenset[int]:
        """Their keys."""
        return frozenset(each.pk for each in self.people)

    @property
    def two_way(self) -> list[Service]:
        """Those that SmartDialog lists no more, too: threads are of these."""
        return [each for each in self.services if each.is_two_way]

    @property
    def groups(self) -> list[Service]:
        """Which somebody may be added to."""
        return [each for each in self.services if each.is_group and each.is_offered]


@kept
def _labels(customer: Customer) -> QuerySet[Label]:
    return Label.objects.of_customer(customer)


@kept
def _teams(customer: Customer) -> QuerySet[Team]:
    return Team.objects.of_customer(customer)


@kept
def _people(customer: Customer) -> QuerySet:
    return team_of(customer).values_list("pk", "name", "username", named=True)
