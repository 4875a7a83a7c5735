"""Files that are made to hurt whoever reads them: small as they are sent, and large or endless inside."""

import io
import struct
import zipfile
from collections.abc import Callable
from random import Random

from contacts.tests.old_workbooks import in_a_circle, many_sheets, old_workbook
from contacts.tests.workbook_files import BOOK, by_hand

PoisonFiles = dict[str, tuple[Callable[[], bytes], set[str]]]
Times = Callable[[int], int]
_NUMBERS = [(row, column, 7.0) for row in range(1_000) for column in range(8)]

MB = 1024 * 1024
SENT = 1_400_000  # bytes that each is padded to: what is unpacked is then no great multiple of it
_BOOK, _RELATIONS, _SHEET = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"
_RELATIONS_OF = BOOK[1].replace(
    "</Rel",
    '<Relationship Id="s" Type="o/sharedStrings" Target="s.xml"/>'
    '<Relationship Id="t" Type="o/styles" Target="t.xml"/></Rel',
    1,
)
_ROW = '<row><c t="inlineStr"><is><t>0401234567</t></is></c></row>'
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_CELL = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'


def poison_files(scale: float = 1.0) -> PoisonFiles:
    """By name: what makes each, and the codes it may be refused with. `scale`: of what is repeated."""

    def times(number: int) -> int:
        return int(number * scale)

    kinds = (
        *(_cells, _strings_and_styles, _tags, _sheets, _parts_of_books, _archives, _types_of_documents),
        *(_open_documents, _repeated, _old_workbooks, _texts),
    )
    return {name: each for kind in kinds for name, each in kind(times).items()}


def _cells(times: Times) -> PoisonFiles:
    return {
        "letters of a reference in the header": (
            lambda: xlsx(f'<row><c r="{"A" * times(2_500_000)}1"/></row>'),
            {"damaged"},
        ),
        "letters of a reference in row 30": (
            lambda: xlsx(_ROW * 29 + f'<row><c r="{"A" * times(2_500_000)}30"/></row>'),
            {"damaged"},
        ),
        "a reference of 200 letters": (lambda: xlsx(_ROW + f'<row><c r="{"A" * 200}2"/></row>'), {"damaged"}),
        "a column beyond XFD": (lambda: xlsx(_ROW + '<row><c r="XFE2"/></row>'), {"damaged"}),
        "a row beyond the last": (lambda: xlsx(_ROW + '<row><c r="A1048577"/></row>'), {"damaged"}),
        "cells in the same place": (lambda: xlsx(_ROW + '<row><c r="A2"/><c r="A2"/></row>'), {"damaged"}),
    }


def _strings_and_styles(times: Times) -> PoisonFiles:
    return {
        "one shared string": (lambda: strings(f"<si><t>{'a' * times(100 * MB)}</t></si>"), {"long_cell"}),
        "a shared string of many runs": (
            lambda: strings(f"<si>{'<r><t>abcdefgh</t></r>' * times(5_000_000)}</si>"),
            {"long_cell", "too_large"},
        ),
        "very many shared strings": (
            lambda: strings("<si><t>ab</t></si>" * times(4_000_000)),
            {"too_large"},
        ),
        "empty shared strings": (lambda: strings("<si/>" * times(25_000_000)), {"too_large"}),
        "styles": (lambda: styles("<cellXfs>" + "<xf/>" * times(18_000_000) + "</cellXfs>"), {"damaged"}),
        "formats": (
            lambda: styles(
                "".join(f'<numFmt numFmtId="{n}" formatCode="d"/>' for n in range(times(1_000_000)))
            ),
            {"damaged"},
        ),
    }


