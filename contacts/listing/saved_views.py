"""What a person keeps of the table: its columns, and filters by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.models import Customer, User
from contacts.fields import PROPERTY_PREFIX
from contacts.listing import columns
from contacts.listing.table_query import TableQuery
from contacts.models import SavedFilter, Segment, TableColumns
from contacts.text.values import visible_name

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
    chosen = _chosen_columns(user, customer)
    return TablePreferences(
        chosen[0].columns if chosen else columns.DEFAULT_COLUMNS,
        _saved_filters(user, customer),
        _segments(customer),
    )


@kept
def _chosen_columns(user: User, customer: Customer) -> QuerySet[TableColumns]:
    return TableColumns.objects.own(user, customer)


@kept
def _saved_filters(user: User, customer: Customer) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.own(user, customer)[:MAX_FILTERS]


@kept
def _segments(customer: Customer) -> QuerySet[Segment]:
    return Segment.objects.of_customer(customer)[:MAX_SEGMENTS]


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
    name = visible_name(name)[:MAX_NAME_LENGTH]
    if name:
        SavedFilter.objects.update_or_create(
            user=user, customer=customer, name=name, defaults={"query": listing.query()}
        )
    return name


def _of_properties(names: Iterable[str]) -> list[str]:
    return [f"{PROPERTY_PREFIX}{name}" for name in names]
