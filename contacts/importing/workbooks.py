"""XLSX workbooks, parsed as a stream (SAX) and guarded against zip bombs: only some rows are in memory."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from contacts.importing import refusals
from contacts.importing.xlsx_sax import DateStyles, SharedStrings, SheetRows, local_name

MAX_UNPACKED_BYTES = 2 * 1024 * 1024 * 1024  # a million people, as we export them, are about 650 MB
# Lists of contacts unpack to ten or twenty times their size; what unpacks to far more is no list.
MAX_UNPACK_RATIO = 100
_SUSPECT_BYTES = 50 * 1024 * 1024
_MAX_DIRECTORY_BYTES = 1024 * 1024  # tens of parts are usual; each costs memory before any is read

_BLOCK = 64 * 1024
_BOOK = "xl/workbook.xml"
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    NotImplementedError,  # a compression that nobody uses
    RuntimeError,  # a password
    EOFError,
    OSError,
    KeyError,  # a part that is named and not there
    ValueError,
    IndexError,
)


def is_workbook(start: bytes) -> bool:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise refusals.old_workbook()
    return start.startswith(b"PK")


def read(path: Path) -> Iterator[list[str]]:
    """The first visible sheet's rows. A formula gives the value that Excel stored beside it; none is run.

    Where a program that does not calculate has stored none, it gives an error, which nobody takes for empty.
    """
    try:
        _measure_directory(path)
        with zipfile.ZipFile(path) as archive:
            _measure(archive, path.stat().st_size)
            yield from _rows(archive)
    except _UNREADABLE as error:
        raise refusals.damaged("workbook") from error


def sheet_names(path: Path) -> list[str]:
    """Of the visible sheets, of which the first is read; none of a file that is damaged or gone."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _book(archive).names
    except _UNREADABLE:
        return []


def _measure_directory(path: Path) -> None:
    """The archive's list of its parts, before it is read; that of a large archive (ZIP64) lies elsewhere."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 22 + 65_535), 2)
        start = file.tell()
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0:
            raise refusals.damaged("workbook")
        sizes = [struct.unpack_from("<L", tail, end + 12)[0]]
        if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":
            file.seek(start + end - 20 - 56)
            sizes = [struct.unpack_from("<Q", file.read(56), 40)[0]]
    if max(sizes) > _MAX_DIRECTORY_BYTES:
        raise refusals.not_a_spreadsheet("a compressed archive of very many parts")


def _measure(archive: zipfile.ZipFile, size: int) -> None:
    """What the parts say of their size; no part is read beyond what it says."""
    if _BOOK not in archive.namelist():
        raise refusals.not_a_spreadsheet("a compressed archive or another kind of document")
    unpacked = sum(part.file_size for part in archive.infolist())
    is_bomb = unpacked > _SUSPECT_BYTES and unpacked > size * MAX_UNPACK_RATIO
    if is_bomb or unpacked > MAX_UNPACKED_BYTES:
        raise refusals.too_large("it unpacks to more than a list of contacts needs")


def _rows(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    book = _book(archive)
    strings = SharedStrings()
    if book.strings:
        for _ in _parsed(archive, book.strings, strings.start, strings.end, strings.text):
            strings.check()
    dates = DateStyles(since_1904=book.since_1904)
    if book.styles:
        for _ in _parsed(archive, book.styles, dates.start, dates.end):
            pass
    rows = SheetRows(strings.all, dates)
    for _ in _parsed(archive, book.sheet, rows.start, rows.end, rows.text):
        yield from rows.take()


@dataclass
class _Book:
    """Where the parts are that are read; the first visible sheet is. `names`: of all that are visible."""

    names: list[str]
    sheet: str = ""
    strings: str = ""
    styles: str = ""
    since_1904: bool = False


def _book(archive: zipfile.ZipFile) -> _Book:
    targets: dict[str, tuple[str, str]] = {}  # by id: the kind of the part, and its name
    shown: list[tuple[str, str]] = []  # the name of each visible sheet, and its id
    book = _Book([])

    def relation(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship":
            kind = attributes["Type"].rpartition("/")[2]
            targets[attributes["Id"]] = (kind, posixpath.join("xl", attributes["Target"]).lstrip("/"))

    def part(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "workbookPr":
            book.since_1904 = attributes.get("date1904") in {"1", "true"}
        if local_name(name) == "sheet" and attributes.get("state", "visible") == "visible":
            title = attributes["name"]
            shown.extend((title, value) for key, value in attributes.items() if local_name(key) == "id")

    for _ in _parsed(archive, "xl/_rels/workbook.xml.rels", relation):
        pass
    for _ in _parsed(archive, _BOOK, part):
        pass
    sheets = [(sheet, targets[each][1]) for sheet, each in shown if targets[each][0] == "worksheet"]
    book.names, book.sheet = [sheet for sheet, _ in sheets], sheets[0][1]
    book.strings = next((name for kind, name in targets.values() if kind == "sharedStrings"), "")
    book.styles = next((name for kind, name in targets.values() if kind == "styles"), "")
    return book


def _parsed(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse a part, and pause after each block of it."""
    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    with archive.open(posixpath.normpath(name)) as part:
        while block := part.read(_BLOCK):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield


def _parser() -> XMLParserType:
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_entities
    return parser


def _refuse_entities(*_declaration: object) -> None:
    """No workbook declares a document type; a hostile one does, to let a few bytes stand for many."""
    raise refusals.damaged("workbook")
