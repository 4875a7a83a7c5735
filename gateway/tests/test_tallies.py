"""What changes with every change is counted once for all who look: soon after, and only now and then."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from accounts.registry import Registry
from gateway.live_updates import live, tallies
from gateway.live_updates.tallies import Tallies
from gateway.tests.test_live import announce, stream
from tests.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)

CHANGE = (7, 1, "inbox", None)


@pytest.fixture
def counted(monkeypatch) -> list[set[int]]:
    """For whom, each time."""
    asked: list[set[int]] = []

    def count(customer: int, people: set[int]) -> dict[int, str]:
        asked.append(set(people))
        return {person: f'{{"counts": {person}}}' for person in people}

    monkeypatch.setattr(live, "TALLIES", Registry("tally"))
    live.TALLIES.register("counts")(live.Tally(frozenset({"inbox"}), count))
    monkeypatch.setattr(tallies, "SOON", 0.05)
    return asked


async def told(next_event) -> str:
    """The next tally, after whatever else."""
    while "event: counts\ndata: {" not in (said := await next_event()):
        pass
    return said


def test_each_who_looks_is_told_what_is_theirs_and_it_is_counted_once(counted, kahvila):
    people = [make_person(f"Person{number}", "marketer", kahvila) for number in range(12)]

    async def listen() -> list[str]:
        async with AsyncExitStack() as streams:
            listening = [await streams.enter_async_context(stream(each, "inbox,counts")) for each in people]
            for next_event in listening:
                await next_event()
                await next_event()
            await announce(kahvila, "inbox")
            return [await told(next_event) for next_event in listening]

    assert asyncio.run(listen()) == [f'event: counts\ndata: {{"counts": {each.pk}}}\n\n' for each in people]
    assert counted[-1] == {each.pk for each in people}  # who opened first may have been counted before


def test_who_does_not_look_or_is_of_another_customer_costs_nothing(
    counted, mikko, otto, kahvila, outsider_oy
):
    async def listen() -> None:
        async with stream(mikko, "inbox") as page, stream(otto, "inbox,counts") as elsewhere:
            for next_event in (page, page, elsewhere, elsewhere):
                await next_event()
            await announce(kahvila, "inbox")
            await page()
            await asyncio.sleep(0.3)

    asyncio.run(listen())
    assert counted == []


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(tallies.time, "monotonic", lambda: now[0])
    return now


def test_the_first_change_is_counted_soon_and_the_next_after_a_rest(counted, clock):
    due = Tallies()
    due.note([CHANGE])
    assert due.due() == []
    clock[0] += tallies.SOON
    assert due.due() == [(1, "counts")]
    due.counted((1, "counts"))

    due.note([CHANGE])
    clock[0] += tallies.REST - 0.1
    assert due.due() == []
    clock[0] += 0.1
    assert due.due() == [(1, "counts")]


def test_changes_that_never_end_are_counted_all_the_same(counted, clock):
    due, times = Tallies(), 0
    for _ in range(int(20 / 0.1)):
        due.note([CHANGE])
        for place in due.due():
            due.counted(place)
            times += 1
        clock[0] += 0.1

    assert 4 <= times <= 6


def test_what_was_not_counted_as_the_database_was_away_is_counted_later(counted, clock):
    due = Tallies()
    due.note([CHANGE])
    clock[0] += 1

    assert due.due() == due.due() == [(1, "counts")]


def test_a_change_of_something_else_counts_nothing(counted, clock):
    due = Tallies()
    due.note([(7, 1, "campaigns", None)])
    clock[0] += 10

    assert due.due() == []
