"""XLSX workbooks, parsed as a stream (SAX) and guarded against zip bombs: only some rows are in memory."""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers.expat import ExpatError

from contacts.importing.files import refusals
from contacts.importing.files.merged_cells import MergedCells
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.sheet_marks import MAX_SHEETS
from contacts.importing.files.xlsx_sax import NumberStyles, SharedStrings, SheetRows, local_name
from contacts.importing.files.xml_parts import XmlParts

MAX_UNPACKED_BYTES = 2 * 1024 * 1024 * 1024  # a million people, as we export them, are about 650 MB
# Lists of contacts unpack to ten or twenty times their size; what unpacks to far more is no list.
MAX_UNPACK_RATIO = 100
_SUSPECT_BYTES = 50 * 1024 * 1024
_END_BYTES = 22  # of the mark at its end, at the least
_MAX_DIRECTORY_BYTES = 1024 * 1024  # tens of parts are usual; each costs memory before any is read

_HAND_MADE_BYTES = 4 * 1024 * 1024  # of a sheet, unpacked: nobody merges cells in a larger one
_MAX_DEPTH = 16  # of elements in elements
_MAX_RELATIONS = 10_000
_MAX_NAME = 2_000  # characters of a sheet's name, or a part's
_ANY_STRINGS, _STRINGS_A_BYTE = 12 * 1024 * 1024, 16  # bytes of shared strings in memory, as the next
_MAX_STRINGS = 128 * 1024 * 1024
_ANY_BESIDE = 500_000  # and one a byte: what a sheet may have besides cells that say something
_OTHER_KINDS = {
    "word/": "a Word document",
    "ppt/": "a presentation",
    "content.xml": "a text document (OpenDocument)",
}
_OTHER_SPREADSHEETS = {
    "xl/workbook.bin": "a binary workbook of Excel’s (.xlsb)",
    "Index/": "an Apple Numbers document",
    "Index.zip": "an Apple Numbers document",
}
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


@contextmanager
def opened(path: Path) -> Iterator["Workbook"]:
    """Measured before any of it is read."""
    with archive_of(path) as archive:
        _measure(archive, path.stat().st_size)
        yield Workbook(archive, path.stat().st_size)


