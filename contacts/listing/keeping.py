"""What a person keeps of the table: its columns, and filters by name."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from accounts.models import Customer, User
from contacts.importing.columns import PROPERTY
from contacts.importing.values import clean_text
from contacts.listing import columns
from contacts.listing.asking import Listing
from contacts.models import SavedFilter, TableColumns

MOST_FILTERS = 30
MOST_COLUMNS = 40
LONGEST_NAME = 60


def columns_of(user: User, customer: Customer) -> list[str]:
    """The keys of what they chose, or what everybody sees at first; one query."""
    kept = TableColumns.objects.own(user, customer).values_list("columns", flat=True).first()
    return columns.USUAL if kept is None else kept


def choices(names: Iterable[str], chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Key, words and whether it is chosen, of every column that a group with these properties may show."""
    offered = [*columns.CHOICES.values(), *filter(None, map(columns.of_key, _of_properties(names)))]
    return [(column.key, column.label, column.key in chosen) for column in offered]


def choose_columns(user: User, customer: Customer, *, ticked: Sequence[str], offered: Sequence[str]) -> None:
    """In the order they were offered. What other groups have and this one did not offer stays chosen."""
    elsewhere = [key for key in columns_of(user, customer) if key not in offered]
    keys = [key for key in dict.fromkeys([*ticked, *elsewhere]) if columns.of_key(key)]
    TableColumns.objects.update_or_create(
        user=user, customer=customer, defaults={"columns": keys[:MOST_COLUMNS]}
    )


def filters_of(user: User, customer: Customer) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.own(user, customer)[:MOST_FILTERS]


def save_filter(user: User, customer: Customer, *, name: str, listing: Listing) -> str:
    """Its name as it is kept, "" without one; a filter of that name is replaced."""
    name = clean_text(name)[:LONGEST_NAME]
    if name:
        SavedFilter.objects.update_or_create(
            user=user, customer=customer, name=name, defaults={"query": listing.query()}
        )
    return name


def _of_properties(names: Iterable[str]) -> list[str]:
    return [f"{PROPERTY}{name}" for name in names]
