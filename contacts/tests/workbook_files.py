"""Workbooks, as Excel writes them and as nobody would."""

import io
import zipfile

import xlsxwriter

BOOK = (
    '<workbook xmlns:r="urn:r"><sheets><sheet name="1" sheetId="1" r:id="a"/></sheets></workbook>',
    '<Relationships><Relationship Id="a" Type="o/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
)


def written(rows: list[list[object]], **options: object) -> bytes:
    """By a library, as Excel would."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return content.getvalue()


def by_hand(sheet: str, *, other: dict[str, bytes] | None = None) -> bytes:
    """Of bare parts: what stands in <worksheet>."""
    parts = {
        "xl/workbook.xml": BOOK[0].encode(),
        "xl/_rels/workbook.xml.rels": BOOK[1].encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet>{sheet}</worksheet>".encode(),
        **(other or {}),
    }
    return archive(parts)


def archive(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def text(*rows: list[str]) -> str:
    """Rows of inline text, numbered from 1."""
    return "".join(
        f'<row r="{number}">'
        + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        + "</row>"
        for number, cells in enumerate(rows, start=1)
    )


def lying(content: bytes, name: str, size: int) -> bytes:
    """The archive, with a part that says it is of another size than it is."""
    said = bytearray(content)
    entry = said.index(name.encode(), said.index(b"PK\x01\x02")) - 46
    said[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(said)
