"""Files that are made to hurt whoever reads them: small as they are sent, and large or endless inside."""

import io
import struct
import zipfile
from collections.abc import Callable
from random import Random

from contacts.tests.workbook_files import BOOK, by_hand

PoisonFiles = dict[str, tuple[Callable[[], bytes], set[str]]]
Times = Callable[[int], int]

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

    kinds = (_cells, _strings_and_styles, _tags, _sheets, _parts_of_books, _archives, _open_documents)
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
        "noise in an old workbook": (lambda: ole(Random(1).randbytes(SENT)), {"damaged", "too_large"}),
        "a line of an address book": (
            lambda: b"BEGIN:VCARD\nN:" + b"a" * times(100 * MB),
            {"damaged"},
        ),
        "cards of nobody": (lambda: b"BEGIN:VCARD\n" * (SENT // 12), {"header_only", "empty"}),
        "cards of nobody with names": (
            lambda: b"BEGIN:VCARD\nFN: ;\nX-A:1\nEND:VCARD\n" * (SENT // 35),
            {"header_only", "empty"},
        ),
        "a line of a text": (lambda: b"Puhelin;Nimi\n0401234567;" + b"a" * SENT, {"long_cell"}),
        "a quotation mark of a text": (
            lambda: b'Puhelin;Nimi\n0401234567;"' + b"a;b\n" * (SENT // 4),
            {"open_quote", "long_cell"},
        ),
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


def ods(table: str) -> bytes:
    content = (
        f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
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
