"""Look-ups at the same moment: one question for all, and each has their own answer."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from django.db import DatabaseError

from smartdialog_admin.web import gathered_lookups
from smartdialog_admin.web.gathered_lookups import GatheredLookups

GOOD = {1, 3, 5}


class Database:
    is_away = False

    def __init__(self) -> None:
        self.asked: list[set[int]] = []

    def find(self, keys: set[int]) -> set[int]:
        self.asked.append(keys)
        if self.is_away:
            raise DatabaseError("gone")
        return GOOD & keys


@pytest.fixture
def database(monkeypatch) -> Database:
    async def ask(question: Any, *about: Any) -> Any:
        await asyncio.sleep(0.01)
        return question(*about)

    monkeypatch.setattr(gathered_lookups, "ask", ask)
    return Database()


async def together(*questions: Awaitable[bool]) -> list[Any]:
    return await asyncio.gather(*questions, return_exceptions=True)


def test_many_that_wait_cost_two_questions_and_each_has_its_answer(database):
    async def many() -> list[Any]:
        lookups = GatheredLookups(database.find)
        first = asyncio.create_task(lookups.has(1))
        await asyncio.sleep(0.005)
        return [await first, *await together(*(lookups.has(key) for key in (2, 3, 3, *range(4, 100))))]

    assert asyncio.run(many()) == [key in GOOD for key in (1, 2, 3, 3, *range(4, 100))]
    assert database.asked == [{1}, set(range(2, 100))]


def test_a_database_that_is_away_is_told_to_all_who_wait_and_asked_again_by_the_next(database):
    async def twice() -> tuple[list[Any], bool]:
        lookups = GatheredLookups(database.find)
        database.is_away = True
        told = await together(lookups.has(1), lookups.has(2))
        database.is_away = False
        return told, await lookups.has(1)

    told, found = asyncio.run(twice())
    assert [type(each) for each in told] == [DatabaseError, DatabaseError]
    assert found


@pytest.mark.parametrize("is_away", [False, True])
def test_who_goes_away_before_their_answer_takes_nobody_elses(database, is_away):
    async def one_leaves() -> list[Any]:
        lookups = GatheredLookups(database.find)
        database.is_away = is_away
        leaving, staying = asyncio.create_task(lookups.has(1)), asyncio.create_task(lookups.has(3))
        await asyncio.sleep(0.005)
        leaving.cancel()
        return await together(staying)

    [answer] = asyncio.run(one_leaves())
    assert isinstance(answer, DatabaseError) if is_away else answer is True
