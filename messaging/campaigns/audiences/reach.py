"""Whom a campaign is for: who is in its groups, segments and list, and not in groups it leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Customer
from contacts.models import Contact, Segment
from contacts.models.contact import ContactQuerySet
from contacts.models.import_rows import RowKind
from contacts.segments.conditions import Scope, condition
from contacts.segments.parser import parse
from contacts.segments.syntax import SegmentError
from gateway.models import Service
from messaging.campaigns.audiences import days_of_year
from messaging.campaigns.audiences.limits import AudienceLimits
from messaging.campaigns.models import Campaign, ListedPerson
from messaging.campaigns.models.people_list import ListedPersonQuerySet

Rows = TypeVar("Rows", ContactQuerySet, ListedPersonQuerySet)
GONE = "A segment that it goes to was deleted. Choose the audience again."


@dataclass(frozen=True)
class Reach:
    """`groups`, `without`: the keys of groups. `texts`: of segments. `scope`: None for today.

    `day`: the property and the day of those alone whose date comes round then. `limits`: whom it passes over.
    `people_list`: the key of a list; whoever stands in it counts as of the list alone.
    """

    customer: Customer
    groups: tuple[int, ...] = ()
    without: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    scope: Scope | None = None
    day: tuple[str, date] | None = None
    limits: AudienceLimits | None = None
    people_list: int | None = None

    @classmethod
    def of(cls, campaign: Campaign) -> "Reach":
        """At most three queries; groups of another customer are as if not there. Raises SegmentError."""
        texts = Segment.objects.of_customer(campaign.customer).filter(pk__in=campaign.segments)
        found = tuple(texts.values_list("text", flat=True)) if campaign.segments else ()
        if len(found) < len(campaign.segments):
            raise SegmentError(GONE)
        return cls(
            campaign.customer,
            tuple(_own(campaign, [*filter(None, [campaign.group_id]), *campaign.more_groups])),
            tuple(_own(campaign, campaign.minus_groups)),
            found,
            _scope_of(campaign),
            (campaign.date_property, campaign.on_day) if campaign.on_day else None,
            AudienceLimits.of(campaign),
            campaign.people_list_id,
        )

    @classmethod
    def of_list(cls, campaign: Campaign) -> "Reach":
        """Of its list alone, whatever became of its segments since. At most one query."""
        groups = [*filter(None, [campaign.group_id]), *campaign.more_groups]
        return cls(campaign.customer, tuple(_own(campaign, groups)), people_list=campaign.people_list_id)

    @property
    def is_nobody(self) -> bool:
        return not self.groups and not self.texts and self.people_list is None

    @property
    def every_group(self) -> list[int]:
        """In which its people are."""
        return [*self.groups, *(self._offered if self.texts else ())]

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first and the last key in its groups; one query."""
        rows = Contact.objects.present().filter(group=OuterRef("pk")).values("pk")
        groups = Service.objects.filter(pk__in=self.every_group).annotate(
            low=Subquery(rows.order_by("pk")[:1]), high=Subquery(rows.order_by("-pk")[:1])
        )
        ends = [ends for ends in groups.values_list("low", "high") if None not in ends]
        return min((low for low, _ in ends), default=0), max((high for _, high in ends), default=0)

    @property
    def may_repeat(self) -> bool:
        """Whether a number may be in several of its rows."""
        return len(self.groups) > 1 or bool(self.texts)

    @property
    def contacts(self) -> ContactQuerySet:
        """A row for each group that somebody is in, but those being deleted. Raises SegmentError."""
        rows = self._chosen(Contact.objects.present().filter(self._is_meant))
        if self.people_list is None:
            return rows
        same = ListedPerson.objects.filter(people_list=self.people_list, phone=OuterRef("phone")).known()
        if self.day:
            same = same.filter(days_of_year.falls_on(*self.day) | Q(kind=RowKind.OPTED_OUT))
        return rows.filter(~Exists(same))

    @property
    def listed(self) -> ListedPersonQuerySet:
        """The rows of its list; of those on whom it sends nobody is in a group that it leaves out."""
        if self.people_list is None:
            return ListedPerson.objects.none()
        return self._chosen(ListedPerson.objects.filter(people_list=self.people_list))

    @property
    def messageable(self) -> Sequence[ContactQuerySet | ListedPersonQuerySet]:
        """Whom it may message, of contacts and of its list: nobody is in both."""
        return [self.contacts.messageable(), self.listed.messageable(self.customer)]

    def _chosen(self, rows: Rows) -> Rows:
        if self.day:
            rows = rows.filter(days_of_year.falls_on(*self.day))
        return rows.filter(~Exists(in_groups(self.without))) if self.without else rows

    @cached_property
    def _is_meant(self) -> Q:
        if not self.texts:
            return Q(group__in=self.groups)
        scope = self.scope or Scope.of(self.customer)
        meant = reduce(or_, (condition(parse(text), scope) for text in self.texts))
        return Q(group__in=self.groups) | (Q(group__in=self._offered) & meant)

    @cached_property
    def _offered(self) -> list[int]:
        offered = Service.objects.filter(customer=self.customer).offered().groups()
        return list(offered.values_list("pk", flat=True))


def still_there(campaign: Campaign, listed: Q) -> ContactQuerySet:
    """Active contacts in a group of it or by which somebody was `listed`, in no group that it leaves out."""
    groups = [*filter(None, [campaign.group_id]), *campaign.more_groups]
    rows = Contact.objects.present().filter(Q(group__in=groups) | listed, active=True)
    return rows.filter(~Exists(in_groups(campaign.minus_groups))) if campaign.minus_groups else rows


def _own(campaign: Campaign, keys: Iterable[int]) -> Iterable[int]:
    keys = list(dict.fromkeys(keys))
    if keys == [campaign.group_id]:
        return keys
    own = Service.objects.filter(customer=campaign.customer_id, pk__in=keys).groups()
    there = set(own.values_list("pk", flat=True))
    return [key for key in keys if key in there]


def in_groups(groups: Iterable[int]) -> ContactQuerySet:
    """Whoever has the number of a row."""
    return Contact.objects.present().filter(group__in=groups, phone=OuterRef("phone"))


def _scope_of(campaign: Campaign) -> Scope:
    """Days are counted from when it began, so that midnight divides no audience."""
    zone = ZoneInfo(campaign.zone) if campaign.zone else timezone.get_current_timezone()
    return Scope(campaign.customer, timezone.localdate(campaign.begun_at, zone), zone)