def _tags(times: Times) -> PoisonFiles:
    return {
        "nested tags": (lambda: xlsx(_ROW + "<a>" * times(5_000_000)), {"damaged"}),
        "nested tags in shared strings": (lambda: strings("<si>" * times(5_000_000)), {"damaged"}),
        "nested cells": (lambda: xlsx("<row>" + "<c>" * times(5_000_000)), {"damaged"}),
        "tags beside the rows": (lambda: xlsx(_ROW + "<a/>" * times(25_000_000)), {"too_large"}),
        "cells of one row": (lambda: xlsx("<row>" + "<c/>" * times(25_000_000) + "</row>"), {"damaged"}),
        "cells of many rows": (
            lambda: xlsx(("<row>" + "<c/>" * 16_000 + "</row>") * times(1_500)),
            {"too_large"},
        ),
        "cells of the usual width": (
            lambda: xlsx(("<row>" + "<c/>" * 299 + "</row>") * times(18_900)),
            {"empty", "too_large"},
        ),
        "attributes of many tags": (
            lambda: xlsx(_ROW + ("<a " + " ".join(f'a{n}=""' for n in range(60)) + "/>") * 100_000),
            {"too_large"},
        ),
        "references": (lambda: xlsx(_ROW + f"<a>{'&#65;' * 6_000_000}</a>"), {"too_large"}),
        "a value of an attribute": (lambda: xlsx(_ROW + f'<row a="{"a" * times(100 * MB)}"/>'), {"damaged"}),
        "attributes of one tag": (
            lambda: xlsx(_ROW + "<row " + " ".join(f'a{n}=""' for n in range(times(500_000))) + "/>"),
            {"damaged"},
        ),
        "a name of a tag": (lambda: xlsx(_ROW + f"<{'a' * times(50 * MB)}/>"), {"damaged"}),
        "a comment": (lambda: xlsx(_ROW + f"<!--{'a' * times(100 * MB)}-->"), {"damaged"}),
    }


def _sheets(times: Times) -> PoisonFiles:
    return {
        "a text of a cell": (
            lambda: xlsx(f'<row><c t="str"><v>{"a" * times(100 * MB)}</v></c></row>'),
            {"long_cell"},
        ),
        "one text in every cell": (
            lambda: strings(
                f"<si><t>{'a' * 32_000}</t></si>",
                ("<row>" + '<c t="s"><v>0</v></c>' * 300 + "</row>") * times(10_000),
            ),
            {"long_cell"},
        ),
        "hidden rows": (lambda: xlsx('<row hidden="1"/>' * times(6_000_000)), {"damaged", "too_large"}),
        "merged cells that take each other back": (
            lambda: xlsx(
                _ROW + '<mergeCell ref="A9999999:A1"/><mergeCell ref="A1:A9999999"/>' * times(50_000),
                padded=False,
            ),
            {"damaged"},
        ),
    }


def _parts_of_books(times: Times) -> PoisonFiles:
    return {
        "relations": (
            lambda: parts(
                {
                    _RELATIONS: "<Relationships>"
                    + "".join(
                        f'<Relationship Id="{n}" Type="o/x" Target="y"/>' for n in range(times(500_000))
                    )
                    + "</Relationships>"
                }
            ),
            {"damaged"},
        ),
        "sheets": (
            lambda: parts(
                {
                    _BOOK: '<workbook xmlns:r="urn:r"><sheets>'
                    + "".join(f'<sheet name="{n}" sheetId="1" r:id="a"/>' for n in range(times(1_000_000)))
                    + "</sheets></workbook>"
                }
            ),
            {"too_large"},
        ),
        "a name of a sheet": (
            lambda: parts(
                {
                    _BOOK: '<workbook xmlns:r="urn:r"><sheets><sheet name="'
                    + "a" * 100_000
                    + '" sheetId="1" r:id="a"/></sheets></workbook>'
                }
            ),
            {"damaged"},
        ),
    }


def _archives(times: Times) -> PoisonFiles:
    return {
        "entities": (
            lambda: parts({_SHEET: "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><worksheet>&b;</worksheet>"}),
            {"damaged"},
        ),
        "a packing of the slow kind": (lambda: parts({}, zipfile.ZIP_LZMA), {"damaged"}),
        "a bomb that is declared": (
            lambda: by_hand(_ROW, other={"xl/media/image.bin": bytes(times(300 * MB))}),
            {"too_large"},
        ),
    }


def _open_documents(times: Times) -> PoisonFiles:
    return {
        "rows of an open document": (lambda: ods(_rows(1_000_000_000, _CELL)), {"too_large"}),
        "blank rows of an open document": (
            lambda: ods(_rows(1, _CELL) + _rows(1_000_000_000, "<table:table-cell/>") + _rows(1, _CELL)),
            {"too_large"},
        ),
        "cells of an open document": (
            lambda: ods(
                _rows(1_000_000, _CELL.replace("cell ", 'cell table:number-columns-repeated="16384" ', 1))
            ),
            {"too_large"},
        ),
        "texts of an open document": (
            lambda: ods(_rows(100_000, _CELL.replace(">a<", f">{'a' * 30_000}<"))),
            {"too_large"},
        ),
        "nested tags of an open document": (lambda: ods("<text:p>" * times(5_000_000)), {"damaged"}),
        "a text of an open document": (
            lambda: ods(_rows(1, _CELL.replace(">a<", f">{'a' * times(100 * MB)}<"))),
            {"long_cell"},
        ),
    }


