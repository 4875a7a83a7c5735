"""How many: exact while that is cheap, and above it honest about being no more than that."""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet

from contacts.listing import finding
from contacts.listing.asking import Listing
from contacts.models import Contact, SyncState
from gateway.models import Service

MOST = 10_000
QUESTIONS_AT_ONCE = 500  # SQLite answers 2,000 in one go

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """`is_more`: there are more than `number`; `is_about`: the database's estimate."""

    number: int = 0
    is_more: bool = False
    is_about: bool = False

    def __str__(self) -> str:
        return f"{'about ' if self.is_about else ''}{self.number:,}{'+' if self.is_more else ''}"

    @property
    def is_exact(self) -> bool:
        return not (self.is_more or self.is_about)

    def less(self, *parts: "Count") -> "Count | None":
        """What is left without the parts; None when that is not known exactly."""
        if not all(count.is_exact for count in (self, *parts)):
            return None
        return Count(self.number - sum(part.number for part in parts))

    def __bool__(self) -> bool:
        return self.number > 0


def capped(asked: Mapping[Key, QuerySet]) -> dict[Key, Count]:
    """How many rows each has, looking at 10,001 of them at most; one query."""
    keys = iter(asked)
    found: dict[Key, Count] = {}
    while some := list(islice(keys, QUESTIONS_AT_ONCE)):
        found |= zip(some, _answers(*_question([asked[key] for key in some])), strict=True)
    return found


def by_words(listing: Listing, group: Service) -> Count:
    """How many have them, looked up by the index of words; one query."""
    number = finding.counted(listing, group, MOST + 1)
    return Count(min(number, MOST), is_more=number > MOST)


def of_group(group: Service) -> dict[str, Count | None]:
    """How many each state of the table has, and how many are "deleting": gone here, not yet there.

    None where that is not known cheaply. At most two queries.
    """
    counts = dict(zip(_COUNTED, _answers(_about_a_group(), [group.pk] * len(_COUNTED)), strict=True))
    everybody = counts[""]
    if everybody.is_more:
        everybody = _estimated(group, least=everybody)
    return {
        **counts,
        "": everybody,
        "active": everybody.less(counts["opted_out"]),
        "synced": everybody.less(counts["waiting"], counts["failed"]),
    }


def of_groups(groups: Iterable[Service]) -> dict[int, dict[str, Count]]:
    """By key: everybody, and who is waiting or failed; one query."""
    asked = {
        (group.pk, state): Listing(state=state).contacts(group)
        for group in groups
        for state in ("", "waiting", "failed")
    }
    found: dict[int, dict[str, Count]] = {}
    for (key, state), count in capped(asked).items():
        found.setdefault(key, {})[state or "all"] = count
    return found


def _estimated(group: Service, *, least: Count) -> Count:
    """What PostgreSQL's planner takes it for, to two digits; SQLite has no such idea. One query."""
    if connection.vendor != "postgresql":
        return least
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT json) {_everybody_of_a_group()}", [group.pk])
        plan = cursor.fetchone()[0]
    number = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]
    rounded = int(float(f"{number:.1e}"))
    return Count(rounded, is_about=True) if rounded > least.number else least


_ANY = -1  # in place of a group
# What an index of its own counts, and everybody.
_STATES = ("", "opted_out", "waiting", "failed")
_COUNTED = (*_STATES, "deleting")


@cache
def _about_a_group() -> str:
    """The question of every page, put into SQL once, for as many times the key of a group.

    States stand in it as they are, and that they are not "synced": SQLite sees only so that an index of
    some states will do.
    """
    everybody, opted_out, *unsettled = [Listing(state=each).contacts(Service(pk=_ANY)) for each in _STATES]
    unsettled.append(Contact.objects.filter(group=_ANY, sync_state=SyncState.DELETING))
    unsettled = [rows.exclude(sync_state=SyncState.SYNCED) for rows in unsettled]
    return _of_any(*_question([everybody, opted_out, *unsettled]))


@cache
def _everybody_of_a_group() -> str:
    everybody = Listing().contacts(Service(pk=_ANY)).order_by().values("pk")
    return _of_any(*everybody.query.sql_with_params())


def _of_any(sql: str, params: Sequence[Any]) -> str:
    """With its values in it, except the key of the group, for which there is a place."""
    return sql % tuple("%s" if each == _ANY else f"'{each}'" for each in params)


def _question(asked: Sequence[QuerySet]) -> tuple[str, list[Any]]:
    parts = [rows.order_by().values("pk")[: MOST + 1].query.sql_with_params() for rows in asked]
    columns = ", ".join(f"(SELECT count(*) FROM ({sql}) AS counted)" for sql, _ in parts)  # noqa: S608
    return f"SELECT {columns}", [value for _, params in parts for value in params]


def _answers(sql: str, params: Sequence[Any]) -> list[Count]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Count(min(number, MOST), is_more=number > MOST) for number in cursor.fetchone()]
