"""Who got something too short a time ago to be messaged again, by the person over the spellings of a number.

What SmartDialog took counts, what it may have taken, and what waits in a campaign that is under way. Of two
campaigns that wait for the same person, the one that listed them first has them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from accounts.db.array_param import Listed
from contacts.text.phones import spellings
from gateway import clock
from messaging.campaigns.models import UNDER_WAY, Campaign, CampaignRules, Channel, Recipient, RecipientState

MAY_HAVE_IT = [RecipientState.ACCEPTED, RecipientState.DELIVERED, RecipientState.UNCERTAIN]
ONCE_A_YEAR = 300  # days; fewer than a year, as somebody's day may be corrected
GOT_IT_THIS_YEAR = "Got it this year already"
# Which template a further text is of, no column says: it counts as marketing.
_SERVICE = Q(wording=0) & (
    Q(campaign__template__category__iexact="utility")
    | Q(campaign__template__category__iexact="authentication")
)
_MARKETING = Q(campaign__channel=Channel.SMS, campaign__ad_message=True) | (
    Q(campaign__channel=Channel.WHATSAPP) & ~_SERVICE
)


@dataclass(frozen=True)
class Rest:
    """`days` of the zone that have to lie between two, so that 7 let one come on the same weekday.

    `of`: the campaign whose occurrences alone count; without it, all marketing.
    """

    customer: int
    days: int
    zone: tzinfo
    besides: int | None
    of: int | None = None

    @property
    def reason(self) -> str:
        if self.of:
            return GOT_IT_THIS_YEAR
        return (
            f"Got marketing less than {self.days} days before" if self.days > 1 else "Got marketing that day"
        )

    def reached(
        self, phones: Collection[str], *, at: datetime, listed: Mapping[str, int] | None = None
    ) -> dict[str, datetime]:
        """Which of them it keeps from a message `at` a time, and when they were reached last. One query.

        `listed`: their recipients' keys here, once they are listed.
        """
        own: dict[str, list[str]] = {}
        for phone in phones:
            for spelling in spellings(phone):
                own.setdefault(spelling, []).append(phone)
        since = self._midnight(at) - timedelta(days=self.days - 1)
        waits = Q(state=RecipientState.PLANNED, campaign__state__in=UNDER_WAY)
        has_it = Q(state__in=MAY_HAVE_IT, settled_at__gte=since)
        rows = Recipient.objects.filter(waits | has_it, self._counts, phone__in=Listed(list(own)))
        found: dict[str, datetime] = {}
        for key, written, state, settled_at in rows.values_list("pk", "phone", "state", "settled_at"):
            is_waiting = state == RecipientState.PLANNED
            reached_at = settled_at if settled_at and not is_waiting else max(at, clock.now())
            for phone in own[written]:
                if not (is_waiting and listed and key > listed.get(phone, key)):  # else it gives way
                    found[phone] = max(found.get(phone, reached_at), reached_at)
        return found

    def first_after(self, reached_at: datetime, moment: datetime) -> datetime:
        """The time of the day of `moment`, on the first day from it on by which they have rested."""
        rested = (self._midnight(moment) - self._midnight(reached_at)).days  # by the wall clock
        return (moment.astimezone(self.zone) + timedelta(days=max(self.days - rested, 0))).astimezone(UTC)

    def _midnight(self, moment: datetime) -> datetime:
        return datetime.combine(moment.astimezone(self.zone), time.min, self.zone)

    @property
    def _counts(self) -> Q:
        others = Q(campaign__customer=self.customer) & ~Q(campaign=self.besides)
        return others & (Q(campaign__occurrence_of=self.of) if self.of else _MARKETING)


def rest_of(campaign: Campaign) -> Rest | None:
    """The longer of what was chosen for it and, if it is marketing, of what the customer's rules say."""
    rules = CampaignRules.of(campaign.customer) if campaign.is_marketing else None
    days = max(campaign.rest_days or 0, (rules and rules.rest_days) or 0)
    return Rest(campaign.customer_id, days, _zone_of(campaign), campaign.pk) if days else None


def yearly_rest_of(campaign: Campaign) -> Rest | None:
    """Of one that goes to whom its day is theirs: each person once a year, however it was changed."""
    if not (campaign.date_property and campaign.occurrence_of_id):
        return None
    return Rest(
        campaign.customer_id, ONCE_A_YEAR, _zone_of(campaign), campaign.pk, of=campaign.occurrence_of_id
    )


def _zone_of(campaign: Campaign) -> tzinfo:
    return ZoneInfo(campaign.zone) if campaign.zone else timezone.get_current_timezone()
