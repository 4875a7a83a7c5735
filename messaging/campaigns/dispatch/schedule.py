"""When a campaign's calls are made, beside all others that share its limit and wait or are scheduled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contacts.segments.syntax import SegmentError
from gateway import clock, outbox
from gateway.models import Connection, Lane
from gateway.smartdialog import quirks
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.spread import ZoneOfPeople, spread
from messaging.campaigns.dispatch import planner
from messaging.campaigns.dispatch.planner import Submission, Window
from messaging.campaigns.models import Campaign, CampaignQuerySet, Recurrence
from messaging.campaigns.rules.own_times import OwnTimes

A_MOMENT, A_DAY = timedelta(seconds=1), timedelta(days=1)
WAITING = "calls that wait already"
FOR_LATER = "calls that wait for their time"


@dataclass(frozen=True)
class ZonePlan:
    zone: ZoneOfPeople
    submission: Submission

    @property
    def is_kept(self) -> bool:
        return self.submission.keeps(self.zone.at)


@dataclass(frozen=True)
class MadeLate:
    """Another campaign that has to wait for the calls of this one, beyond its own time."""

    campaign: Campaign
    by: timedelta

    @property
    def seconds(self) -> float:
        return self.by.total_seconds()


@dataclass(frozen=True)
class Plan:
    """`rest`: of one sent in stages, when it goes on, where it waits for no person.

    `earliest`: where the chosen time cannot be kept, the first that can; `before`: what is in its way.
    `zones`: of one that reaches each person at a time of their own; `rest_zones`: of its rest, as soon as may
    be. `made_late`: whose time it breaks.
    """

    submission: Submission
    rest: Window | None = None
    earliest: datetime | None = None
    before: Sequence[Window] = ()
    zones: Sequence[ZonePlan] = ()
    rest_zones: Sequence[ZonePlan] = ()
    made_late: Sequence[MadeLate] = ()

    @property
    def ends_at(self) -> datetime:
        """When the last call is made and, where each has a time of their own, the last of them have it."""
        return max([self.submission.ends_at, *(each.zone.at for each in self.zones)])

    @property
    def is_kept(self) -> bool:
        """Whether all, or the first, get it at the time that was chosen."""
        return self.earliest is None and all(each.is_kept for each in self.zones)

    @property
    def delay(self) -> timedelta:
        """By how much, at most, the last of a zone come after the time of their own."""
        zones = (*self.zones, *self.rest_zones)
        return max([timedelta(), *(each.submission.ends_at - each.zone.at for each in zones)])


def plan(
    campaign: Campaign,
    connection: Connection,
    *,
    calls: int,
    zones: Sequence[ZoneOfPeople] | None = None,
) -> Plan:
    """`zones`: of one that reaches each person at a time of their own, where they are known already."""
    if times := OwnTimes.of(campaign):
        found = _all_zones_of(campaign, times) if zones is None else zones
        return _plan_of_zones(campaign, connection, times, found, calls=calls)
    now = clock.now()
    send_at = campaign.send_at or now
    seconds = outbox.seconds_for(campaign.number_of_first(calls))
    busy = _busy(connection, now, besides=campaign)
    lead = quirks.of(campaign.customer_id).lead
    submission = planner.submission(send_at, seconds=seconds, now=now, busy=busy, lead=lead)
    rest = _rest_of(campaign, submission, calls, busy)
    made_late = list(_made_late(campaign, connection, submission.begins_at, timedelta(seconds=seconds)))
    if campaign.send_at is None or submission.keeps(send_at):
        return Plan(submission, rest, made_late=made_late)
    before = [window for window in busy if window.begins_at < submission.ends_at]
    earliest = planner.earliest_hour(seconds, now=now, busy=busy, lead=lead)
    return Plan(submission, rest, earliest, before, made_late=made_late)


def _made_late(
    campaign: Campaign, connection: Connection, begins_at: datetime, takes: timedelta
) -> Iterator[MadeLate]:
    """Calls leave in the order in which campaigns begin: what begins meanwhile comes after all of these."""
    queue_ends_at = max(begins_at, _waiting_until(connection)) + takes
    for other in _scheduled(connection, besides=campaign).filter(begins_at__gt=begins_at):
        assert other.begins_at
        if other.begins_at >= queue_ends_at:
            return
        late = timedelta()
        for starts_at, needs, promised in _promises(other):
            if starts_at < queue_ends_at:
                queue_ends_at += needs
                late = max(late, queue_ends_at - promised)
        if other.send_at and late > planner.SHORT_SUBMISSION:
            yield MadeLate(other, late)


def _promises(campaign: Campaign) -> Iterator[tuple[datetime, timedelta, datetime]]:
    """When its calls begin, what they take, and when they were to be over; of each zone, if it has any."""
    assert campaign.begins_at
    if not campaign.own_time:
        ends = (campaign.send_at, campaign.ends_at, campaign.begins_at)
        yield campaign.begins_at, _takes(campaign.first_calls), max(filter(None, ends))
        return
    for each in _firsts(campaign):
        yield each.begins_at, each.ends_at - each.begins_at, each.ends_at


def _rest_of(campaign: Campaign, submission: Submission, calls: int, busy: Sequence[Window]) -> Window | None:
    begins_at = campaign.wait_ends_at(max(submission.ends_at, campaign.send_at or submission.ends_at))
    if not campaign.has_stages or campaign.is_for_a_person or begins_at is None:
        return None
    takes = _takes(calls - campaign.number_of_first(calls))
    return Window(begins_at, planner.earliest_end(begins_at, takes, busy))


def _zones_of(campaign: Campaign, times: OwnTimes) -> list[ZoneOfPeople]:
    return _still_to_come(_all_zones_of(campaign, times))


def _all_zones_of(campaign: Campaign, times: OwnTimes) -> list[ZoneOfPeople]:
    try:
        return spread(Reach.of(campaign), times)
    except SegmentError:  # it is held as it begins, with words
        return []


def _still_to_come(zones: Sequence[ZoneOfPeople]) -> list[ZoneOfPeople]:
    return [each for each in zones if not each.has_passed]


def _plan_of_zones(
    campaign: Campaign,
    connection: Connection,
    times: OwnTimes,
    zones: Sequence[ZoneOfPeople],
    *,
    calls: int,
) -> Plan:
    """From the first call of the first zone to the last of the last; each gives way to those before it.

    Where the time has passed, people are among the rest, if there is one.
    """
    now, first = clock.now(), campaign.number_of_first(calls)
    busy = _busy(connection, now, besides=campaign)
    found = _zone_plans(campaign, _still_to_come(zones), first, now, busy)
    if not found:
        return Plan(Submission(now, now, carries_time=False))
    let_go_at = _let_go_at(campaign, max(max(each.zone.at, each.submission.ends_at) for each in found))
    rest = _zone_plans(campaign, _next_time(times, zones, let_go_at), calls - first, let_go_at, busy)
    whole = Submission(
        min(each.submission.begins_at for each in found),
        max(each.submission.ends_at for each in found),
        carries_time=any(each.submission.carries_time for each in (*found, *rest)),
    )
    return Plan(whole, zones=found, rest_zones=rest)


def _zone_plans(
    campaign: Campaign, zones: Sequence[ZoneOfPeople], calls: int, now: datetime, busy: Sequence[Window]
) -> list[ZonePlan]:
    lead = quirks.of(campaign.customer_id).lead
    found: list[ZonePlan] = []
    for zone in zones if calls else ():
        seconds = outbox.seconds_for(_calls_of(zone, zones, calls))
        one = planner.submission(zone.at, seconds=seconds, now=now, busy=busy, lead=lead)
        busy = [*busy, Window(one.begins_at, one.begins_at + timedelta(seconds=seconds), zone.city)]
        found.append(ZonePlan(zone, one))
    return found


def _let_go_at(campaign: Campaign, first_done_at: datetime) -> datetime:
    """When the rest goes on; at the soonest where a person says so."""
    return campaign.wait_ends_at(first_done_at) or first_done_at


def _next_time(times: OwnTimes, zones: Sequence[ZoneOfPeople], let_go_at: datetime) -> list[ZoneOfPeople]:
    """When it is the time of the day for the rest in each of them, the earliest first."""
    later = [replace(each, at=times.next_in(each.zone, let_go_at), has_passed=False) for each in zones]
    return sorted(later, key=lambda each: each.at)


def calls_in(campaign: Campaign, zones: Sequence[ZoneOfPeople], calls: int) -> int:
    """How many there are at most where people of different times share none."""
    left = zones if campaign.has_stages else _still_to_come(zones)
    return sum(_calls_of(each, left, calls) for each in left) if left else calls


def _calls_of(zone: ZoneOfPeople, zones: Sequence[ZoneOfPeople], calls: int) -> int:
    """Its share of them."""
    return -(-calls * zone.people // max(sum(each.people for each in zones), 1))


def unwritten_calls(connection: Connection) -> int:
    """Of campaigns under way, those that are not in the outbox yet."""
    planning = Campaign.objects.planning().filter(connection=connection)
    return sum(each.calls_to_come for each in planning)


def _busy(connection: Connection, now: datetime, *, besides: Campaign) -> list[Window]:
    """What waits in the outbox is made first, or when it may leave; each other campaign when it is to begin.

    Also one that was paused until a time, and one that a second person may still approve.
    """
    windows = [Window(now, _waiting_until(connection), WAITING)]
    for sharer in outbox.sharing(connection):
        windows += _for_later(sharer, now)
    for each in _scheduled(connection, besides=besides):
        windows += _windows(each)
    for each in _before_rest(connection):
        windows += _rest_window(each, each.rest_due_at)
    windows += _paused_until(connection)
    asked_for = Campaign.objects.asked_for(now).filter(connection__in=outbox.sharing(connection))
    for each in asked_for.exclude(pk=besides.pk):
        windows += _windows_if_approved(each)
    windows += _repeats(connection, max(now, besides.send_at or now) + A_DAY)
    return [window for window in windows if window.ends_at - window.begins_at > A_MOMENT]


def _for_later(connection: Connection, now: datetime) -> Iterator[Window]:
    for due_at, calls in outbox.calls_for_later(connection, lane=Lane.CAMPAIGN).items():
        yield Window(max(due_at, now), max(due_at, now) + _takes(calls), FOR_LATER)


def _waiting_until(connection: Connection) -> datetime:
    """When all is made that may leave now."""
    sharing = list(outbox.sharing(connection))
    if len(sharing) < 2:
        return outbox.eta(connection, calls=unwritten_calls(connection), lane=Lane.CAMPAIGN)
    calls = sum(outbox.calls_ahead(one, lane=Lane.CAMPAIGN) + unwritten_calls(one) for one in sharing)
    return clock.now() + _takes(calls)


def _scheduled(connection: Connection, *, besides: Campaign) -> CampaignQuerySet:
    found = Campaign.objects.upcoming().filter(begins_at__isnull=False)
    found = found.filter(connection__in=outbox.sharing(connection))
    return found.exclude(pk=besides.pk).select_related("customer").order_by("begins_at", "pk")


def _paused_until(connection: Connection) -> Iterator[Window]:
    paused = Campaign.objects.under_way().filter(resumes_at__isnull=False).exclude(paused_at=None)
    for each in paused.filter(connection__in=outbox.sharing(connection)):
        assert each.resumes_at
        calls = outbox.progress_of(each.batch).waiting + each.calls_to_come
        yield Window(each.resumes_at, each.resumes_at + _takes(calls), str(each))


def _windows_if_approved(campaign: Campaign) -> Iterator[Window]:
    """As late as its calls may begin: it is on no schedule yet."""
    assert campaign.send_at
    calls, times = campaign.first_calls, OwnTimes.of(campaign)
    zones = _zones_of(campaign, times) if times else []
    ends = [(each.at, _calls_of(each, zones, calls)) for each in zones] or [(campaign.send_at, calls)]
    for at, number in ends:
        yield Window(at - _takes(number), at, f"{campaign}, if it is approved")


def _repeats(connection: Connection, until: datetime) -> Iterator[Window]:
    """Of campaigns that come again and are not made yet, those that begin before then."""
    sharing = outbox.sharing(connection).values("user")
    recurrences = Recurrence.objects.filter(by__in=sharing, next_at__lt=until)
    for each in recurrences.select_related("campaign__customer", "latest"):
        takes = _takes((each.latest or each.campaign).calls or 0)
        for at in each.to_come(until):
            yield Window(at, at + takes, str(each.campaign))


def _before_rest(connection: Connection) -> CampaignQuerySet:
    return Campaign.objects.before_rest().filter(connection__in=outbox.sharing(connection))


def _windows(campaign: Campaign) -> Iterator[Window]:
    """One; or one for each zone that it waits for; and that of its rest."""
    first = _firsts(campaign)
    yield from first
    done_at = max(each.ends_at for each in first)
    yield from _rest_window(campaign, campaign.wait_ends_at(max(done_at, campaign.send_at or done_at)))


def _firsts(campaign: Campaign) -> list[Window]:
    assert campaign.begins_at
    calls, times = campaign.first_calls, OwnTimes.of(campaign)
    zones = _zones_of(campaign, times) if times else []
    starts = [(max(each.at, campaign.begins_at), _calls_of(each, zones, calls)) for each in zones]
    return [
        Window(at, at + _takes(number), str(campaign))
        for at, number in starts or [(campaign.begins_at, calls)]
    ]


def _rest_window(campaign: Campaign, begins_at: datetime | None) -> Iterator[Window]:
    """Of the rest, where it is known when it goes on; of each zone, where people have times of their own."""
    if not campaign.has_stages or begins_at is None:
        return
    calls, name = (campaign.calls or 0) - campaign.first_calls, f"The rest of {campaign}"
    times = OwnTimes.of(campaign)
    zones = _next_time(times, _all_zones_of(campaign, times), begins_at) if times else []
    starts = [(each.at, _calls_of(each, zones, calls)) for each in zones] or [(begins_at, calls)]
    for at, number in starts:
        yield Window(at, at + _takes(number), name)


def _takes(calls: int) -> timedelta:
    return timedelta(seconds=outbox.seconds_for(calls))
