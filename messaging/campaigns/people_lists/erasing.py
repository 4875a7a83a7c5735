"""What lists of campaigns hold of a person: rows, cells of others' rows, and what was read of a file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from accounts.models import Customer
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.words_holder import Place, WordsHolder, may_name
from contacts.fields import DETAIL_NAMES, DETAILS, PROPERTY_PREFIX, Values, label
from contacts.importing.erasing import what_is_left
from messaging.campaigns.models import ListedPerson, PeopleList
from messaging.campaigns.models.people_list import ListedPersonQuerySet, PeopleListState

_TEXTS = " ".join(field.name for field in DETAILS if not field.is_number)


@holds("campaigns.listed_people")
class ListedPeople(Holder):
    title = "Lists of numbers of campaigns"
    covers = {"campaigns.ListedPerson": f"phone phone_type {_TEXTS} properties problems raw"}

    def hold(self, customers: Sequence[Customer]) -> None:
        """As of imports: every chunk writes to its list first."""
        reading = PeopleList.objects.filter(customer__in=customers, state=PeopleListState.READING)
        list(reading.select_for_update().order_by("pk").values_list("pk"))

    def known(self, person: DataSubject) -> Iterable[Values]:
        return [_values(row) for row in _rows(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        rows = _rows(person).select_related("people_list")
        return [
            {**_place(row), **{label(target): value for target, value in _values(row).items()}}
            for row in rows
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        lists = list(PeopleList.objects.filter(pk__in=_rows(person).values("people_list")))
        _rows(person).delete()
        for people_list in lists:
            people_list.recount()


@holds("campaigns.cells_of_lists")
class CellsOfLists(Holder):
    """Cells are kept of rows that are not certain, and what was left out of others."""

    title = "Rows of lists of campaigns that could not be read, or are of others and name the person"
    fate = "Of other people’s rows what names the person is taken out"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{**_place(row), "Cells": row.raw} for row in _naming(person)]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for row in _naming(person):
            same = ListedPerson.objects.filter(people_list=row.people_list_id, line=row.line)
            if row.phone is None and _is_of(person, row):
                same.delete()
                row.people_list.recount()
            else:
                raw, problems = person.naming.without([row.raw, row.problems])
                same.update(raw=raw, problems=problems)


@holds("campaigns.list_samples")
class ListSamples(Holder):
    title = "First rows of lists of campaigns that are not read yet"
    covers = {"campaigns.PeopleList": "samples mends questions"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{"File": each.original_name} for each, _ in _read_of(person) if each.samples]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for people_list, left in _read_of(person):
            PeopleList.objects.filter(pk=people_list.pk).update(**left)


@holds("campaigns.words_of_lists")
class WordsOfLists(WordsHolder):
    title = "Lists of campaigns, and their columns, that are named after the person"
    places = (
        Place(
            PeopleList,
            "List",
            customer="customer",
            columns="original_name sheet sheets header mapping questions refusal_words",
            lone="original_name header",
        ),
    )


def _rows(person: DataSubject) -> ListedPersonQuerySet:
    return ListedPerson.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _naming(person: DataSubject) -> list[ListedPerson]:
    """Looked for as text first: no index knows a number in a spelling that nobody could read."""
    kept = ListedPerson.objects.of_customer(person.customer).exclude(raw=[], problems=[])
    kept = kept.exclude(phone__in=person.phones)
    found = may_name(person, kept, "raw", "problems").select_related("people_list")
    return [row for row in found if _is_of(person, row) or person.naming.found_in([row.raw, row.problems])]


def _is_of(person: DataSubject, row: ListedPerson) -> bool:
    return person.naming.is_of(map(str, row.raw))


def _values(row: ListedPerson) -> Values:
    filled: Values = {name: value for name in ("phone", *DETAIL_NAMES) if (value := getattr(row, name))}
    return filled | {f"{PROPERTY_PREFIX}{name}": value for name, value in row.properties.items() if value}


def _place(row: ListedPerson) -> HeldRow:
    return {"List": row.people_list.original_name, "Row": row.line}


def _read_of(person: DataSubject) -> Iterator[tuple[PeopleList, dict[str, Any]]]:
    lists = PeopleList.objects.of_customer(person.customer).exclude(samples=[], mends={}, questions=[])
    for people_list in lists:
        if left := what_is_left(people_list, person):
            yield people_list, left
