"""What imports hold of a person: rows of files, and what was read of a file or written about it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.models import Customer
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.words_holder import Place, WordsHolder, may_name
from contacts.fields import PROPERTY_PREFIX, Values, label
from contacts.models import Contact, FileShape, Import, ImportRow, TableColumns
from contacts.models.contact import ContactQuerySet
from contacts.models.imports import OVER
from contacts.models.sniffed_file import SniffedFile
from contacts.text.full_text_search import search_text_of_cells

_ROW = (
    "phone phone_type first_name last_name email gender street_address zip_code city country_code properties "
    "name_key search_text cell_words problems raw before barred_too"
)


@holds("contacts.import_row")
class ImportRowHolder(Holder):
    title = "Rows of imported files"
    covers = {"contacts.ImportRow": _ROW}

    def hold(self, customers: Sequence[Customer]) -> None:
        """Every chunk writes to its import first; the next one finds that the person is erased."""
        running = Import.objects.filter(group__customer__in=customers).exclude(state__in=OVER)
        list(running.select_for_update(of=("self",)).order_by("pk").values_list("pk"))

    def known(self, person: DataSubject) -> Iterable[Values]:
        return [row.values for row in _rows(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        rows = _rows(person).select_related("job__group").order_by("job", "line")
        return [
            {**_place(row), **{label(target): value for target, value in row.values.items()}} for row in rows
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        lines = set(_rows(person).values_list("job", "line"))
        _rows(person).delete()
        for job in Import.objects.of_customer(person.customer).exclude(mends={}):
            mends = {line: texts for line, texts in job.mends.items() if (job.pk, int(line)) not in lines}
            Import.objects.filter(pk=job.pk).update(mends=mends)


@holds("contacts.unreadable_row")
class UnreadableRowHolder(Holder):
    title = "Rows of imported files that could not be read"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{**_place(row), "Cells": row.raw} for row in _unreadable(person).select_related("job__group")]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _unreadable(person).delete()


@holds("contacts.rows_of_others")
class RowsOfOthersHolder(Holder):
    """Cells are kept of rows with problems, such as one with a second number."""

    title = "Cells of other people’s rows that name the person"
    fate = "They stay, without what names the person"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{**_place(row), "Cells": row.raw} for row in _of_others(person)]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for row in _of_others(person):
            raw, problems = person.naming.without([row.raw, row.problems])
            words = search_text_of_cells(raw, row.search_text)
            left = [each for each in row.barred_too or () if each not in person.phones] or None
            ImportRow.objects.filter(pk=row.pk).update(
                raw=raw, problems=problems, cell_words=words, barred_too=left
            )


@holds("contacts.import_samples")
class ImportSamplesHolder(Holder):
    """Rows that a person still chooses columns by, and what was mended in others."""

    title = "First rows of files whose import is not finished"
    covers = {"contacts.Import": "samples mends questions"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"File": job.original_name, "Group": job.group.name} for job, _ in _read_of(person) if job.samples
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for job, left in _read_of(person):
            Import.objects.filter(pk=job.pk).update(**left)


@holds("contacts.misread_columns")
class MisreadColumnsHolder(Holder):
    """Where a first row was taken for the header, every contact of the file has a property of its words."""

    title = "Properties of other contacts that are named after the person"
    fate = "Renamed here; SmartDialog keeps the name with those contacts until they are deleted there"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Property": name, "Group": contact.group.name, "Contact": str(contact)}
            for name in _misread(person)
            for contact in _having(person, name).select_related("group")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for name in _misread(person):
            for contact in _having(person, name):
                contact.properties = person.naming.without(contact.properties)
                contact.index()
                contact.save(update_fields=["properties", "search_text"])


@holds("contacts.words_of_imports")
class WordsOfImports(WordsHolder):
    """A file may be named after a person; without a header, its columns and what comes of them, too."""

    title = "Files, columns and sheets that are named after the person"
    places = (
        Place(
            Import,
            "File",
            customer="group__customer",
            columns="original_name sheet sheets header mapping questions refusal_words",
            lone="original_name header",
        ),
        Place(FileShape, "Kind of file", customer="customer", columns="mapping"),
        Place(TableColumns, "Columns of the table", customer="customer", columns="columns"),
    )


def _place(row: ImportRow) -> HeldRow:
    return {"File": row.job.original_name, "Group": row.job.group.name, "Row": row.line}


def _rows(person: DataSubject) -> QuerySet[ImportRow]:
    """Of those that could be read."""
    return ImportRow.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _unreadable(person: DataSubject) -> QuerySet[ImportRow]:
    """Looked through one by one: no index knows a number in a spelling that nobody could read."""
    rows = ImportRow.objects.of_customer(person.customer).filter(phone=None)
    naming = [row.pk for row in rows.iterator() if person.naming.is_of(_cells(row))]
    return ImportRow.objects.filter(pk__in=naming).order_by("pk")


def _of_others(person: DataSubject) -> list[ImportRow]:
    kept = ImportRow.objects.of_customer(person.customer).exclude(phone=None)
    kept = kept.exclude(raw=[], barred_too__isnull=True)
    kept = kept.exclude(phone__in=person.phones).select_related("job__group")
    found = may_name(person, kept, "raw", "problems", "barred_too")
    return [row for row in found if person.naming.found_in([row.raw, row.problems, row.barred_too])]


def _cells(row: ImportRow) -> list[str]:
    """As they were in the file, and as they are understood."""
    first, last, email = (str(row.values.get(name, "")) for name in ("first_name", "last_name", "email"))
    return [*map(str, row.raw), f"{first} {last}", email]


def _read_of(person: DataSubject) -> Iterator[tuple[Import, dict[str, Any]]]:
    """Imports that have read something of the person, with what is left of that."""
    jobs = Import.objects.of_customer(person.customer).exclude(samples=[], mends={}, questions=[])
    for job in jobs.select_related("group"):
        if left := what_is_left(job, person):
            yield job, left


def what_is_left(file: SniffedFile, person: DataSubject) -> dict[str, Any]:
    """Of what was read of a file, without what it says of the person; empty where it says nothing."""
    left = {
        "samples": [cells for cells in file.samples if not person.naming.is_of(cells)],
        "mends": {
            line: texts for line, texts in file.mends.items() if not person.naming.is_of(texts.values())
        },
        "questions": [question | {"words": _without_examples(question)} for question in file.questions],
    }
    return left if any(value != getattr(file, name) for name, value in left.items()) else {}


def _misread(person: DataSubject) -> list[str]:
    """Properties that files of the customer made of the person."""
    mappings = Import.objects.of_customer(person.customer).values_list("mapping", flat=True)
    targets = {target for mapping in mappings.iterator() for target in mapping}
    names = {target.removeprefix(PROPERTY_PREFIX) for target in targets if target.startswith(PROPERTY_PREFIX)}
    return sorted(name for name in names if person.naming.found_in(name))


def _having(person: DataSubject, name: str) -> ContactQuerySet:
    others = Contact.objects.of_customer(person.customer).exclude(phone__in=person.phones)
    return others.filter(properties__has_key=name)


def _without_examples(question: dict[str, str]) -> str:
    """Words of a file, which may be anybody's name, stand after a colon."""
    before, colon, _ = question["words"].partition(":")
    return f"{before}." if colon and question["about"] == "encoding" else question["words"]
