"""How many: exact while that is cheap, and above it honest about being no more than that."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as compiled_once
from itertools import islice
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from contacts.listing import row_search
from contacts.listing.table_query import TableQuery
from contacts.models import BulkAction, Contact, SyncState
from gateway.models import Service

COUNT_LIMIT = 10_000
REMEMBERED = 5  # seconds that more than COUNT_LIMIT are taken for more than COUNT_LIMIT
QUESTIONS_AT_ONCE = 500  # SQLite answers 2,000 in one go

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """`is_more`: there are more than `number`."""

    number: int = 0
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_more else ''}"

    def less(self, *parts: "Count") -> "Count | None":
        """What is left without the parts; None when that is not known exactly."""
        if any(count.is_more for count in (self, *parts)):
            return None
        return Count(self.number - sum(part.number for part in parts))

    def __bool__(self) -> bool:
        return self.number > 0


def capped_counts(querysets: Mapping[Key, QuerySet]) -> dict[Key, Count]:
    """How many rows each has, looking at 10,001 of them at most; one query."""
    keys = iter(querysets)
    found: dict[Key, Count] = {}
    while some := list(islice(keys, QUESTIONS_AT_ONCE)):
        found |= zip(some, _answers(*_question([querysets[key] for key in some])), strict=True)
    return found


def by_words(listing: TableQuery, group: Service) -> Count:
    """How many have them, looked up by the index of words; one query."""
    number = row_search.count_matches(listing, group, COUNT_LIMIT + 1)
    return Count(min(number, COUNT_LIMIT), is_more=number > COUNT_LIMIT)


def of_group(group: Service) -> dict[str, Count | None]:
    """How many each state of the table has, how many are DELETING, and how many BULK_ACTIONS go on.

    None where that is not known cheaply. One query.
    """
    key = f"contacts.many.{group.pk}"
    many: dict[str, Count] = cache.get(key, {})
    missing = tuple(each for each in _COUNTED if each not in many)
    counts = many | dict(
        zip(missing, _answers(_about_a_group(missing), [group.pk] * len(missing)), strict=True)
    )
    if not many and (many := {each: count for each, count in counts.items() if count.is_more}):
        cache.set(key, many, REMEMBERED)
    return {
        **counts,
        "active": counts[""].less(counts["opted_out"], counts["undecided"]),
        "synced": counts[""].less(counts["waiting"], counts["failed"]),
    }


def of_groups(groups: Iterable[Service]) -> dict[int, dict[str, Count]]:
    """By key: everybody, and who is waiting or failed; one query."""
    querysets = {
        (group.pk, state): TableQuery(state=state).contacts(group)
        for group in groups
        for state in ("", "waiting", "failed")
    }
    found: dict[int, dict[str, Count]] = {}
    for (key, state), count in capped_counts(querysets).items():
        found.setdefault(key, {})[state or "all"] = count
    return found


_ANY = -1  # in place of a group
DELETING, BULK_ACTIONS = "deleting", "bulk actions"  # gone here, not yet there; not over yet
# What an index of its own counts, and everybody.
_COUNTED = ("", "opted_out", "undecided", "waiting", "failed", DELETING, BULK_ACTIONS)


@compiled_once
def _about_a_group(states: Sequence[str]) -> str:
    """The question of every page, put into SQL once, for as many times the key of a group."""
    return _of_any(*_question([_counted(each) for each in states]))


def _counted(what: str) -> QuerySet:
    """States stand in it as they are, and that they are not "synced".

    Only so SQLite sees that an index of some states will do.
    """
    if what == BULK_ACTIONS:
        return BulkAction.objects.filter(group=_ANY).unfinished()
    if what == DELETING:
        rows = Contact.objects.filter(group=_ANY, sync_state=SyncState.DELETING)
    else:
        rows = TableQuery(state=what).contacts(Service(pk=_ANY))
    return rows.exclude(sync_state=SyncState.SYNCED) if what in (DELETING, "waiting", "failed") else rows


def _of_any(sql: str, params: Sequence[Any]) -> str:
    """With its values in it, except the key of the group, for which there is a place."""
    return sql % tuple("%s" if each == _ANY else f"'{each}'" for each in params)


def _question(querysets: Sequence[QuerySet]) -> tuple[str, list[Any]]:
    parts = [rows.order_by().values("pk")[: COUNT_LIMIT + 1].query.sql_with_params() for rows in querysets]
    columns = ", ".join(f"(SELECT count(*) FROM ({sql}) AS counted)" for sql, _ in parts)  # noqa: S608
    return f"SELECT {columns}", [value for _, params in parts for value in params]


def _answers(sql: str, params: Sequence[Any]) -> list[Count]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Count(min(number, COUNT_LIMIT), is_more=number > COUNT_LIMIT) for number in cursor.fetchone()]
