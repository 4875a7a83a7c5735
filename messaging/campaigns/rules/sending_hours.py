"""Whether people may be reached now: sending hours of the customer, and of each country that has its own.

Campaigns keep them, as marketing at night annoys, and in some countries is forbidden. Replies and tests are
for one person who waits for them, and leave at any hour.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contacts.text.phones import region_of
from messaging.campaigns.models import Campaign, OutsideHours, SendingHours

ROUNDS = 30  # in which hours of several countries have to find a time that suits all


class PeopleAt(Protocol):
    """Whom a campaign reaches at one moment."""

    @property
    def at(self) -> datetime: ...
    @property
    def people(self) -> int: ...
    @property
    def has_passed(self) -> bool: ...
    @property
    def countries(self) -> list[str]: ...
    @property
    def city(self) -> str: ...


@dataclass(frozen=True)
class Closed:
    """A time outside the hours of `people` of a `place`: a country, a time zone, or everybody else.

    `opens_at`: when they are reached, unless they are `left_out`; None: never.
    """

    place: str
    opens_at: datetime | None
    people: int
    left_out: bool


def kept_by(campaign: Campaign) -> dict[str, SendingHours]:
    """The hours that hold for it, by country; "" for all others."""
    found = SendingHours.objects.filter(customer=campaign.customer_id)
    return {each.country: each for each in found if each.covers_all or campaign.is_marketing}


def country_of(phone: str, by_country: Collection[str]) -> str:
    """The country whose hours hold for a number: "" for one without hours of its own."""
    if not any(by_country):
        return ""
    region = region_of(phone)
    return region if region and region in by_country else ""


def opening(campaign: Campaign, phones: Iterable[str], *, at: datetime) -> datetime | None:
    """The first time from `at` on that suits the hours of all these numbers; None if there is none."""
    by_country = kept_by(campaign)
    if not by_country:
        return at
    countries = {country_of(phone, by_country) for phone in phones}
    return _common_opening([by_country[each] for each in countries if each in by_country], at)


def closed_at(campaign: Campaign, at: datetime, people: Mapping[str, int]) -> list[Closed]:
    """Whose hours a time is outside of, all others first. `people`: how many are in each country."""
    kept = kept_by(campaign)
    number = {country: people.get(country, 0) for country in kept}
    number[""] = sum(people.values()) - sum(number[country] for country in kept if country)
    found = (_closed(campaign, hours, at, number[country], hours.place) for country, hours in kept.items())
    return list(filter(None, found))


def closed_in(campaign: Campaign, zones: Iterable[PeopleAt]) -> list[Closed]:
    """Whose hours the time of the day where they are is outside of."""
    kept = kept_by(campaign)
    own = [(kept.get(next(iter(each.countries), "")) or kept.get(""), each) for each in zones]
    found = (
        _closed(campaign, hours, zone.at, zone.people, zone.city)
        for hours, zone in own
        if hours and not zone.has_passed
    )
    return list(filter(None, found))


def _closed(campaign: Campaign, hours: SendingHours, at: datetime, people: int, place: str) -> Closed | None:
    opens_at = hours.next_open(at)
    if opens_at == at or not people:
        return None
    return Closed(place, opens_at, people, campaign.outside_hours == OutsideHours.LEAVE_OUT)


def _common_opening(hours: Collection[SendingHours], at: datetime) -> datetime | None:
    for _ in range(ROUNDS):
        openings = [each.next_open(at) for each in hours]
        latest = max((each for each in openings if each), default=at)
        if None in openings or latest == at:
            return None if None in openings else at
        at = latest
    return None
