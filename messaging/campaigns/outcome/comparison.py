"""Campaigns beside each other: by month, sender, author or group, with what became of their messages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta, tzinfo

from django.db.models import Count
from django.utils import timezone

from accounts.models import Customer
from gateway import clock
from messaging.campaigns.models import Campaign, Link, ResultSettings
from messaging.campaigns.outcome import responses
from messaging.campaigns.outcome.delivery_stats import DeliveryStats, percent, stats_by_campaign
from messaging.campaigns.outcome.responses import Responses

MOST = 1000  # campaigns, the newest
MONTHS = [3, 12, 36]
DAYS_OF_A_MONTH = 30.5
HEADER = [
    *("Campaign", "Sent", "Channel", "From", "Group", "Author", "People", "Delivered", "Delivered %"),
    *("Failed", "No report yet", "Unknown", "Uncertain", "Skipped", "Answered", "Opted out"),
    *("Clicked", "SMS parts", "Cost"),
]


@dataclass(frozen=True)
class Compared:
    """A campaign with its numbers; what people did is of the days after they had it."""

    campaign: Campaign
    stats: DeliveryStats
    responses: Responses


@dataclass(frozen=True)
class Line:
    """Some campaigns together."""

    label: str
    campaigns: int
    stats: DeliveryStats
    responses: Responses
    parts: int

    @property
    def answered(self) -> str:
        return self._share(self.responses.answered)

    @property
    def opted_out(self) -> str:
        return self._share(self.responses.opted_out)

    def _share(self, number: int) -> str:
        """Of those whom they were to reach."""
        return f"{percent(number, self.stats.meant)} %"


def _month(campaign: Campaign) -> str:
    return f"{timezone.localtime(campaign.begun_at):%b %Y}"


def _sender(campaign: Campaign) -> str:
    return campaign.sender if campaign.is_sms else campaign.get_channel_display()


# What campaigns are put together by: its name in an address, in words, and of a campaign.
WAYS: dict[str, tuple[str, Callable[[Campaign], str]]] = {
    "month": ("Month", _month),
    "sender": ("Sender", _sender),
    "author": ("Author", lambda campaign: str(campaign.created_by or "Somebody who has left")),
    "group": ("Group", lambda campaign: str(campaign.group or "No group")),
}


def begun_lately(customer: Customer, *, months: int) -> list[Compared]:
    """Newest first; five queries."""
    since = clock.now() - timedelta(days=months * DAYS_OF_A_MONTH)
    begun = Campaign.objects.of_customer(customer).filter(begun_at__gte=since)
    campaigns = list(
        begun.select_related("group", "template", "created_by").order_by("-begun_at", "-pk")[:MOST]
    )
    stats, clicks = stats_by_campaign(campaigns), _clicks(campaigns)
    done = responses.of_many(customer, campaigns)
    return [
        Compared(each, stats[each.pk], replace(done[each.pk], clicked=clicks.get(each.pk)))
        for each in campaigns
    ]


def together(compared: Iterable[Compared], by: str) -> list[Line]:
    """In the order in which their newest campaigns began."""
    _, label = WAYS[by]
    found: dict[str, list[Compared]] = {}
    for each in compared:
        found.setdefault(label(each.campaign), []).append(each)
    return [_line(label, rows) for label, rows in found.items()]


def rows(compared: Iterable[Compared], prices: ResultSettings, zone: tzinfo) -> Iterator[list[str]]:
    """A header and a row for each campaign; times of `zone`."""
    yield HEADER
    for each in compared:
        campaign, stats, done = each.campaign, each.stats, each.responses
        clicked = "" if done.clicked is None else done.clicked
        counts = [stats.meant, stats.delivered, stats.percent, stats.failed, stats.accepted, stats.unknown]
        counts += [stats.uncertain, stats.skipped, done.answered, done.opted_out]
        parts = [campaign.parts, prices.cost(campaign.parts)]
        yield [*_about(campaign, zone), *map(str, [*counts, clicked, *parts])]


def _about(campaign: Campaign, zone: tzinfo) -> list[str]:
    began = f"{campaign.begun_at.astimezone(zone):%Y-%m-%d %H:%M %z}" if campaign.begun_at else ""
    who = [_sender(campaign), str(campaign.group or ""), str(campaign.created_by or "")]
    return [str(campaign), began, campaign.get_channel_display(), *who]


def _line(label: str, rows: Sequence[Compared]) -> Line:
    done = [each.responses for each in rows]
    clicks = [each.clicked for each in done if each.clicked is not None]
    return Line(
        label=label,
        campaigns=len(rows),
        stats=_sum([each.stats for each in rows]),
        responses=Responses(
            answered=sum(each.answered for each in done),
            opted_out=sum(each.opted_out for each in done),
            clicked=sum(clicks) if clicks else None,
        ),
        parts=sum(each.campaign.parts for each in rows),
    )


def _sum(stats: Sequence[DeliveryStats]) -> DeliveryStats:
    names = [field.name for field in fields(DeliveryStats)]
    return DeliveryStats(**{name: sum(getattr(each, name) for each in stats) for name in names})


def _clicks(campaigns: Iterable[Campaign]) -> dict[int, int]:
    """Of those that count them."""
    counts = {each.pk: 0 for each in campaigns if each.link_url}
    clicked = Link.objects.clicked().filter(campaign__in=list(counts)).values_list("campaign")
    return counts | dict(clicked.annotate(number=Count("pk")))
