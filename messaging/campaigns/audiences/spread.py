"""How a campaign's people are spread over time zones, before it is sent, by where their numbers begin."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Substr

from contacts.text.regions import region_names
from messaging.campaigns.audiences.audience import Audience
from messaging.campaigns.audiences.calling_codes import BEGINNING
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.rules.own_times import OwnTimes, country_of, moment_in, zones_of_countries


@dataclass(frozen=True)
class ZoneOfPeople:
    """`people` who may be messaged and have this zone, by `countries`; `with_several`: zones, by name."""

    zone: str
    at: datetime
    people: int
    has_passed: bool
    is_odd: str
    countries: Mapping[str, int]
    with_several: list[str]

    @property
    def city(self) -> str:
        return self.zone.rpartition("/")[2].replace("_", " ")


def spread(reach: Reach, times: OwnTimes) -> list[ZoneOfPeople]:
    """The earliest first; a query over all of them, and one over a list. Raises SegmentError."""
    rows = chain.from_iterable(map(_beginnings, reach.messageable))
    return of_numbers(times, ((row["example"], row["people"]) for row in rows))


def estimated_spread(sampled: Audience, times: OwnTimes) -> list[ZoneOfPeople]:
    """The same, by those who are in its sample; no query."""
    return of_numbers(times, sampled.numbers.items())


def of_numbers(times: OwnTimes, counted: Iterable[tuple[str, int]]) -> list[ZoneOfPeople]:
    """The earliest first. `counted`: a number of each beginning, and how many people have that."""
    countries: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for example, number in counted:
        countries[times.zone_of(example)][country_of(example)] += number
    found = [_zone(times, zone, people) for zone, people in countries.items()]
    return sorted(found, key=lambda each: (each.at, -each.people))


def passed_in(zones: Iterable[ZoneOfPeople]) -> int:
    """How many people the time of the day has passed for."""
    return sum(each.people for each in zones if each.has_passed)


def _beginnings(found: QuerySet) -> QuerySet:
    rows = found.order_by().values(start=Substr("phone", 1, BEGINNING))
    return rows.annotate(example=Min("phone"), people=Count("phone", distinct=True))


def _zone(times: OwnTimes, zone: str, countries: Counter[str]) -> ZoneOfPeople:
    several = sorted(each for each in countries if len(zones_of_countries().get(each, ())) > 1)
    at, names = moment_in(times.wall, zone), region_names()
    return ZoneOfPeople(
        zone=zone,
        at=at,
        people=countries.total(),
        has_passed=at < times.since,
        is_odd=times.is_odd_in(zone),
        countries=countries,
        with_several=[names.get(each, each) for each in several],
    )
