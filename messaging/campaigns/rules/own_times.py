"""A time of the day where each person is: the zone of a number's country, and the moment that it is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from contacts.text.phones import region_of
from gateway import clock
from messaging.campaigns.composing import local_time
from messaging.campaigns.models import Campaign, late_since

PASSED = "The hour had passed where they are"
# Of countries with several zones the one of most people, where the time zone data begins with another.
_OF_MOST_PEOPLE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@cache
def zones_of_countries() -> dict[str, list[str]]:
    """By alpha-2, that of most people first."""
    found: dict[str, list[str]] = {}
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    for country, zone in _OF_MOST_PEOPLE.items():
        found[country] = [zone, *(each for each in found[country] if each != zone)]
    return found | {"XK": ["Europe/Belgrade"]}


def moment_in(wall: datetime, zone: str) -> datetime:
    """Where a change of clocks skips the time, that much later; where it comes twice, the first."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@cache
def _zone_of_code(start: str, wall: datetime) -> str | None:
    """Of the calling code that digits begin with; "" where no country has it, None where countries differ."""
    zones = [zones_of_countries().get(country, [""])[0] for country in countries_of_code(start)]
    return (zones or [""])[0] if len({zone and moment_in(wall, zone) for zone in zones}) < 2 else None


@cache
def countries_of_code(start: str) -> Sequence[str]:
    """Alpha-2, the largest first."""
    codes = (int(start[:length]) for length in (1, 2, 3) if start.isascii() and start.isdigit())
    return next(
        (COUNTRY_CODE_TO_REGION_CODE[code] for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), ()
    )


def country_of(phone: str) -> str:
    """Alpha-2; the number is parsed only where several countries share its calling code."""
    countries = countries_of_code(phone[1:4])
    return countries[0] if len(countries) == 1 else region_of(phone)


@dataclass(frozen=True)
class OwnTimes:
    """`wall`: the time of the day. `zone`: of whom no country is known. `since`: what was past is past."""

    wall: datetime
    zone: str
    since: datetime

    @classmethod
    def of(cls, campaign: Campaign) -> "OwnTimes | None":
        """None where everybody gets it at the same moment."""
        if not (campaign.own_time and campaign.send_at and campaign.zone):
            return None
        wall = campaign.send_at.astimezone(ZoneInfo(campaign.zone)).replace(tzinfo=None, fold=0)
        agreed_at = campaign.scheduled_at if campaign.begun_at else None
        return cls(wall, campaign.zone, max(agreed_at or clock.now(), late_since()))

    def zone_of(self, phone: str) -> str:
        """The number is parsed only where countries of different times share its calling code."""
        found = _zone_of_code(phone[1:4], self.wall)
        if found is None:
            found = zones_of_countries().get(region_of(phone), [""])[0]
        return found or self.zone

    def moment(self, phone: str) -> datetime:
        return self.moments([phone])[phone]

    def moments(self, phones: Iterable[str]) -> dict[str, datetime]:
        by_zone: dict[str, datetime] = {}
        found = {}
        for phone in phones:
            zone = self.zone_of(phone)
            if zone not in by_zone:
                by_zone[zone] = moment_in(self.wall, zone)
            found[phone] = by_zone[zone]
        return found

    def next_in(self, zone: str, after: datetime) -> datetime:
        """The time of the day there, on the first day on which it is not before that."""
        days = max(0, (after - moment_in(self.wall, zone)).days)
        while (at := moment_in(self.wall + timedelta(days=days), zone)) < after:
            days += 1
        return at

    def passed(self, phones: Iterable[str]) -> dict[str, str]:
        return {phone: PASSED for phone, at in self.moments(phones).items() if at < self.since}

    def is_odd_in(self, zone: str) -> str:
        """What a change of clocks does to it there, in words; "" for most days."""
        local = self.wall.replace(tzinfo=ZoneInfo(zone))
        back = moment_in(self.wall, zone).astimezone(ZoneInfo(zone))
        if back.replace(tzinfo=None) != self.wall:
            return f"The clocks go forward: there is no {self.wall:%H:%M}, so at {back:%H:%M}"
        return "The clocks go back: the first of two" if local_time.is_ambiguous(local) else ""
