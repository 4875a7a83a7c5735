"""What a person keeps of the table: its columns, and filters by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from accounts.models import Customer, User
from contacts.fields import PROPERTY_PREFIX
from contacts.listing import columns
from contacts.listing.table_query import TableQuery
from contacts.models import SavedFilter, Segment, TableColumns
from contacts.text.values import clean_text

MAX_FILTERS = 30
MAX_SEGMENTS = 50  # offered; the list has all
MAX_COLUMNS = 40
MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class TablePreferences:
    """`columns`: the keys of what they chose, or what everybody sees at first."""

    columns: list[str]
    filters: list[SavedFilter]
    segments: list[Segment]


def preferences_of(user: User, customer: Customer) -> TablePreferences:
    """Three queries."""
    chosen, filters, segments = _statements(user.pk, customer.pk, MAX_FILTERS)
    of_person = list(TableColumns.objects.raw(*chosen))
    return TablePreferences(
        of_person[0].columns if of_person else columns.DEFAULT_COLUMNS,
        list(SavedFilter.objects.raw(*filters)),
        list(Segment.objects.raw(*segments)),
    )


# Every page of the table asks; Django takes longer to write these than the database to answer.
@lru_cache(maxsize=512)
def _statements(user: int, customer: int, most_filters: int) -> list[tuple[str, tuple[Any, ...]]]:
    owner = User(pk=user), Customer(pk=customer)
    asked: tuple[QuerySet, ...] = (
        TableColumns.objects.own(*owner)[:1],
        SavedFilter.objects.own(*owner)[:most_filters],
        Segment.objects.of_customer(owner[1])[:MAX_SEGMENTS],
    )
    return [rows.query.sql_with_params() for rows in asked]


def choices(names: Iterable[str], chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Key, words and whether it is chosen, of every column that a group with these properties may show."""
    offered = [*columns.CHOICES.values(), *filter(None, map(columns.column_of, _of_properties(names)))]
    return [(column.key, column.label, column.key in chosen) for column in offered]


def choose_columns(user: User, customer: Customer, *, ticked: Sequence[str], offered: Sequence[str]) -> None:
    """In the order they were offered. What other groups have and this one did not offer stays chosen."""
    elsewhere = [key for key in preferences_of(user, customer).columns if key not in offered]
    keys = [key for key in dict.fromkeys([*ticked, *elsewhere]) if columns.column_of(key)]
    TableColumns.objects.update_or_create(
        user=user, customer=customer, defaults={"columns": keys[:MAX_COLUMNS]}
    )


def save_filter(user: User, customer: Customer, *, name: str, listing: TableQuery) -> str:
    """Its name as it is kept, "" without one; a filter of that name is replaced."""
    name = clean_text(name)[:MAX_NAME_LENGTH]
    if name:
        SavedFilter.objects.update_or_create(
            user=user, customer=customer, name=name, defaults={"query": listing.query()}
        )
    return name


def _of_properties(names: Iterable[str]) -> list[str]:
    return [f"{PROPERTY_PREFIX}{name}" for name in names]
