"""What a file was read as, and files to read."""

import io

import xlsxwriter

from contacts.importing import checking, import_lifecycle
from contacts.models import Import, ImportRow


def people(job: Import) -> list[tuple[int, str, str, str]]:
    """Row, kind, number and names, of a file that is checked as it is read."""
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)
    rows = ImportRow.objects.filter(job=job)
    return [
        (row.line, row.kind, row.phone or "", f"{row.first_name or ''} {row.last_name or ''}".strip())
        for row in rows
    ]


def asked(job: Import) -> dict[str, str]:
    return {question["about"]: question["guess"] for question in job.questions}


def workbook(**sheets: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return content.getvalue()