def _repeated(times: Times) -> PoisonFiles:
    """Of an open document, with numbers that no sheet has."""
    shown = '<table:table-cell office:value-type="float" office:value="4012" '
    shown += 'table:number-columns-repeated="2147483647"><text:p>04012</text:p></table:table-cell>'
    below_zero = _rows(5, _CELL) + _rows(-(10**9), _CELL) + _rows(10**9, _CELL)
    return {
        "rows beyond all sheets": (lambda: ods(_rows(2**31, _CELL)), {"too_large"}),
        "rows beyond all numbers": (lambda: ods(_rows(10**3000, _CELL)), {"too_large", "damaged"}),
        "rows below zero": (lambda: ods(below_zero), {"damaged", "too_large"}),
        "columns that show something before a number": (lambda: ods(_rows(1, shown)), {"too_large"}),
        "such columns in very many rows": (lambda: ods(_rows(2**31, shown)), {"too_large"}),
        "tables": (lambda: ods("</table:table><table:table>" * times(1_000_000)), {"too_large"}),
    }


def _types_of_documents(times: Times) -> PoisonFiles:
    bomb = "<!DOCTYPE a [<!ENTITY b 'bb'>" + "".join(
        f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 10)
    )
    outside = '<!DOCTYPE a SYSTEM "file:///etc/passwd">'
    names = {
        "the workbook": _BOOK,
        "its relations": _RELATIONS,
        "its strings": "xl/s.xml",
        "styles": "xl/t.xml",
    }
    usual = {_RELATIONS: _RELATIONS_OF, "xl/s.xml": "<sst/>", "xl/t.xml": "<styleSheet/>"}
    found: PoisonFiles = {
        f"a type of document in {name}": (
            lambda part=part: parts(usual | {part: f"{bomb}]><a>&b9;</a>"}),  # type: ignore[misc]
            {"damaged"},
        )
        for name, part in names.items()
    }
    elsewhere = BOOK[1].replace("worksheets/sheet1.xml", "http://127.0.0.1:9/sheet1.xml")
    return found | {
        "a type of document from elsewhere": (lambda: parts({_SHEET: f"{outside}<worksheet/>"}), {"damaged"}),
        "a sheet from elsewhere": (lambda: parts({_RELATIONS: elsewhere}), {"damaged"}),
        "a sheet from a folder above": (
            lambda: parts({_RELATIONS: BOOK[1].replace("worksheets/", "../../../../etc/")}),
            {"damaged"},
        ),
        "a type of an open document": (lambda: ods("", before=f"{bomb}]>"), {"damaged"}),
        "very many parts": (lambda: _many_parts(100_000), {"not_a_spreadsheet"}),
        "very many parts that are said to be few": (
            lambda: _said_to_be_few(_many_parts(100_000)),
            {"not_a_spreadsheet", "damaged"},
        ),
    }


def _old_workbooks(times: Times) -> PoisonFiles:
    return {
        "noise in an old workbook": (lambda: ole(Random(1).randbytes(SENT)), {"damaged", "too_large"}),
        "a directory in a circle": (
            lambda: in_a_circle(old_workbook(_NUMBERS), directory=True),
            {"damaged", "too_large"},
        ),
        "sheets of an old workbook in one place": (lambda: many_sheets(900, 60_000), {"damaged"}),
        "very many sheets of an old workbook": (lambda: many_sheets(60_000, 10), {"too_large"}),
    }


