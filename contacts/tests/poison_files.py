"""Files that are made to hurt whoever reads them: small as they are sent, and large or endless inside."""

import zipfile
from collections.abc import Callable
from random import Random

from contacts.tests.old_workbooks import in_a_circle, many_sheets, old_workbook
from contacts.tests.poison_parts import (
    ALL_RELATIONS,
    BOOK_PART,
    CELL,
    MB,
    RELATIONS,
    ROW,
    SENT,
    SHEET,
    many_parts,
    ods,
    ole,
    parts,
    rows_of,
    said_to_be_few,
    strings,
    styles,
    xlsx,
)
from contacts.tests.workbook_files import BOOK, by_hand

PoisonFiles = dict[str, tuple[Callable[[], bytes], set[str]]]
Times = Callable[[int], int]
_NUMBERS = [(row, column, 7.0) for row in range(1_000) for column in range(8)]


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
            lambda: xlsx(ROW * 29 + f'<row><c r="{"A" * times(2_500_000)}30"/></row>'),
            {"damaged"},
        ),
        "a reference of 200 letters": (lambda: xlsx(ROW + f'<row><c r="{"A" * 200}2"/></row>'), {"damaged"}),
        "a column beyond XFD": (lambda: xlsx(ROW + '<row><c r="XFE2"/></row>'), {"damaged"}),
        "a row beyond the last": (lambda: xlsx(ROW + '<row><c r="A1048577"/></row>'), {"damaged"}),
        "cells in the same place": (lambda: xlsx(ROW + '<row><c r="A2"/><c r="A2"/></row>'), {"damaged"}),
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
        "nested tags": (lambda: xlsx(ROW + "<a>" * times(5_000_000)), {"damaged"}),
        "nested tags in shared strings": (lambda: strings("<si>" * times(5_000_000)), {"damaged"}),
        "nested cells": (lambda: xlsx("<row>" + "<c>" * times(5_000_000)), {"damaged"}),
        "tags beside the rows": (lambda: xlsx(ROW + "<a/>" * times(25_000_000)), {"too_large"}),
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
            lambda: xlsx(ROW + ("<a " + " ".join(f'a{n}=""' for n in range(60)) + "/>") * 100_000),
            {"too_large"},
        ),
        "references": (lambda: xlsx(ROW + f"<a>{'&#65;' * 6_000_000}</a>"), {"too_large"}),
        "a value of an attribute": (lambda: xlsx(ROW + f'<row a="{"a" * times(100 * MB)}"/>'), {"damaged"}),
        "attributes of one tag": (
            lambda: xlsx(ROW + "<row " + " ".join(f'a{n}=""' for n in range(times(500_000))) + "/>"),
            {"damaged"},
        ),
        "a name of a tag": (lambda: xlsx(ROW + f"<{'a' * times(50 * MB)}/>"), {"damaged"}),
        "a comment": (lambda: xlsx(ROW + f"<!--{'a' * times(100 * MB)}-->"), {"damaged"}),
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
                ROW + '<mergeCell ref="A9999999:A1"/><mergeCell ref="A1:A9999999"/>' * times(50_000),
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
                    RELATIONS: "<Relationships>"
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
                    BOOK_PART: '<workbook xmlns:r="urn:r"><sheets>'
                    + "".join(f'<sheet name="{n}" sheetId="1" r:id="a"/>' for n in range(times(1_000_000)))
                    + "</sheets></workbook>"
                }
            ),
            {"too_large"},
        ),
        "a name of a sheet": (
            lambda: parts(
                {
                    BOOK_PART: '<workbook xmlns:r="urn:r"><sheets><sheet name="'
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
            lambda: parts({SHEET: "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><worksheet>&b;</worksheet>"}),
            {"damaged"},
        ),
        "a packing of the slow kind": (lambda: parts({}, zipfile.ZIP_LZMA), {"damaged"}),
        "a bomb that is declared": (
            lambda: by_hand(ROW, other={"xl/media/image.bin": bytes(times(300 * MB))}),
            {"too_large"},
        ),
    }


def _open_documents(times: Times) -> PoisonFiles:
    return {
        "rows of an open document": (lambda: ods(rows_of(1_000_000_000, CELL)), {"too_large"}),
        "blank rows of an open document": (
            lambda: ods(rows_of(1, CELL) + rows_of(1_000_000_000, "<table:table-cell/>") + rows_of(1, CELL)),
            {"too_large"},
        ),
        "cells of an open document": (
            lambda: ods(
                rows_of(1_000_000, CELL.replace("cell ", 'cell table:number-columns-repeated="16384" ', 1))
            ),
            {"too_large"},
        ),
        "texts of an open document": (
            lambda: ods(rows_of(100_000, CELL.replace(">a<", f">{'a' * 30_000}<"))),
            {"too_large"},
        ),
        "nested tags of an open document": (lambda: ods("<text:p>" * times(5_000_000)), {"damaged"}),
        "a text of an open document": (
            lambda: ods(rows_of(1, CELL.replace(">a<", f">{'a' * times(100 * MB)}<"))),
            {"long_cell"},
        ),
    }


def _repeated(times: Times) -> PoisonFiles:
    """Of an open document, with numbers that no sheet has."""
    shown = '<table:table-cell office:value-type="float" office:value="4012" '
    shown += 'table:number-columns-repeated="2147483647"><text:p>04012</text:p></table:table-cell>'
    below_zero = rows_of(5, CELL) + rows_of(-(10**9), CELL) + rows_of(10**9, CELL)
    return {
        "rows beyond all sheets": (lambda: ods(rows_of(2**31, CELL)), {"too_large"}),
        "rows beyond all numbers": (lambda: ods(rows_of(10**3000, CELL)), {"too_large", "damaged"}),
        "rows below zero": (lambda: ods(below_zero), {"damaged", "too_large"}),
        "columns that show something before a number": (lambda: ods(rows_of(1, shown)), {"too_large"}),
        "such columns in very many rows": (lambda: ods(rows_of(2**31, shown)), {"too_large"}),
        "tables": (lambda: ods("</table:table><table:table>" * times(1_000_000)), {"too_large"}),
    }


def _types_of_documents(times: Times) -> PoisonFiles:
    bomb = "<!DOCTYPE a [<!ENTITY b 'bb'>" + "".join(
        f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 10)
    )
    outside = '<!DOCTYPE a SYSTEM "file:///etc/passwd">'
    names = {
        "the workbook": BOOK_PART,
        "its relations": RELATIONS,
        "its strings": "xl/s.xml",
        "styles": "xl/t.xml",
    }
    usual = {RELATIONS: ALL_RELATIONS, "xl/s.xml": "<sst/>", "xl/t.xml": "<styleSheet/>"}
    found: PoisonFiles = {
        f"a type of document in {name}": (
            lambda part=part: parts(usual | {part: f"{bomb}]><a>&b9;</a>"}),  # type: ignore[misc]
            {"damaged"},
        )
        for name, part in names.items()
    }
    elsewhere = BOOK[1].replace("worksheets/sheet1.xml", "http://127.0.0.1:9/sheet1.xml")
    return found | {
        "a type of document from elsewhere": (lambda: parts({SHEET: f"{outside}<worksheet/>"}), {"damaged"}),
        "a sheet from elsewhere": (lambda: parts({RELATIONS: elsewhere}), {"damaged"}),
        "a sheet from a folder above": (
            lambda: parts({RELATIONS: BOOK[1].replace("worksheets/", "../../../../etc/")}),
            {"damaged"},
        ),
        "a type of an open document": (lambda: ods("", before=f"{bomb}]>"), {"damaged"}),
        "very many parts": (lambda: many_parts(100_000), {"not_a_spreadsheet"}),
        "very many parts that are said to be few": (
            lambda: said_to_be_few(many_parts(100_000)),
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
