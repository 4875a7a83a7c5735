"""The answer that brings a person a spreadsheet."""

from enum import StrEnum

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from contacts.exporting.spreadsheet_writers import Rows, csv_lines, xlsx_blocks
from contacts.text.excel import MAX_ROWS

MAX_WORKBOOK_ROWS = MAX_ROWS - 1  # below the header


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def download(
    rows: Rows, *, name: str, as_a: Format = Format.CSV, delimiter: str = ";"
) -> StreamingHttpResponse:
    """Rows are read while they are sent. `name`: of the file, without its ending."""
    disposition = {"Content-Disposition": content_disposition_header(True, f"{name}.{as_a}")}
    if as_a == Format.XLSX:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return StreamingHttpResponse(xlsx_blocks(rows), content_type=kind, headers=disposition)
    lines = csv_lines(rows, delimiter=delimiter)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=disposition)
