"""The parts of an XLSX workbook as its parser meets them: shared strings, date formats, and rows of cells."""

import datetime
import re
import sys
from collections.abc import Sequence
from functools import lru_cache

from contacts.importing.files import refusals
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.reading import MAX_COLUMNS
from contacts.text.excel import MAX_ROWS, MERGED, NOT_CALCULATED

MAX_CELL_CHARS = 32_767  # Excel's own limits, as the next four
MAX_STYLES = 64_000
_LAST_COLUMN = 16_384  # XFD
_LAST_LETTERS, _LAST_REFERENCE, _ROW_DIGITS = len("XFD"), len("XFD1048576"), len("1048576")
MAX_FORMAT_LENGTH = 255  # of a number: Excel's own

_POINTER = 10  # bytes that a list spends on each of its places
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
# What a number's format shows before the number: quoted, escaped, or as it is; a colour or a gap is none.
_BEFORE = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<plain>[-+() 1-9])|\[[^\]]*\]|_.')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how XML holds what it may not, and an underscore before an x
_IN_CELLS = {"is", "r"}


def local_name(name: str) -> str:
    """Without its namespace's prefix."""
    return name[name.rfind(":") + 1 :]


class SharedStrings:
    """xl/sharedStrings.xml: each text once, named by its place. Furigana beside it is no part of it."""

    def __init__(self, most: int) -> None:
        """`most` bytes in memory, of all together."""
        self.all: list[str] = []
        self._left = most
        self._parts: list[str] = []
        self._length = 0
        self._is_text = self._is_phonetic = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        name = local_name(name)
        if name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "si":
            self._parts, self._length = [], 0

    def end(self, name: str) -> None:
        name = local_name(name)
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            text = _unescaped("".join(self._parts))
            self.all.append(text)
            self._left -= sys.getsizeof(text) + _POINTER
            if self._left < 0:
                raise refusals.large_workbook()

    def text(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)
            self._length += len(text)
            if self._length > MAX_CELL_CHARS:
                raise refusals.long_cell()


