"""What became of the messages that campaigns sent with a template."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from messaging.whatsapp.models import Template

FAILED, DELIVERED = "failed", "delivered"  # as campaigns call them
SENT = ["accepted", DELIVERED, FAILED, "uncertain"]
OWN = Q(recipients__wording=0)  # the others got a text of another template
MOST_REASONS, MOST_CAMPAIGNS = 10, 20


@dataclass(frozen=True)
class Usage:
    """`reasons`: why messages failed, in words, with how many; the most common first."""

    sent: int
    delivered: int
    failed: int
    last_at: datetime | None
    reasons: list[tuple[str, int]]


def campaigns_with(template: Template) -> Any:
    """The newest, each with how many messages were `sent` and how many of those `failed`."""
    return template.campaigns.order_by("-pk").annotate(
        sent=Count("recipients", filter=OWN & Q(recipients__state__in=SENT)),
        failed=Count("recipients", filter=OWN & Q(recipients__state=FAILED)),
    )[:MOST_CAMPAIGNS]


def of_template(template: Template) -> Usage:
    """Two queries, over all recipients of its campaigns."""
    campaigns = template.campaigns.filter(channel="whatsapp").order_by()
    sent = campaigns.filter(OWN, recipients__state__in=SENT).values_list("recipients__state")
    rows = sent.annotate(number=Count("recipients"), last=Max("recipients__settled_at"))
    counts = {state: number for state, number, _ in rows}
    reasons = campaigns.filter(OWN, recipients__state=FAILED).values_list("recipients__reason")
    return Usage(
        sent=sum(counts.values()),
        delivered=counts.get(DELIVERED, 0),
        failed=counts.get(FAILED, 0),
        last_at=max((last for _, _, last in rows if last), default=None),
        reasons=list(reasons.annotate(number=Count("recipients")).order_by("-number")[:MOST_REASONS]),
    )
