"""What files that hurt are made of: workbooks and open documents with other parts than people's have."""

import io
import struct
import zipfile
from random import Random

from contacts.tests.workbook_files import BOOK

MB = 1024 * 1024
SENT = 1_400_000  # bytes that each is padded to: what is unpacked is then no great multiple of it
BOOK_PART, RELATIONS, SHEET = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"
ALL_RELATIONS = BOOK[1].replace(
    "</Rel",
    '<Relationship Id="s" Type="o/sharedStrings" Target="s.xml"/>'
    '<Relationship Id="t" Type="o/styles" Target="t.xml"/></Rel',
    1,
)
ROW = '<row><c t="inlineStr"><is><t>0401234567</t></is></c></row>'
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
CELL = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'


def xlsx(sheet: str, *, padded: bool = True) -> bytes:
    return parts({SHEET: f"<worksheet>{sheet}</worksheet>"}, padded=padded)


def strings(shared: str, sheet: str = ROW) -> bytes:
    return parts(
        {
            RELATIONS: ALL_RELATIONS,
            "xl/s.xml": f"<sst>{shared}</sst>",
            "xl/t.xml": "<styleSheet/>",
            SHEET: f"<worksheet>{sheet}</worksheet>",
        }
    )


def styles(sheet: str) -> bytes:
    return parts(
        {
            RELATIONS: ALL_RELATIONS,
            "xl/s.xml": "<sst/>",
            "xl/t.xml": f"<styleSheet>{sheet}</styleSheet>",
        }
    )


def parts(named: dict[str, str], packing: int = zipfile.ZIP_DEFLATED, *, padded: bool = True) -> bytes:
    """A workbook with these in place of its own, made as large as one whose size is no warning."""
    usual = {BOOK_PART: BOOK[0], RELATIONS: BOOK[1], SHEET: f"<worksheet>{ROW}</worksheet>"}
    return _packed(usual | named, packing, padded=padded)


def ods(table: str, *, before: str = "") -> bytes:
    content = (
        f"{before}<office:document-content {_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return _packed({"mimetype": mimetype, "content.xml": content}, zipfile.ZIP_DEFLATED, padded=True)


def ole(content: bytes) -> bytes:
    """A compound file whose header is right, and nothing else."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    return (header + bytes(6) + struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0)).ljust(
        512, b"\0"
    ) + content


def many_parts(number: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in (BOOK_PART, RELATIONS, SHEET):
            archive.writestr(name, "<a/>")
        for each in range(number):
            archive.writestr(zipfile.ZipInfo(f"{each}"), b"")
    return content.getvalue()


def said_to_be_few(archive: bytes) -> bytes:
    """The mark of its end is within the mark of its end, where nobody reads it but who looks for the last."""
    end = bytearray(archive[-22:])
    end[4:8] = b"PK\x05\x06"
    end[16:20] = bytes(4)
    return archive[:-22] + bytes(end)


def rows_of(number: int, cells: str) -> str:
    return f'<table:table-row table:number-rows-repeated="{number}">{cells}</table:table-row>'


def _packed(named: dict[str, str], packing: int, *, padded: bool) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in named.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else packing
            archive.writestr(zipfile.ZipInfo(name), part, kind)
        if padded and content.tell() < SENT:
            archive.writestr(zipfile.ZipInfo("docProps/noise"), Random(1).randbytes(SENT - content.tell()))
    return content.getvalue()
