"""Who of those whom a campaign is for is passed over, or waits for a time of their own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway import clock
from messaging.campaigns.audiences.quiet_days import Rest, rest_of, yearly_rest_of
from messaging.campaigns.models import Campaign, TooSoon
from messaging.campaigns.rules.own_times import OwnTimes

Keys = Mapping[str, int]  # of recipients, by number


@dataclass(frozen=True)
class AudienceLimits:
    """`times`: where everybody gets it at an hour of their own. `rest`: which `defers`, or leaves out.

    `year`: of one that comes on a day of each person's own.
    """

    at: datetime
    times: OwnTimes | None
    rest: Rest | None
    year: Rest | None
    defers: bool
    comes_again: bool = False

    @classmethod
    def of(cls, campaign: Campaign) -> "AudienceLimits":
        return cls(
            at=campaign.send_at or campaign.begun_at or clock.now(),
            times=OwnTimes.of(campaign),
            rest=rest_of(campaign),
            year=yearly_rest_of(campaign),
            defers=campaign.too_soon == TooSoon.WAIT,
            comes_again=campaign.has_stages,
        )

    @property
    def is_none(self) -> bool:
        return not (self.times or self.rest or self.year)

    def reasons(self, phones: Collection[str], *, listed: Keys | None = None) -> dict[str, str]:
        """By number, why somebody gets nothing. At most two queries.

        An hour that has passed is none of the reasons once they are listed: then a person decides. Nor is it
        where the rest gets it on a later day, at the same hour.
        """
        is_last = self.times and listed is None and not self.comes_again
        found = self.times.passed(phones) if self.times and is_last else {}
        found |= self._reached(self.year, phones, listed)
        return found if self.defers else found | self._reached(self.rest, phones, listed)

    def moments(self, phones: Collection[str]) -> dict[str, datetime]:
        """By number, when they get it who do not get it with all others. At most one query."""
        found = self.times.moments(phones) if self.times else {}
        return found | self.later(phones)

    def later(self, phones: Collection[str], *, listed: Keys | None = None) -> dict[str, datetime]:
        """Of those who have to rest first: the same time of the first day on which they have."""
        if self.rest is None or not self.defers:
            return {}
        reached = self.rest.reached(phones, at=self._now, listed=listed)
        usual = self.times.moments(reached) if self.times else {}
        return {phone: self.rest.first_after(at, usual.get(phone, self.at)) for phone, at in reached.items()}

    def _reached(self, rest: Rest | None, phones: Collection[str], listed: Keys | None) -> dict[str, str]:
        if rest is None:
            return {}
        return dict.fromkeys(rest.reached(phones, at=self._now, listed=listed), rest.reason)

    @property
    def _now(self) -> datetime:
        """When they would have it: not before it is sent, and not before now."""
        return max(self.at, clock.now())
