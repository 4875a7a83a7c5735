"""How many: exact while that is cheap, and for a page that is there already, whatever it takes."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as compiled_once
from itertools import islice, zip_longest
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from contacts.listing import row_search
from contacts.listing.table_query import TableQuery
from contacts.models import BulkAction, Contact, Suppression, SyncState
from gateway.models import Service

COUNT_LIMIT = 10_000  # before a page is shown
EXACT_LIMIT = 1_000_000  # after it
REMEMBERED = 5  # seconds that more than COUNT_LIMIT are taken for more than COUNT_LIMIT
EXACT_FOR = 10  # seconds that what only a page that is there has counted stays so
CHEAP = 2_000  # opt-outs of a customer, and inactive people of a group, that a page looks through to count
QUESTIONS_AT_ONCE = 500  # SQLite answers 2,000 in one go

CountedBy = TypeVar("CountedBy", bound=Hashable)


@dataclass(frozen=True)
class Count:
    """`is_more`: there are more than `number`."""

    number: int = 0
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_more else ''}"

    def less(self, *parts: "Count | None") -> "Count | None":
        """What is left without the parts; None when that is not known exactly."""
        known = [each for each in (self, *parts) if each is not None and not each.is_more]
        if len(known) <= len(parts):
            return None
        return Count(self.number - sum(part.number for part in known[1:]))

    def __bool__(self) -> bool:
        return self.number > 0


def capped_counts(
    querysets: Mapping[CountedBy, QuerySet], *, most: int | None = None
) -> dict[CountedBy, Count]:
    """How many rows each has, looking at one more than `most` of them, or COUNT_LIMIT; one query."""
    most = most or COUNT_LIMIT
    keys = iter(querysets)
    found: dict[CountedBy, Count] = {}
    while some := list(islice(keys, QUESTIONS_AT_ONCE)):
        sql, params = _question([querysets[key] for key in some], most)
        counts = (_capped(number or 0, most) for number in _answers(sql, params))
        found |= zip(some, counts, strict=True)
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
    counts = {**_counts(group, missing, COUNT_LIMIT), **many}
    if not many and (many := {each: count for each, count in counts.items() if count and count.is_more}):
        cache.set(key, many, REMEMBERED)
    return _with_the_rest(counts)


def exact_of_group(group: Service) -> dict[str, Count | None]:
    """As `of_group`, and what that leaves open is counted, too; remembered for everybody.

    At most two queries.
    """
    counts = {each: count for each, count in of_group(group).items() if each in _COUNTED}
    more = [each for each, count in counts.items() if count is None or count.is_more]
    if more:
        counts |= _counts(group, more, EXACT_LIMIT)
        cache.set(_remembered(group), {each: counts[each] for each in more}, EXACT_FOR)
    return _with_the_rest(counts)


def _remembered(group: Service) -> str:
    return f"contacts.many.{group.pk}"


def _counts(group: Service, states: Sequence[str], most: int) -> dict[str, Count | None]:
    question = _about_a_group(tuple(states), most)
    numbers = _answers(question, [group.pk] * question.count("%s"))
    counts = (None if number is None else _capped(number, most) for number in numbers)
    return dict(zip(states, counts, strict=True))


def _with_the_rest(counts: Mapping[str, Count | None]) -> dict[str, Count | None]:
    """With the states that no index counts: what the others leave of everybody."""
    everybody = counts[""] or Count()
    return {
        **counts,
        "active": everybody.less(counts["opted_out"], counts["undecided"], counts["inactive"]),
        "synced": everybody.less(counts["waiting"], counts["failed"]),
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
_COUNTED = ("", "opted_out", "undecided", "inactive", "waiting", "failed", DELETING, BULK_ACTIONS)
_OF_WHOM_THE_RECORD_SAYS_NOTHING = {
    "undecided": Q(undecided=True),
    "inactive": Q(active=False, undecided=False),
}


@compiled_once
def _about_a_group(states: Sequence[str], most: int) -> str:
    """The question of every page, put into SQL once, for the key of a group in many places."""
    guards = _guards() if most <= COUNT_LIMIT else {}
    asked = [_counted(each) for each in states]
    return _of_any(*_question(asked, most, [guards.get(each) for each in states]))


def _guards() -> dict[str, QuerySet]:
    """What is looked through to count each: where that is much, only a page that is there counts it."""
    return {"opted_out": _opt_outs(), "inactive": Contact.objects.present().filter(group=_ANY, active=False)}


def _opt_outs() -> QuerySet[Suppression]:
    """In force, of the customer of the group."""
    customer = Service.objects.filter(pk=_ANY).values("customer")[:1]
    return Suppression.objects.in_force().filter(customer=customer)


def _counted(what: str) -> QuerySet:
    """States stand in it as they are, and that they are not "synced".

    Only so SQLite sees that an index of some states will do; and it begins with the opt-outs, which are few.
    """
    if what == BULK_ACTIONS:
        return BulkAction.objects.filter(group=_ANY).unfinished()
    rows = Contact.objects.filter(group=_ANY)
    if what == DELETING:
        return rows.filter(sync_state=SyncState.DELETING).exclude(sync_state=SyncState.SYNCED)
    if what == "opted_out":
        return rows.present().filter(phone__in=_opt_outs().values("phone"))
    if what in _OF_WHOM_THE_RECORD_SAYS_NOTHING:
        stopped = Exists(_opt_outs().filter(phone=OuterRef("phone")))
        return rows.present().filter(_OF_WHOM_THE_RECORD_SAYS_NOTHING[what], ~stopped)
    rows = TableQuery(state=what).contacts(Service(pk=_ANY))
    return rows.exclude(sync_state=SyncState.SYNCED) if what else rows


def _of_any(sql: str, params: Sequence[Any]) -> str:
    """With its values in it, except the key of the group, for which there is a place."""
    return sql % tuple("%s" if each == _ANY else f"'{each}'" for each in params)


def _question(
    querysets: Sequence[QuerySet], most: int, guards: Sequence[QuerySet | None] = ()
) -> tuple[str, list[Any]]:
    """`guards`: where one has more than CHEAP rows, nothing is counted."""
    columns: list[str] = []
    values: list[Any] = []
    for rows, guard in zip_longest(querysets, guards):
        sql, params = _number_of(rows, most)
        if guard is not None:
            within, before = _number_of(guard, CHEAP)
            sql, params = f"CASE WHEN {within} <= {CHEAP} THEN {sql} END", (*before, *params)
        columns.append(sql)
        values += params
    return f"SELECT {', '.join(columns)}", values


def _number_of(rows: QuerySet, most: int) -> tuple[str, tuple[Any, ...]]:
    sql, params = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", params  # noqa: S608


def _answers(sql: str, params: Sequence[Any]) -> list[int | None]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchone())


def _capped(number: int, most: int) -> Count:
    return Count(min(number, most), is_more=number > most)