def _texts(times: Times) -> PoisonFiles:
    return {
        "a line of an address book": (
            lambda: b"BEGIN:VCARD\nN:" + b"a" * times(100 * MB),
            {"damaged"},
        ),
        "cards of nobody": (lambda: b"BEGIN:VCARD\n" * (SENT // 12), {"header_only", "empty"}),
        "cards of nobody with names": (
            lambda: b"BEGIN:VCARD\nFN: ;\nX-A:1\nEND:VCARD\n" * (SENT // 35),
            {"header_only", "empty"},
        ),
        "a picture of nobody": (
            lambda: b"BEGIN:VCARD\nPHOTO;ENCODING=b:\n" + b" QUFB\n" * (SENT // 6) + b"END:VCARD\n",
            {"header_only", "empty"},
        ),
        "a line of a text": (lambda: b"Puhelin;Nimi\n0401234567;" + b"a" * SENT, {"long_cell"}),
        "a line of a hundred megabytes": (lambda: b"Puhelin;Nimi;" + b"a;" * times(50 * MB), {"long_cell"}),
        "a row of very many cells": (
            lambda: b"Puhelin;Nimi\n" + (b"a;" * 400_000 + b'"\n"') * 20,
            {"long_cell", "open_quote"},
        ),
        "a quotation mark of a text": (
            lambda: b'Puhelin;Nimi\n0401234567;"' + b"a;b\n" * (SENT // 4),
            {"open_quote", "long_cell"},
        ),
        "nothing but zeros": (lambda: bytes(SENT), {"not_a_spreadsheet"}),
        "zeros between letters": (lambda: b"Puhelin\n" + b"0\0\0" * (SENT // 3), {"not_a_spreadsheet"}),
    }


def costly_files() -> dict[str, Callable[[], bytes]]:
    """Which are taken: each says as much as it may of as many people as it may hold."""
    card = "BEGIN:VCARD\nVERSION:2.1\n{}\nEND:VCARD\n"
    coded = "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET={}:" + "=41=\n" * 9_000
    return {
        "tiny cards": lambda: b"BEGIN:VCARD\nTEL:0401234567\nEND:VCARD\n" * (SENT // 38),
        "cards of a letter": lambda: b"BEGIN:VCARD\nFN:A\nEND:VCARD\n" * (SENT // 28),
        "cards with codes": lambda: card.format("TEL:1\n" + coded.format("utf-8")).encode() * 25,
        "cards in odd alphabets": lambda: card.format("TEL:1\n" + coded.format("punycode")).encode() * 25,
        "cards of very many numbers": lambda: card.format("TEL;CELL:1\n" * 190).encode() * 600,
        "cards of commas": lambda: card.format("TEL:1\nCATEGORIES:" + "\\,," * 20_000).encode() * 23,
        "cards of quotation marks": lambda: (
            card.format("TEL:1\n" + ("NOTE" + ';a="b' * 9_000 + ":x")).encode() * 30
        ),
        "an old workbook in a circle": lambda: in_a_circle(old_workbook(_NUMBERS)),
        "tiny rows": lambda: b"Puhelin\n" + b"040\n" * (SENT // 4),
    }


def xlsx(sheet: str, *, padded: bool = True) -> bytes:
    return parts({_SHEET: f"<worksheet>{sheet}</worksheet>"}, padded=padded)


def strings(shared: str, sheet: str = _ROW) -> bytes:
    return parts(
        {
            _RELATIONS: _RELATIONS_OF,
            "xl/s.xml": f"<sst>{shared}</sst>",
            "xl/t.xml": "<styleSheet/>",
            _SHEET: f"<worksheet>{sheet}</worksheet>",
        }
    )


def styles(sheet: str) -> bytes:
    return parts(
        {_RELATIONS: _RELATIONS_OF, "xl/s.xml": "<sst/>", "xl/t.xml": f"<styleSheet>{sheet}</styleSheet>"}
    )


def parts(named: dict[str, str], packing: int = zipfile.ZIP_DEFLATED, *, padded: bool = True) -> bytes:
    """A workbook with these in place of its own, made as large as one whose size is no warning."""
    usual = {_BOOK: BOOK[0], _RELATIONS: BOOK[1], _SHEET: f"<worksheet>{_ROW}</worksheet>"}
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


def _many_parts(number: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in (_BOOK, _RELATIONS, _SHEET):
            archive.writestr(name, "<a/>")
        for each in range(number):
            archive.writestr(zipfile.ZipInfo(f"{each}"), b"")
    return content.getvalue()


def _said_to_be_few(archive: bytes) -> bytes:
    """The mark of its end is within the mark of its end, where nobody reads it but who looks for the last."""
    end = bytearray(archive[-22:])
    end[4:8] = b"PK\x05\x06"
    end[16:20] = bytes(4)
    return archive[:-22] + bytes(end)


def _rows(number: int, cells: str) -> str:
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
