"""Campaigns beside each other: by month, sender, author or group, with what became of their messages."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta, tzinfo

from django.db.models import Count
from django.utils import timezone

from accounts.models import Customer
from gateway import clock
from messaging.campaigns.models import Campaign, Link, ResultSettings
from messaging.campaigns.outcome import audience_names, responses
from messaging.campaigns.outcome.audience_names import AudienceNames
from messaging.campaigns.outcome.delivery_stats import DeliveryStats, percent, stats_by_campaign
from messaging.campaigns.outcome.responses import Responses

AT_ONCE = 1000  # campaigns whose numbers are asked for together
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
class ComparedCampaign:
    """Some campaigns together."""

    label: str
    key: int  # of the newest
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


def _began(campaign: Campaign) -> str:
    return f"{timezone.localtime(campaign.begun_at):%d %b %H:%M}"


def _sender(campaign: Campaign) -> str:
    """WhatsApp has none but the service."""
    return campaign.sender if campaign.is_sms else str(campaign.service or "WhatsApp")


@dataclass(frozen=True)
class Way:
    """How campaigns are put together: those of one `key`. `detail`: tells those of one label apart."""

    words: str
    key: Callable[[Campaign], Hashable]
    label: Callable[[Campaign, AudienceNames], str]
    detail: Callable[[Campaign], str] = lambda campaign: ""


# By its name in an address.
WAYS: dict[str, Way] = {
    "month": Way("Month", _month, lambda campaign, _: _month(campaign)),
    "campaign": Way("Campaign", lambda campaign: campaign.pk, lambda campaign, _: str(campaign), _began),
    "channel": Way(
        "Channel", lambda campaign: campaign.channel, lambda campaign, _: campaign.get_channel_display()
    ),
    "sender": Way(
        "Sender",
        lambda campaign: campaign.sender if campaign.is_sms else campaign.service_id,
        lambda campaign, _: _sender(campaign),
        lambda campaign: campaign.get_channel_display(),
    ),
    "author": Way(
        "Author",
        lambda campaign: campaign.created_by_id,
        lambda campaign, _: str(campaign.created_by or "Somebody who has left"),
        lambda campaign: campaign.created_by.username if campaign.created_by else "",
    ),
    "group": Way(
        "Group",
        audience_names.key_of,
        lambda campaign, names: names.of(campaign),
        lambda campaign: campaign.group.remote_id if campaign.group else "",
    ),
}


def begun_lately(customer: Customer, *, months: int) -> list[Compared]:
    """Newest first; five queries for each thousand."""
    since = clock.now() - timedelta(days=months * DAYS_OF_A_MONTH)
    begun = Campaign.objects.of_customer(customer).filter(begun_at__gte=since)
    related = begun.select_related("customer", "group", "service", "template", "created_by")
    campaigns = list(related.order_by("-begun_at", "-pk"))
    found: list[Compared] = []
    for start in range(0, len(campaigns), AT_ONCE):
        found += _compared(customer, campaigns[start : start + AT_ONCE])
    return found


def _compared(customer: Customer, campaigns: list[Campaign]) -> list[Compared]:
    stats, clicks = stats_by_campaign(campaigns), _clicks(campaigns)
    done = responses.of_many(customer, campaigns)
    return [
        Compared(each, stats[each.pk], replace(done[each.pk], clicked=clicks.get(each.pk)))
        for each in campaigns
    ]


def together(compared: Iterable[Compared], by: str, names: AudienceNames) -> list[ComparedCampaign]:
    """In the order in which their newest campaigns began. Who only shares a name is told apart."""
    way = WAYS[by]
    found: dict[Hashable, list[Compared]] = {}
    for each in compared:
        found.setdefault(way.key(each.campaign), []).append(each)
    labels = {key: way.label(rows[0].campaign, names) for key, rows in found.items()}
    several = {label for label, number in Counter(labels.values()).items() if number > 1}
    return [
        _line(_told_apart(label, way.detail(found[key][0].campaign), label in several), found[key])
        for key, label in labels.items()
    ]


def _told_apart(label: str, detail: str, is_needed: bool) -> str:
    return f"{label} ({detail})" if is_needed and detail else label


def rows(
    compared: Iterable[Compared], names: AudienceNames, prices: ResultSettings, zone: tzinfo
) -> Iterator[list[str]]:
    """A header and a row for each campaign; times of `zone`."""
    yield HEADER
    for each in compared:
        campaign, stats, done = each.campaign, each.stats, each.responses
        clicked = "" if done.clicked is None else done.clicked
        counts = [stats.meant, stats.delivered, stats.percent, stats.failed, stats.accepted, stats.unknown]
        counts += [stats.uncertain, stats.skipped, done.answered, done.opted_out]
        parts = [campaign.parts, prices.cost(campaign.parts)]
        yield [*_about(campaign, names, zone), *map(str, [*counts, clicked, *parts])]


def _about(campaign: Campaign, names: AudienceNames, zone: tzinfo) -> list[str]:
    began = f"{campaign.begun_at.astimezone(zone):%Y-%m-%d %H:%M %z}" if campaign.begun_at else ""
    who = [_sender(campaign), names.of(campaign), str(campaign.created_by or "")]
    return [str(campaign), began, campaign.get_channel_display(), *who]


def _line(label: str, rows: Sequence[Compared]) -> ComparedCampaign:
    done = [each.responses for each in rows]
    clicks = [each.clicked for each in done if each.clicked is not None]
    return ComparedCampaign(
        label=label,
        key=rows[0].campaign.pk,
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