class NumberStyles:
    """xl/styles.xml: which styles of cells show their number as a date, or with digits before it."""

    def __init__(self, *, since_1904: bool) -> None:
        zero = datetime.date(1904, 1, 1) if since_1904 else datetime.date(1899, 12, 30)
        self._zero = datetime.datetime.combine(zero, datetime.time())
        self._formats = set(_DATE_FORMATS)
        self._beginnings: dict[int, str] = {}  # by format, and by style
        self._of_styles: list[bool] = []
        self._before: list[str] = []
        self._is_style = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        if name == "numFmt":
            self._take_format(int(attributes["numFmtId"]), attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._is_style = True
        elif name == "xf" and self._is_style:
            number_format = int(attributes.get("numFmtId", 0))
            self._of_styles.append(number_format in self._formats)
            self._before.append(self._beginnings.get(number_format, ""))
            _check_styles(len(self._of_styles))

    def end(self, name: str) -> None:
        if local_name(name) == "cellXfs":
            self._is_style = False

    def shows_date(self, style: str) -> bool:
        return bool(style) and int(style) < len(self._of_styles) and self._of_styles[int(style)]

    def before(self, style: str) -> str:
        """What it shows before a number: "+372 "; "" where that holds no digit and no plus."""
        return self._before[int(style)] if style and int(style) < len(self._before) else ""

    def _take_format(self, number_format: int, code: str) -> None:
        if _is_date(code):
            self._formats.add(number_format)
        elif before := shown_before(code):
            self._beginnings[number_format] = before
        _check_styles(len(self._formats) + len(self._beginnings))

    def text(self, number: float) -> str:
        """ISO 8601; what no calendar has stays a number."""
        try:
            moment = self._zero + datetime.timedelta(days=number)
        except OverflowError:
            return f"{number:.15g}"
        if number < 1:
            return moment.time().isoformat("seconds")
        return moment.date().isoformat() if number.is_integer() else moment.isoformat(" ", "seconds")


class SheetRows:
    """A sheet: its rows as text, without those that have no cells, of which it may have a million."""

    def __init__(
        self, strings: Sequence[str], styles: NumberStyles, merged: dict[int, list[int]], *, most_beside: int
    ) -> None:
        """`merged`: see MergedCells.

        `most_beside`: elements that are no rows or cells, blank cells, and cells beyond those that are taken.
        """
        self._strings, self._styles, self._merged = strings, styles, merged
        self._done: list[FileRow] = []
        self._row = self._column = 0
        self._is_hidden = False
        self._cells: list[str] = []
        self._attributes: dict[str, str] = {}
        self._text = ""
        self._is_text = self._is_phonetic = self._is_formula = False
        self._beside_left = most_beside

    def take(self) -> list[FileRow]:
        """The rows that have ended since it was last asked."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":  # first, as there are most of them
            reference = attributes.get("r")
            column = _column_of(reference) if reference else self._column + 1
            if column <= self._column or column > _LAST_COLUMN:
                raise refusals.damaged("workbook")
            if column > MAX_COLUMNS:
                self._count_beside()
            self._column, self._attributes, self._text = column, attributes, ""
        elif name == "v" or name == "t":
            self._is_text = not self._is_phonetic
        elif name == "row":
            self._begin(attributes)
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "f":
            self._is_formula = True
        elif ":" in name:
            self.start(local_name(name), attributes)
        elif name not in _IN_CELLS:
            self._count_beside()

    def end(self, name: str) -> None:
        if name == "c":
            if self._text:
                self._place(self._cell(self._text))
            elif self._is_formula and self._kind != "str":  # a text may be empty, a number may not
                self._place(NOT_CALCULATED)
            else:
                self._count_beside()
            self._is_formula = False
        elif name == "v" or name == "t":
            self._is_text = False
        elif name == "row":
            if self._cells:
                self._end_row()
        elif name == "rPh":
            self._is_phonetic = False
        elif ":" in name:
            self.end(local_name(name))

    def text(self, text: str) -> None:
        if self._is_text:
            self._text += text
            if len(self._text) > MAX_CELL_CHARS:
                raise refusals.long_cell(self._row)

    def _count_beside(self) -> None:
        self._beside_left -= 1
        if self._beside_left < 0:
            raise refusals.large_workbook()

    def _begin(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        row = int(number) if number else self._row + 1
        if not self._row < row <= MAX_ROWS:
            raise refusals.damaged("workbook")
        self._row, self._column, self._cells = row, 0, []
        self._is_hidden = attributes.get("hidden") in {"1", "true"}

    def _end_row(self) -> None:
        if self._row in self._merged:
            self._mark_merged(self._merged[self._row])
        self._done.append(FileRow(self._row, self._cells, self._is_hidden))

    def _place(self, cell: str) -> None:
        """One column more than is taken is kept, so that too many are noticed."""
        gap = self._column - len(self._cells) - 1
        if gap and self._column <= MAX_COLUMNS + 1:
            self._cells.extend([""] * gap)
        if self._column <= MAX_COLUMNS + 1:
            self._cells.append(cell)

    def _mark_merged(self, columns: Sequence[int]) -> None:
        for self._column in columns:
            place = self._column - 1
            if place >= len(self._cells):
                self._place(MERGED)
            elif not self._cells[place]:
                self._cells[place] = MERGED

    @property
    def _kind(self) -> str:
        return self._attributes.get("t", "n")

    def _cell(self, text: str) -> str:
        kind = self._kind
        if kind == "s":
            return self._strings[int(text)]
        if kind == "n":
            return self._number(text)
        if kind == "b":
            return "true" if text == "1" else "false"
        return _unescaped(text)

    def _number(self, text: str) -> str:
        style = self._attributes.get("s", "")
        is_date = style and self._styles.shows_date(style)
        if not is_date and text.isdecimal() and len(text) < 16:
            return self._styles.before(style) + text
        number = float(text)
        if is_date and number >= 0:
            return self._styles.text(number)
        digits = str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"
        return self._styles.before(style) + digits if number >= 0 else digits


def _column_of(reference: str) -> int:
    if len(reference) > _LAST_REFERENCE:
        raise refusals.damaged("workbook")
    letters = reference.rstrip("0123456789")
    if len(reference) - len(letters) >= _ROW_DIGITS and int(reference[len(letters) :]) > MAX_ROWS:
        raise refusals.damaged("workbook")
    return column_number(letters)


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """1 for A, 27 for AA. What has more letters than any column is not even counted."""
    if not 0 < len(letters) <= _LAST_LETTERS:
        raise refusals.damaged("workbook")
    number = 0
    for letter in letters:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
    return number


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    """What no text holds, NUL and half characters, becomes the mark of what cannot be read."""
    code = int(escape[1], 16)
    return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 else chr(code)


def _check_styles(count: int) -> None:
    if count > MAX_STYLES:
        raise refusals.damaged("workbook")


def _is_date(code: str) -> bool:
    """Whether a number's format shows days or hours, outside of what it quotes."""
    return any(letter in "dmyhs" for letter in _QUOTED.sub("", code[:MAX_FORMAT_LENGTH].lower()))


def shown_before(code: str) -> str:
    """By the format of numbers that are not negative; "" for dates, and without a digit or a plus."""
    if _is_date(code):
        return ""
    before, place = "", 0
    while part := _BEFORE.match(code[:MAX_FORMAT_LENGTH], place):
        before += next(filter(None, part.groups()), "")
        place = part.end()
    return before if any(each in "+0123456789" for each in before) else ""
