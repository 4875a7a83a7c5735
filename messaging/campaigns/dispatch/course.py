"""How a plan goes on beside the sending hours of its people: whom it finds outside them, and when it ends."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, Min, QuerySet, Value, When
from django.db.models.functions import Substr

from gateway import clock, outbox
from messaging.campaigns.audiences.calling_codes import BEGINNING
from messaging.campaigns.audiences.new_recipients import MARK, MARK_LENGTH, moment_of
from messaging.campaigns.dispatch.planner import Submission, Window
from messaging.campaigns.dispatch.schedule import Plan
from messaging.campaigns.models import Campaign, OutsideHours, Recipient
from messaging.campaigns.rules import sending_hours
from messaging.campaigns.rules.own_times import OwnTimes, country_of
from messaging.campaigns.rules.sending_hours import Closed, SendingSpan

People = Mapping[str, int]  # by country


@dataclass(frozen=True)
class Course:
    """When the last of all, or of the first, is reached, then of the rest; whom it finds outside hours."""

    done_at: datetime
    rest_done_at: datetime | None = None
    closed: list[Closed] = field(default_factory=list)


def of_plan(campaign: Campaign, plan: Plan, people: People, *, first: float = 1) -> Course:
    """`first`: the share of the people who get it first."""
    span = _reached(campaign, plan.submission, first)
    done_at = _done_at(campaign, span, people)
    if campaign.send_at and plan.submission.carries_time and done_at <= campaign.send_at:
        done_at = plan.submission.ends_at  # the last call: SmartDialog keeps all of it until that time
    closed = sending_hours.closed_in_span(campaign, span, people)
    if plan.rest is None:
        return Course(done_at, None, closed)
    rest = _rest_of(campaign, plan.rest, max(done_at, campaign.send_at or done_at), 1 - first)
    closed += sending_hours.closed_in_span(campaign, rest, people)
    return Course(done_at, _done_at(campaign, rest, people), closed)


def closed_at_start(campaign: Campaign, people: People) -> list[Closed]:
    """Where nothing is known but when it is to begin."""
    at = campaign.send_at or clock.now()
    return sending_hours.closed_in_span(campaign, SendingSpan(at, at), people)


def closed_from_now(
    campaign: Campaign, people: QuerySet[Recipient], *, is_rest: bool = False
) -> list[Closed]:
    """Of people who are listed, as they are reached one call after the other, or at a time of their own.

    `is_rest`: whose own times come round again first. Three queries; one where no hours hold.
    """
    if not sending_hours.kept_by(campaign):
        return []
    now = clock.now()
    begins_at = now if campaign.own_time else max(now, campaign.send_at or now)
    takes = timedelta(seconds=outbox.seconds_for(_calls_of(campaign, people)))
    found: list[Closed] = []
    again = OwnTimes.of(campaign) if is_rest else None
    for moment, countries in sorted(_by_moment(people, begins_at, again).items()):
        ends_at = moment + takes if moment == begins_at else moment
        found += sending_hours.closed_in_span(campaign, SendingSpan(moment, ends_at), countries)
    return found


def _reached(campaign: Campaign, submission: Submission, share: float) -> SendingSpan:
    """At their time, where SmartDialog is told it; else one call after the other."""
    if submission.carries_time and campaign.send_at:
        return SendingSpan(campaign.send_at, campaign.send_at, share)
    return SendingSpan(submission.begins_at, submission.ends_at, share)


def _rest_of(campaign: Campaign, planned: Window, first_done_at: datetime, share: float) -> SendingSpan:
    """As long as planned, after the wait."""
    begins_at = campaign.wait_ends_at(first_done_at) or planned.begins_at
    return SendingSpan(begins_at, begins_at + (planned.ends_at - planned.begins_at), share, is_rest=True)


def _done_at(campaign: Campaign, span: SendingSpan, people: People) -> datetime:
    waits = campaign.outside_hours == OutsideHours.WAIT
    return sending_hours.done_at(campaign, span, people) if waits else span.ends_at


def _by_moment(
    people: QuerySet[Recipient], begins_at: datetime, again: OwnTimes | None
) -> dict[datetime, Counter[str]]:
    """How many are in each country, by when they are reached. `again`: whose own times come round first."""
    own = When(key__startswith=MARK, then=Substr("key", 1, MARK_LENGTH))
    rows = people.order_by().values(start=Substr("phone", 1, BEGINNING), own=Case(own, default=Value("")))
    found: dict[datetime, Counter[str]] = {}
    for row in rows.annotate(example=Min("phone"), number=Count("pk")):
        moment = moment_of(row["own"]) or begins_at
        if moment < begins_at:
            moment = again.next_in(again.zone_of(row["example"]), begins_at) if again else begins_at
        found.setdefault(moment, Counter())[country_of(row["example"])] += row["number"]
    return found


def _calls_of(campaign: Campaign, people: QuerySet[Recipient]) -> int:
    """At most."""
    found = people.order_by().aggregate(people=Count("pk"), keys=Count("key", distinct=True))
    return int(found["keys"]) + int(found["people"]) // campaign.batch_size
