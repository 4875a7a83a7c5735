"""The rows that were not taken, as a file that can be mended and imported again."""

from collections.abc import Iterator, Sequence

from contacts.exporting.spreadsheet_writers import csv_lines
from contacts.importing.columns.column_mapping import REASON_HEADER
from contacts.models import Import, ImportRow
from contacts.models.import_rows import RowKind
from contacts.text.formula_injection import unescape_formula

REASONS = {
    RowKind.DUPLICATE: "An earlier row has this number.",
    RowKind.OPTED_OUT: "This person has opted out.",
}


LEFT_OUT = (RowKind.UNCLEAR, RowKind.INVALID, RowKind.DUPLICATE)


def rejected_rows(job: Import, kinds: Sequence[RowKind] = LEFT_OUT) -> Iterator[list[str]]:
    """The file's own columns and a reason.

    Imported again as they are, duplicates overwrite whom the first row of their number has brought: a person
    takes them apart from the rows that only have to be mended.
    """
    yield [*job.header, REASON_HEADER]
    left_out = ImportRow.objects.filter(job=job, kind__in=kinds).order_by("line")
    for row in left_out.iterator(chunk_size=500):
        cells = row.cells(job.mapping)
        cells = [*cells, *[""] * (len(job.header) - len(cells))][: len(job.header)]
        yield [*map(unescape_formula, cells), _reason(row)]


def rejected_lines(job: Import) -> Iterator[str]:
    """The same as CSV, with the file's own delimiter."""
    return csv_lines(rejected_rows(job), delimiter=job.delimiter or ";")


def _reason(row: ImportRow) -> str:
    reasons = [f"{problem['reason']}" for problem in row.problems]
    return f"Row {row.line}: " + (" ".join(reasons) or REASONS.get(RowKind(row.kind), ""))
