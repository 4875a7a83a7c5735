"""The rows that were not taken, as a file that can be mended and imported again."""

import csv
from collections.abc import Iterator

from contacts.formulas import defuse
from contacts.importing.columns import REASON_HEADER
from contacts.importing.comparing import Kind
from contacts.models import Import, ImportRow

REASONS = {
    Kind.DUPLICATE: "An earlier row has this number.",
    Kind.OPTED_OUT: "This person asked for no messages.",
}


def lines(job: Import) -> Iterator[str]:
    """CSV as Excel reads it, streamed: the file's own columns and a reason. Formulas are defused."""
    writer = csv.writer(_Echo(), delimiter=job.delimiter or ";")
    yield "\ufeff" + writer.writerow([*map(defuse, job.header), REASON_HEADER])
    rows = ImportRow.objects.filter(job=job, kind__in=[Kind.INVALID, Kind.DUPLICATE]).order_by("line")
    for row in rows.iterator(chunk_size=500):
        cells = [*row.raw, *[""] * (len(job.header) - len(row.raw))][: len(job.header)]
        yield writer.writerow([*map(defuse, cells), _reason(row)])


def _reason(row: ImportRow) -> str:
    reasons = [f"{problem['reason']}" for problem in row.problems]
    return f"Row {row.line}: " + (" ".join(reasons) or REASONS.get(Kind(row.kind), ""))


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
