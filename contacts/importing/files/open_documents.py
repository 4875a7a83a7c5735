"""How many cells an OpenDocument spreadsheet claims, before a library holds all: a few bytes repeat one.

And what the library does not tell of its rows and cells (OpenDocument 1.3, part 3: 9.1.3 and 19.749).
"""

import zipfile

from contacts.importing.files import refusals
from contacts.importing.files.sheet_marks import MAX_SHEETS, SheetMarks
from contacts.importing.files.xlsx_sax import MAX_CELL_CHARS
from contacts.importing.files.xml_parts import XmlParts
from contacts.text.excel import ERROR, MAX_ROWS, NOT_CALCULATED

CONTENT = "content.xml"

_MANIFEST, _SCRAMBLED = "META-INF/manifest.xml", "encrypted-package"
_MAX_MANIFEST_BYTES = 4 * 1024 * 1024
_MAX_DEPTH = 64  # texts of cells are paragraphs of spans
_LAST_COLUMN = 16_384
_MOST_SHOWN = 60  # characters of a number, however it is shown
_ANY_CELLS = 1_000_000
_ANY_CHARS, _CHARS_A_BYTE = 16 * 1024 * 1024, 20
_CELLS = {"table:table-cell", "table:covered-table-cell"}
_ROW, _TABLE, _PARAGRAPH = "table:table-row", "table:table", "text:p"
_GROUP = "table:table-row-group"  # one may be within another
_HIDDEN = {"collapse", "filter"}


def measure(archive: zipfile.ZipFile, size: int) -> list[SheetMarks]:
    """The marks of each table. `size`: of the packed file. Raises FileRefused."""
    xml = XmlParts(archive, size, deepest=_MAX_DEPTH)
    _check_open(archive, xml)
    cells = _Cells(_ANY_CELLS + size, _ANY_CHARS + _CHARS_A_BYTE * size)
    for _ in xml.parse(CONTENT, cells.start, cells.end, cells.text):
        pass
    return cells.marks


def _check_open(archive: zipfile.ZipFile, xml: XmlParts) -> None:
    """With a password its parts are scrambled: each by itself or, by LibreOffice since 24.8, all as one."""
    names = archive.namelist()
    if _MANIFEST in names and xml.size(_MANIFEST) > _MAX_MANIFEST_BYTES:
        raise refusals.damaged("workbook")
    if _SCRAMBLED in names or (_MANIFEST in names and b"encryption-data" in archive.read(_MANIFEST)):
        raise refusals.locked_workbook()


class _Cells:
    """Of each table as a whole rectangle, which is how they are held."""

    def __init__(self, most: int, most_text: int) -> None:
        self._left, self._text_left = most, most_text
        self._rows = self._blank_rows = self._width = 0
        self._column = self._filled = self._repeats = self._columns = 0
        self._chars = self._wide = self._text = 0
        self._number = self._shown = ""
        self._is_hidden = False
        self._are_groups_hidden: list[bool] = []
        self.marks: list[SheetMarks] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE:
            self._rows = self._blank_rows = self._width = 0
            self.marks.append(SheetMarks())
            if len(self.marks) > MAX_SHEETS:
                raise refusals.many_sheets(MAX_SHEETS)
        elif name == _GROUP:
            self._are_groups_hidden.append(attributes.get("table:display") == "false")
        elif name == _ROW:
            self._repeats = _count(attributes.get("table:number-rows-repeated"))
            is_hidden = attributes.get("table:visibility") in _HIDDEN
            self._is_hidden = is_hidden or any(self._are_groups_hidden)
            self._column = self._filled = self._text = 0
        elif name in _CELLS:
            self._wide = _count(attributes.get("table:number-columns-repeated"))
            self._column += self._wide
            self._chars, self._shown = 0, ""
            self._number = attributes.get("office:value", "") if _is_number(attributes) else ""
            if any(key.startswith(("office:", "calcext:")) for key in attributes):
                self._filled = self._column
            self._mark(attributes)
        elif name == _PARAGRAPH:
            self._filled = self._column
            self.text("\n")

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._text += self._chars * self._wide
            if self._number and (before := _before(self._number, self._shown.strip())):
                for column in range(self._column - self._wide + 1, self._column + 1):
                    self.marks[-1].show_before(before, column, self._row, self._repeats)
        elif name == _ROW and not self._filled:
            self._blank_rows += self._repeats
        elif name == _ROW:
            first = self._row
            self._rows += self._blank_rows + self._repeats
            self._blank_rows, self._width = 0, max(self._width, self._filled)
            self._text_left -= self._text * self._repeats
            self._check(self._rows * self._width)
            if self._is_hidden:
                self.marks[-1].hide(first, self._repeats)
        elif name == _GROUP:
            self._are_groups_hidden.pop()
        elif name == _TABLE:
            self._left -= self._rows * self._width

    def text(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > MAX_CELL_CHARS:
            raise refusals.long_cell()
        if self._number and self._chars <= _MOST_SHOWN:
            self._shown += text

    @property
    def _row(self) -> int:
        return self._rows + self._blank_rows + 1

    def _mark(self, attributes: dict[str, str]) -> None:
        first = self._column - self._wide + 1
        if "table:formula" in attributes and "office:value-type" not in attributes:
            self._filled = self._column
            self.marks[-1].put(NOT_CALCULATED, self._row, first)
        if attributes.get("calcext:value-type") == "error":
            self.marks[-1].put(ERROR, self._row, first)
        if (down := _count(attributes.get("table:number-rows-spanned"))) > 1:
            across = _count(attributes.get("table:number-columns-spanned"))
            self.marks[-1].merged.add(self._row, self._row + down - 1, first, first + across - 1)

    def _check(self, cells: int) -> None:
        if self._rows > MAX_ROWS or self._width > _LAST_COLUMN or cells > self._left or self._text_left < 0:
            raise refusals.large_workbook()


def _is_number(attributes: dict[str, str]) -> bool:
    return attributes.get("office:value-type") == "float" and attributes.get("office:value", "").isdecimal()


def _before(number: str, shown: str) -> str:
    """What a cell shows before its number, as far as that is a plus or digits: "+372 ", or a zero."""
    digits = "".join(filter(str.isdecimal, shown))
    if not digits.endswith(number) or shown.startswith("-"):
        return ""
    before = digits.removesuffix(number)
    return f"+{before} " if shown.lstrip("(").startswith("+") else before


def _count(said: str | None) -> int:
    return int(said) if said else 1
