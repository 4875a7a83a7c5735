"""Which campaigns the list shows: by state, words, channel, author, and the days on which people got them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.web.params import date_param, int_param, text_param
from messaging.campaigns.models import CampaignQuerySet, CampaignState, Channel
from messaging.campaigns.outcome.month import midnight

REPEATS = "repeats"  # beside the states: those that come again
MAX_SEARCH = 100  # characters


@dataclass(frozen=True)
class CampaignFilter:
    """`author`: a key, 0 for all. Days are the person's own, both included."""

    state: str = ""
    text: str = ""
    channel: str = ""
    author: int = 0
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "CampaignFilter":
        """What is no filter is as if it were not there."""
        state, channel = asked.get("state", ""), asked.get("channel", "")
        return cls(
            state if state in CampaignState or state == REPEATS else "",
            text_param(asked.get("q"), most=MAX_SEARCH),
            channel if channel in Channel else "",
            int_param(asked.get("author")),
            date_param(asked.get("since")),
            date_param(asked.get("until")),
        )

    @property
    def is_narrow(self) -> bool:
        """By anything but its state, which has chips of its own."""
        return bool(self.text or self.channel or self.author or self.since or self.until)

    def narrow(self, campaigns: CampaignQuerySet) -> CampaignQuerySet:
        """By all but the state."""
        found = campaigns
        for word in self.text.split():
            found = found.filter(
                Q(name__icontains=word) | Q(content__icontains=word) | Q(template__body__icontains=word)
            )
        if self.channel:
            found = found.filter(channel=self.channel)
        if self.author:
            found = found.filter(created_by=self.author)
        return self._between(found) if self.since or self.until else found

    def in_state(self, campaigns: CampaignQuerySet) -> CampaignQuerySet:
        if self.state == REPEATS:
            return campaigns.filter(recurrence__next_at__isnull=False)
        return campaigns.shown_as(self.state) if self.state else campaigns

    def _between(self, campaigns: CampaignQuerySet) -> CampaignQuerySet:
        found = campaigns.annotate(at=Coalesce("send_at", "begun_at", "scheduled_at", "created_at"))
        if self.since:
            found = found.filter(at__gte=midnight(self.since))
        return found.filter(at__lt=midnight(self.until + timedelta(days=1))) if self.until else found


def authors(campaigns: CampaignQuerySet) -> list[User]:
    """Who wrote some of them, by name; one query."""
    return list(User.objects.filter(pk__in=campaigns.order_by().values("created_by")).order_by("name", "pk"))