@contextmanager
def archive_of(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive of few parts, packed as spreadsheets are; what is unreadable about it is refused."""
    with _readable():
        _measure_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_packing(archive)
            yield archive


class Workbook:
    """An open one: the names of its visible sheets, and their rows."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._xml = XmlParts(archive, size, deepest=_MAX_DEPTH)
        self._most_strings = min(_ANY_STRINGS + _STRINGS_A_BYTE * size, _MAX_STRINGS)
        self._most_beside = _ANY_BESIDE + size
        self._parts = _parts(self._xml)
        self._strings: list[str] | None = None
        self._styles: NumberStyles | None = None

    @property
    def names(self) -> list[str]:
        return list(self._parts.sheets)

    def rows(self, name: str = "") -> Iterator[FileRow]:
        """The rows with cells of a sheet, by default the first.

        A formula gives the value that Excel stored beside it; none is run. Where a program that does not
        calculate has stored none, it gives a mark, which nobody takes for empty.
        """
        if name and name not in self._parts.sheets:
            raise refusals.no_such_sheet(name)
        return self._rows(self._parts.sheets[name or self.names[0]])

    def _rows(self, part: str) -> Iterator[FileRow]:
        with _readable():
            read_before = self._all_strings(), self._all_styles(), _merged(self._xml, part)
            rows = SheetRows(*read_before, most_beside=self._most_beside)
            for _ in self._xml.parse(part, rows.start, rows.end, rows.text):
                yield from rows.take()

    def _all_strings(self) -> list[str]:
        if self._strings is None:
            strings = SharedStrings(self._most_strings)
            if self._parts.strings:
                for _ in self._xml.parse(self._parts.strings, strings.start, strings.end, strings.text):
                    pass
            self._strings = strings.all
        return self._strings

    def _all_styles(self) -> NumberStyles:
        if self._styles is None:
            self._styles = styles = NumberStyles(since_1904=self._parts.since_1904)
            if self._parts.styles:
                for _ in self._xml.parse(self._parts.styles, styles.start, styles.end):
                    pass
        return self._styles


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise refusals.damaged("workbook") from error


def _measure_directory(path: Path) -> None:
    """The archive's list of its parts, before it is read."""
    with path.open("rb") as file:
        sizes = list(_directory_sizes(file, path.stat().st_size))
    if not sizes:
        raise refusals.damaged("workbook")
    if max(sizes) > _MAX_DIRECTORY_BYTES:
        raise refusals.not_a_spreadsheet("a compressed archive of very many parts")


def _directory_sizes(file: BinaryIO, size: int) -> Iterator[int]:
    """As each mark says that may be the archive's end; that of a large archive (ZIP64) says it elsewhere."""
    file.seek(-min(size, _END_BYTES + 65_535), 2)
    start = file.tell()
    tail = file.read()
    for mark in re.finditer(b"PK\x05\x06", tail):
        if (end := mark.start()) > len(tail) - _END_BYTES:
            continue
        large = b""
        if tail[max(end - 20, 0) : end].startswith(b"PK\x06\x07"):
            file.seek(max(start + end - 20 - 56, 0))
            large = file.read(56)
        if large.startswith(b"PK\x06\x06"):
            yield struct.unpack_from("<Q", large, 40)[0]
        else:
            yield struct.unpack_from("<L", tail, end + 12)[0]


def _measure(archive: zipfile.ZipFile, size: int) -> None:
    """What the parts say of their size; no part is read beyond what it says."""
    if _BOOK not in archive.namelist():
        raise _another_kind(archive.namelist())
    unpacked = sum(part.file_size for part in archive.infolist())
    is_bomb = unpacked > _SUSPECT_BYTES and unpacked > size * MAX_UNPACK_RATIO
    if is_bomb or unpacked > MAX_UNPACKED_BYTES:
        raise refusals.too_large("it unpacks to more than a list of contacts needs")


def _check_packing(archive: zipfile.ZipFile) -> None:
    """No spreadsheet is packed in a way that takes gigabytes, or years, to unpack."""
    if not {part.compress_type for part in archive.infolist()} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refusals.damaged("workbook")


def _another_kind(names: list[str]) -> refusals.FileRefused:
    """By what an archive is that is no workbook."""
    for kinds, refuse in (
        (_OTHER_SPREADSHEETS, refusals.unread_spreadsheet),
        (_OTHER_KINDS, refusals.not_a_spreadsheet),
    ):
        for part, what in kinds.items():
            if any(name.startswith(part) for name in names):
                return refuse(what)
    return refusals.not_a_spreadsheet("a compressed archive or another kind of document")


@dataclass
class _Parts:
    """Where the parts are that are read; of the sheets those that are visible, by name, in their order."""

    sheets: dict[str, str]
    strings: str = ""
    styles: str = ""
    since_1904: bool = False


def _parts(xml: XmlParts) -> _Parts:
    targets: dict[str, tuple[str, str]] = {}  # by id: the kind of the part, and its name
    shown: list[tuple[str, str]] = []  # the name of each visible sheet, and its id
    parts = _Parts({})

    def relation(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship":
            kind = attributes["Type"].rpartition("/")[2]
            target = _short(posixpath.join("xl", attributes["Target"]).lstrip("/"))
            targets[_short(attributes["Id"])] = (_short(kind), target)
            if len(targets) > _MAX_RELATIONS:
                raise refusals.damaged("workbook")

    def part(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "workbookPr":
            parts.since_1904 = attributes.get("date1904") in {"1", "true"}
        if local_name(name) == "sheet" and attributes.get("state", "visible") == "visible":
            title = _short(attributes["name"])
            shown.extend(
                (title, _short(value)) for key, value in attributes.items() if local_name(key) == "id"
            )
            if len(shown) > MAX_SHEETS:
                raise refusals.many_sheets(MAX_SHEETS)

    for _ in xml.parse("xl/_rels/workbook.xml.rels", relation):
        pass
    for _ in xml.parse(_BOOK, part):
        pass
    parts.sheets = {sheet: targets[each][1] for sheet, each in shown if targets[each][0] == "worksheet"}
    if not parts.sheets:
        raise refusals.damaged("workbook")
    parts.strings = next((name for kind, name in targets.values() if kind == "sharedStrings"), "")
    parts.styles = next((name for kind, name in targets.values() if kind == "styles"), "")
    return parts


def _short(name: str) -> str:
    if len(name) > _MAX_NAME:
        raise refusals.damaged("workbook")
    return name


def _merged(xml: XmlParts, part: str) -> dict[int, list[int]]:
    """They are named below the rows, so a sheet that a person has made is looked through once more."""
    merged = MergedCells()
    if xml.size(part) <= _HAND_MADE_BYTES:
        for _ in xml.parse(part, merged.start):
            pass
    return merged.below
