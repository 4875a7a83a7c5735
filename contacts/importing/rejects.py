"""The rows that were not taken, as a file that can be mended and imported again."""

from collections.abc import Iterator, Sequence

from contacts.exporting.sheets import csv_lines
from contacts.formulas import restore
from contacts.importing.columns import REASON_HEADER
from contacts.importing.comparing import Kind
from contacts.models import Import, ImportRow

REASONS = {
    Kind.DUPLICATE: "An earlier row has this number.",
    Kind.OPTED_OUT: "This person asked for no messages.",
}


LEFT_OUT = (Kind.INVALID, Kind.DUPLICATE)


def rows(job: Import, kinds: Sequence[Kind] = LEFT_OUT) -> Iterator[list[str]]:
    """The file's own columns and a reason.

    Imported again as they are, duplicates overwrite whom the first row of their number has brought: a person
    takes them apart from the rows that only have to be mended.
    """
    yield [*job.header, REASON_HEADER]
    left_out = ImportRow.objects.filter(job=job, kind__in=kinds).order_by("line")
    for row in left_out.iterator(chunk_size=500):
        cells = row.cells(job.mapping)
        cells = [*cells, *[""] * (len(job.header) - len(cells))][: len(job.header)]
        yield [*map(restore, cells), _reason(row)]


def lines(job: Import) -> Iterator[str]:
    """The same as CSV, with the file's own delimiter."""
    return csv_lines(rows(job), delimiter=job.delimiter or ";")


def _reason(row: ImportRow) -> str:
    reasons = [f"{problem['reason']}" for problem in row.problems]
    return f"Row {row.line}: " + (" ".join(reasons) or REASONS.get(Kind(row.kind), ""))
