from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.campaigns.dispatch import planner
from messaging.campaigns.dispatch.planner import Submission, Window

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Someone:
    key: str
    number: int


def take_all(people: list[Someone], *, size: int, chunk: int) -> list[list[Someone]]:
    """As a sender does: chunk by chunk, what is left over joins the next."""
    rest, made = people, []
    while rest:
        found = planner.batches(rest[:chunk], size=size, more=len(rest) > chunk)
        made += found
        rest = rest[sum(len(batch) for batch in found) :]
    return made


@given(st.lists(st.sampled_from("abc"), max_size=60), st.integers(1, 7))
def test_everybody_is_in_one_batch_of_equals_and_there_are_no_more_batches_than_needed(keys, size):
    people = [Someone(key, number) for number, key in enumerate(sorted(keys))]

    made = take_all(people, size=size, chunk=2 * size)

    assert sorted(each.number for batch in made for each in batch) == list(range(len(people)))
    assert all(len({each.key for each in batch}) == 1 and len(batch) <= size for batch in made)
    assert len(made) == sum(-(-number // size) for number in Counter(keys).values())


def test_a_small_campaign_leaves_at_its_time_and_lets_the_platform_wait_for_nothing():
    plan = planner.submission(NOW + timedelta(hours=2), seconds=60, now=NOW)

    assert (plan.begins_at, plan.carries_time) == (NOW + timedelta(hours=2), False)


def test_a_large_campaign_begins_early_enough_that_its_last_call_is_taken_before_the_time():
    plan = planner.submission(NOW + timedelta(hours=2), seconds=660, now=NOW)

    assert plan.begins_at == NOW + timedelta(hours=2) - timedelta(seconds=660) - planner.HEAD_START
    assert plan.ends_at <= NOW + timedelta(hours=2)
    assert plan.carries_time


def test_without_time_to_be_early_nothing_leaves_before_the_chosen_time():
    plan = planner.submission(NOW + timedelta(minutes=10), seconds=660, now=NOW)

    assert (plan.begins_at, plan.carries_time) == (NOW + timedelta(minutes=10), False)


MINUTES = st.integers(0, 600)
WINDOWS = st.lists(st.tuples(MINUTES, st.integers(1, 90)), max_size=8).map(
    lambda pairs: [window(begins, takes) for begins, takes in pairs]
)


def window(begins: float, takes: float) -> Window:
    return Window(at(begins), at(begins + takes))


def at(minute: float) -> datetime:
    return NOW + timedelta(minutes=minute)


def free_minutes(begins_at: datetime, ends_at: datetime, busy: list[Window]) -> int:
    """Minute by minute, as calls are made one after the other."""
    taken, cursor = set(), -1
    for each in sorted(busy, key=lambda each: each.begins_at):
        first = max(cursor + 1, round((each.begins_at - NOW).total_seconds() / 60))
        cursor = first + round((each.ends_at - each.begins_at).total_seconds() / 60) - 1
        taken |= set(range(first, cursor + 1))
    span = range(*(round((moment - NOW).total_seconds() / 60) for moment in (begins_at, ends_at)))
    return sum(minute not in taken for minute in span)


@given(WINDOWS, MINUTES, st.integers(1, 120))
def test_between_a_start_and_its_end_just_so_much_time_is_free(busy, start, need):
    end = planner.earliest_end(at(start), timedelta(minutes=need), busy)

    assert free_minutes(at(start), end, busy) == need
    assert free_minutes(at(start), end - timedelta(minutes=1), busy) == need - 1


@given(WINDOWS, st.integers(0, 900), st.integers(1, 120))
def test_between_the_latest_start_and_a_deadline_just_so_much_time_is_free(busy, deadline, need):
    start = planner.latest_start(at(deadline), timedelta(minutes=need), busy)

    assert free_minutes(start, at(deadline), busy) == need
    assert free_minutes(start + timedelta(minutes=1), at(deadline), busy) == need - 1


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(2, 60)), min_size=1, max_size=8))
def test_campaigns_that_share_an_hour_share_its_calls_and_whoever_is_promised_it_has_it(campaigns):
    """Each is planned beside those before it, as people schedule them."""
    busy: list[Window] = []
    for hour, takes in campaigns:
        plan = planner.submission(at(hour), seconds=takes * 60, now=NOW, busy=busy)
        assert plan.begins_at >= NOW
        assert free_minutes(plan.begins_at, plan.ends_at, busy) >= takes
        if plan.carries_time:
            assert plan.ends_at + planner.HEAD_START <= at(hour)
        busy.append(Window(plan.begins_at, plan.begins_at + timedelta(minutes=takes)))


@given(WINDOWS, st.integers(2, 120))
def test_the_earliest_hour_that_is_named_can_be_kept(busy, takes):
    hour = planner.earliest_hour(takes * 60, now=NOW, busy=busy)

    assert planner.submission(hour, seconds=takes * 60, now=NOW, busy=busy).keeps(hour)
    assert hour.minute % 5 == hour.second == 0


def test_four_large_campaigns_for_one_minute_are_all_delivered_and_the_late_ones_are_told():
    busy: list[Window] = []
    plans: list[Submission] = []
    for _ in range(4):
        plans.append(planner.submission(at(9), seconds=257 * 0.6, now=NOW, busy=busy))
        busy.append(Window(plans[-1].begins_at, plans[-1].begins_at + timedelta(seconds=257 * 0.6)))

    assert [plan.keeps(at(9)) for plan in plans] == [True, False, False, False]
    assert [plan.carries_time for plan in plans] == [True, False, False, False]
    assert [round((plan.ends_at - at(9)).total_seconds() / 60, 1) for plan in plans[1:]] == [2.6, 5.1, 7.7]
