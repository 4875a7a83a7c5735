"""How many cells an OpenDocument spreadsheet claims, before a library holds all: a few bytes repeat one."""

import zipfile

from contacts.importing.files import refusals
from contacts.importing.files.xlsx_sax import MAX_CELL_CHARS
from contacts.importing.files.xml_parts import XmlParts
from contacts.text.excel import MAX_ROWS

CONTENT = "content.xml"

_MANIFEST = "META-INF/manifest.xml"
_MAX_MANIFEST_BYTES = 4 * 1024 * 1024
_MAX_DEPTH = 64  # texts of cells are paragraphs of spans
_LAST_COLUMN = 16_384
_ANY_CELLS = 1_000_000
_ANY_CHARS, _CHARS_A_BYTE = 16 * 1024 * 1024, 20
_CELLS = {"table:table-cell", "table:covered-table-cell"}
_ROW, _TABLE, _PARAGRAPH = "table:table-row", "table:table", "text:p"


def measure(archive: zipfile.ZipFile, size: int) -> None:
    """`size`: of the packed file. Raises FileRefused."""
    xml = XmlParts(archive, size, deepest=_MAX_DEPTH)
    if _MANIFEST in archive.namelist() and xml.size(_MANIFEST) > _MAX_MANIFEST_BYTES:
        raise refusals.damaged("workbook")
    cells = _Cells(_ANY_CELLS + size, _ANY_CHARS + _CHARS_A_BYTE * size)
    for _ in xml.parse(CONTENT, cells.start, cells.end, cells.text):
        pass


class _Cells:
    """Of each table as a whole rectangle, which is how they are held."""

    def __init__(self, most: int, most_text: int) -> None:
        self._left, self._text_left = most, most_text
        self._rows = self._blank_rows = self._width = 0
        self._column = self._filled = self._repeats = self._columns = 0
        self._chars = self._wide = self._text = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE:
            self._rows = self._blank_rows = self._width = 0
        elif name == _ROW:
            self._repeats = _count(attributes.get("table:number-rows-repeated"))
            self._column = self._filled = self._text = 0
        elif name in _CELLS:
            self._wide = _count(attributes.get("table:number-columns-repeated"))
            self._column += self._wide
            self._chars = 0
            if any(key.startswith(("office:", "calcext:")) for key in attributes):
                self._filled = self._column
        elif name == _PARAGRAPH:
            self._filled = self._column
            self.text("\n")

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._text += self._chars * self._wide
        elif name == _ROW and not self._filled:
            self._blank_rows += self._repeats
        elif name == _ROW:
            self._rows += self._blank_rows + self._repeats
            self._blank_rows, self._width = 0, max(self._width, self._filled)
            self._text_left -= self._text * self._repeats
            self._check(self._rows * self._width)
        elif name == _TABLE:
            self._left -= self._rows * self._width

    def text(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > MAX_CELL_CHARS:
            raise refusals.long_cell()

    def _check(self, cells: int) -> None:
        if self._rows > MAX_ROWS or self._width > _LAST_COLUMN or cells > self._left or self._text_left < 0:
            raise refusals.large_workbook()


def _count(said: str | None) -> int:
    return int(said) if said else 1
