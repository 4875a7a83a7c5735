"""The rows of a list that get nothing, as a file that can be mended and uploaded again."""

from collections.abc import Iterator

from contacts.importing.columns.column_mapping import REASON_HEADER
from contacts.text.formula_injection import unescape_formula
from messaging.campaigns.models import PeopleList
from messaging.campaigns.models.people_list import NOT_TAKEN


def rejected_rows(people_list: PeopleList) -> Iterator[list[str]]:
    """The file's own columns, and the reason with the row's number."""
    header = people_list.header
    yield [*header, REASON_HEADER]
    rows = people_list.rows.filter(kind__in=NOT_TAKEN)
    for row in rows.iterator(chunk_size=500):
        cells = [*map(str, row.raw), *[""] * len(header)][: len(header)]
        yield [*map(unescape_formula, cells), f"Row {row.line}: {row.reason}"]
