from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.campaigns import planner

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
