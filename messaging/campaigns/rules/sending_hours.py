"""Whether people may be reached now: sending hours of the customer, and of each country that has its own.

Campaigns keep them, as marketing at night annoys, and in some countries is forbidden. Replies and tests are
for one person who waits for them, and leave at any hour.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Protocol

from accounts.wording.quantities import counted
from contacts.text.phones import region_of
from messaging.campaigns.models import Campaign, OutsideHours, SendingHours

OUTSIDE = "Outside the sending hours where they are"
ROUNDS = 30  # in which hours of several countries have to find a time that suits all


class PeopleAt(Protocol):
    """Whom a campaign reaches at one moment."""

    @property
    def at(self) -> datetime: ...
    @property
    def has_passed(self) -> bool: ...
    @property
    def countries(self) -> Mapping[str, int]: ...
    @property
    def city(self) -> str: ...


@dataclass(frozen=True)
class Closed:
    """A time outside the hours of `people` of a `place`: a country, a time zone, or everybody else.

    `opens_at`: when they are reached, unless they are `left_out`; None: never. `is_about`: not counted, but
    their share of the time that is outside. `is_rest`: of one sent in stages.
    """

    place: str
    opens_at: datetime | None
    people: int
    left_out: bool
    is_about: bool = False
    is_rest: bool = False

    @property
    def who(self) -> str:
        """ "Finland, about 600 people of the rest"."""
        about, of = "about " if self.is_about else "", " of the rest" if self.is_rest else ""
        return f"{self.place}, {about}{counted(self.people, 'person', 'people')}{of}"


@dataclass(frozen=True)
class SendingSpan:
    """A time in which a share of the people is reached, evenly."""

    begins_at: datetime
    ends_at: datetime
    share: float = 1
    is_rest: bool = False


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


def closed_in_span(campaign: Campaign, span: SendingSpan, people: Mapping[str, int]) -> list[Closed]:
    """Whom it reaches outside their hours, all others first. `people`: how many are in each country."""
    kept = kept_by(campaign)
    number = _numbers(kept, people)
    found = (_closed(campaign, hours, span, number[country]) for country, hours in kept.items())
    return list(filter(None, found))


def done_at(campaign: Campaign, span: SendingSpan, people: Mapping[str, int]) -> datetime:
    """When the last of them is reached, where those outside their hours wait for these."""
    kept = kept_by(campaign)
    number, need = _numbers(kept, people), span.ends_at - span.begins_at
    ends = [hours.after(span.begins_at, need) for country, hours in kept.items() if number[country]]
    return max((each for each in ends if each), default=span.ends_at)


def closed_in(
    campaign: Campaign, zones: Iterable[PeopleAt], *, share: float = 1, is_rest: bool = False
) -> list[Closed]:
    """Whose hours the time of the day where they are is outside of. `share`: of those in each zone."""
    kept = kept_by(campaign)
    found = (
        _closed(campaign, kept[country], SendingSpan(zone.at, zone.at, share, is_rest), number, zone.city)
        for zone in zones
        for country, number in _numbers(kept, zone.countries).items()
        if country in kept and not zone.has_passed
    )
    return list(filter(None, found))


def _numbers(kept: Mapping[str, SendingHours], people: Mapping[str, int]) -> dict[str, int]:
    """Of each country that has hours of its own, and of all others."""
    own = {country: people.get(country, 0) for country in kept if country}
    return own | {"": sum(people.values()) - sum(own.values())}


def _closed(
    campaign: Campaign, hours: SendingHours, span: SendingSpan, people: int, place: str = ""
) -> Closed | None:
    share = span.share * hours.share_outside(span.begins_at, span.ends_at)
    number, closes_at = ceil(round(people * share, 6)), hours.next_closed(span.begins_at)
    if not number or closes_at is None:
        return None
    return Closed(
        place or hours.place,
        hours.next_open(closes_at),
        number,
        campaign.outside_hours == OutsideHours.LEAVE_OUT,
        is_about=share < 1,
        is_rest=span.is_rest,
    )


def _common_opening(hours: Collection[SendingHours], at: datetime) -> datetime | None:
    for _ in range(ROUNDS):
        openings = [each.next_open(at) for each in hours]
        latest = max((each for each in openings if each), default=at)
        if None in openings or latest == at:
            return None if None in openings else at
        at = latest
    return None
