"""Staged rows on their way into the database: into a table that nobody else sees."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

from accounts.db.array_param import Listed
from accounts.db.bulk_copy import copy_rows
from accounts.models import Customer
from contacts.fields import DETAIL_NAMES
from contacts.importing.row_encoder import STAGING_COLUMNS, StagedRow
from contacts.models import Import, ImportRow
from contacts.models.erased_numbers import erased_among
from contacts.models.import_rows import RowKind
from contacts.models.known_spellings import as_known, several_ways

_PHONE, _BARRED_TOO, _HIDDEN = map(STAGING_COLUMNS.index, ("phone", "barred_too", "hidden"))
_NOTHING = dict.fromkeys((*DETAIL_NAMES, "cell_words", "barred_too")) | {
    "properties": "{}",
    "name_key": "",
    "search_text": "",
    "problems": "[]",
    "raw": "[]",
    "warned": False,
    "unclear": False,
    "hidden": False,
}


def drop_erased(customer: Customer, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """The rows of people who asked to be erased say nothing any more but that they were there."""
    numbers = {row[_PHONE] for row in rows if row[_PHONE]}
    numbers.update(*(json.loads(row[_BARRED_TOO]) for row in rows if row[_BARRED_TOO]))
    erased = erased_among(customer, numbers)
    return [_without(erased, row) for row in rows] if erased else list(rows)


def _without(erased: Collection[str], row: StagedRow) -> StagedRow:
    """Of several numbers the others keep their No."""
    own = [row[_PHONE], *json.loads(row[_BARRED_TOO] or "[]")]
    left = [phone for phone in own if phone not in erased]
    if len(left) == len(own):
        return row
    said = dict(zip(STAGING_COLUMNS, row, strict=True))
    phone, *others = left or [None]
    no = {"phone": phone, "barred": True, "barred_too": json.dumps(others) if others else None}
    return tuple((said | _NOTHING | no).values())


def empty_hidden(rows: Sequence[StagedRow]) -> list[StagedRow]:
    """Rows that are left out as hidden say nothing but a No, and their number, by which they are found."""
    return [_emptied(row) if row[_HIDDEN] else row for row in rows]


def _emptied(row: StagedRow) -> StagedRow:
    said = dict(zip(STAGING_COLUMNS, row, strict=True))
    kept = {"raw": said["raw"], "cell_words": said["cell_words"] or said["search_text"]}
    kept["barred_too"] = said["barred_too"]
    return tuple((said | _NOTHING | kept | {"barred": said["barred"], "hidden": True}).values())


def spell_alike(job: Import, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """A number that the group, or a row before it, has in another spelling is the same person's."""
    ways = several_ways(row[_PHONE] for row in rows if row[_PHONE])
    if not ways:
        return list(rows)
    asked = Listed([way for own in ways.values() for way in own])
    earlier = ImportRow.objects.filter(job=job, phone__in=asked).exclude(kind=RowKind.HIDDEN)
    said = set(earlier.values_list("phone", flat=True))
    known = as_known(job.group, ways)
    spelt = []
    for row in rows:
        phone = row[_PHONE]
        if own := ways.get(phone):
            phone = known.get(phone) or next((way for way in own if way in said), phone)
            said.add(phone)
        spelt.append((*row[:_PHONE], phone, *row[_PHONE + 1 :]))
    return spelt


@contextmanager
def staging_table(cursor: CursorWrapper, rows: Iterable[StagedRow]) -> Iterator[None]:
    """The rows as the table import_staging, inside a transaction; `raw` as text, since few are kept."""
    columns = ", ".join(
        "CAST('' AS text) AS raw" if column == "raw" else column for column in STAGING_COLUMNS
    )
    cursor.execute(
        f"CREATE TEMPORARY TABLE import_staging AS SELECT {columns} FROM contacts_importrow WHERE FALSE"
    )
    copy_rows(cursor, "import_staging", STAGING_COLUMNS, rows)
    yield
    cursor.execute("DROP TABLE import_staging")
