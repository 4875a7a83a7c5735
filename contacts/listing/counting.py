"""How many: exact while that is cheap, and for a page that is there already, whatever it takes."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as compiled_once
from itertools import islice
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet

from contacts.listing import row_search
from contacts.listing.table_query import TableQuery
from contacts.models import BulkAction, Contact, SyncState
from gateway.models import Service

COUNT_LIMIT = 10_000  # before a page is shown
EXACT_LIMIT = 1_000_000  # after it
REMEMBERED = 5  # seconds that more than COUNT_LIMIT are taken for more than COUNT_LIMIT
EXACT_FOR = 10  # seconds that whatever is more than COUNT_LIMIT stays as it was counted
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


def capped_counts(querysets: Mapping[Key, QuerySet], *, most: int | None = None) -> dict[Key, Count]:
    """How many rows each has, looking at one more than `most` of them, or COUNT_LIMIT; one query."""
    most = most or COUNT_LIMIT
    keys = iter(querysets)
    found: dict[Key, Count] = {}
    while some := list(islice(keys, QUESTIONS_AT_ONCE)):
        sql, params = _question([querysets[key] for key in some], most)
        found |= zip(some, _answers(sql, params, most), strict=True)
    return found


def exact_count(listing: TableQuery, group: Service) -> Count:
    """How many a list shows; one query, by the index of words where words are asked for."""
    if not listing.uses_word_index:
        return capped_counts({"": listing.contacts(group)}, most=EXACT_LIMIT)[""]
    number = row_search.count_matches(listing, group, EXACT_LIMIT + 1)
    return _capped(number, EXACT_LIMIT)


def of_group(group: Service) -> dict[str, Count | None]:
    """How many each state of the table has, how many are DELETING, and how many BULK_ACTIONS go on.

    None where that is not known cheaply. One query.
    """
    key = _remembered(group)
    many: dict[str, Count] = cache.get(key, {})
    missing = [each for each in _COUNTED if each not in many]
    counts = many | _counts(group, missing, COUNT_LIMIT)
    if not many and (many := {each: count for each, count in counts.items() if count.is_more}):
        cache.set(key, many, REMEMBERED)
    return _with_the_rest(counts)


def exact_of_group(group: Service) -> dict[str, Count | None]:
    """As `of_group`, and whatever is more is counted, too; remembered for everybody. At most two queries."""
    counts = {each: count for each, count in of_group(group).items() if each in _COUNTED and count}
    more = [each for each, count in counts.items() if count.is_more]
    if more:
        counts |= _counts(group, more, EXACT_LIMIT)
        cache.set(_remembered(group), {each: counts[each] for each in more}, EXACT_FOR)
    return _with_the_rest({each: Count() for each in _COUNTED} | counts)


def _remembered(group: Service) -> str:
    return f"contacts.many.{group.pk}"


def _counts(group: Service, states: Sequence[str], most: int) -> dict[str, Count]:
    question = _about_a_group(tuple(states), most)
    return dict(zip(states, _answers(question, [group.pk] * len(states), most), strict=True))


def _with_the_rest(counts: Mapping[str, Count]) -> dict[str, Count | None]:
    """With the states that no index counts: what the others leave of everybody."""
    return {
        **counts,
        "inactive": None,
        "active": counts[""].less(counts["opted_out"], counts["undecided"]),
        "synced": counts[""].less(counts["waiting"], counts["failed"]),
    }


def of_groups(groups: Iterable[Service], *, exact: bool = False) -> dict[int, dict[str, Count]]:
    """By key: everybody, and who is waiting or failed; one query."""
    querysets = {
        (group.pk, state): TableQuery(state=state).contacts(group)
        for group in groups
        for state in ("", "waiting", "failed")
    }
    found: dict[int, dict[str, Count]] = {}
    most = EXACT_LIMIT if exact else COUNT_LIMIT
    for (key, state), count in capped_counts(querysets, most=most).items():
        found.setdefault(key, {})[state or "all"] = count
    return found


_ANY = -1  # in place of a group
DELETING, BULK_ACTIONS = "deleting", "bulk actions"  # gone here, not yet there; not over yet
# What an index of its own counts, and everybody.
# Contacts follow the record of consent, so that an index of theirs tells how many it stops.
_BY_COLUMN = {"opted_out": Q(active=False, undecided=False), "undecided": Q(undecided=True)}
_COUNTED = ("", "opted_out", "undecided", "waiting", "failed", DELETING, BULK_ACTIONS)


@compiled_once
def _about_a_group(states: Sequence[str], most: int) -> str:
    """The question of every page, put into SQL once, for as many times the key of a group."""
    return _of_any(*_question([_counted(each) for each in states], most))


def _counted(what: str) -> QuerySet:
    """States stand in it as they are, and that they are not "synced".

    Only so SQLite sees that an index of some states will do.
    """
    if what == BULK_ACTIONS:
        return BulkAction.objects.filter(group=_ANY).unfinished()
    if what == DELETING:
        rows = Contact.objects.filter(group=_ANY, sync_state=SyncState.DELETING)
    else:
        state = "" if what in _BY_COLUMN else what
        rows = TableQuery(state=state).contacts(Service(pk=_ANY)).filter(_BY_COLUMN.get(what, Q()))
    return rows.exclude(sync_state=SyncState.SYNCED) if what in (DELETING, "waiting", "failed") else rows


def _of_any(sql: str, params: Sequence[Any]) -> str:
    """With its values in it, except the key of the group, for which there is a place."""
    return sql % tuple("%s" if each == _ANY else f"'{each}'" for each in params)


def _question(querysets: Sequence[QuerySet], most: int) -> tuple[str, list[Any]]:
    parts = [rows.order_by().values("pk")[: most + 1].query.sql_with_params() for rows in querysets]
    columns = ", ".join(f"(SELECT count(*) FROM ({sql}) AS counted)" for sql, _ in parts)  # noqa: S608
    return f"SELECT {columns}", [value for _, params in parts for value in params]


def _answers(sql: str, params: Sequence[Any], most: int) -> list[Count]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_capped(number, most) for number in cursor.fetchone()]


def _capped(number: int, most: int) -> Count:
    return Count(min(number, most), is_more=number > most)
