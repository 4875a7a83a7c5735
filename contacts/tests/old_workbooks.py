"""An old workbook (.xls) by hand, as no library here writes one: a stream of records in a file of sectors."""

import struct
from collections.abc import Iterable

_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _SHORTEST = 512, 4096  # bytes; of a stream that has sectors of its own
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def old_workbook(
    cells: Iterable[tuple[int, int, float]],
    *,
    hidden: Iterable[int] = (),
    merged: Iterable[tuple[int, int, int, int]] = (),
    texts: Iterable[tuple[int, int, str]] = (),
    padding: int = 0,
    with_chart: bool = False,
    shown_as: str = "0",
) -> bytes:
    """Of numbers and texts by row and column, in one sheet.

    `merged`: first and last row, first and last column. `with_chart`: one stands in the sheet, behind
    its cells. `shown_as`: the format of all numbers.
    """
    rows = b"".join(_record(0x208, struct.pack("<H10xI", row, 0x20)) for row in hidden)
    numbers = b"".join(_record(0x203, struct.pack("<HHHd", row, column, 0, n)) for row, column, n in cells)
    numbers += b"".join(
        _record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, column, text in texts
    )
    ranges = list(merged)
    belong = _record(0xE5, struct.pack("<H", len(ranges)) + b"".join(struct.pack("<4H", *r) for r in ranges))
    start = len(_globals(0, shown_as))
    chart = _begin(0x20) + _record(0x0A) if with_chart else b""
    sheet = _begin(0x10) + rows + numbers + chart + belong + _record(0x0A)
    return _file(_globals(start, shown_as) + sheet + bytes(padding))


def scrambled(book: bytes) -> bytes:
    """As one with a password begins (FilePass); nothing of it is scrambled."""
    page = _record(0x42, struct.pack("<H", 1200))
    return book.replace(page, _record(0x2F, b"\1\0"), 1)


def many_sheets(number: int, cells: int) -> bytes:
    """All in the same place."""
    content = b"".join(_record(0x203, struct.pack("<HHHd", row, 0, 0, 7.0)) for row in range(cells))
    names = b"".join(
        _record(0x85, struct.pack("<IBB", 0, 0, 0) + b"\x06\x00" + f"{each:06}".encode())
        for each in range(number)
    )
    at = len(_begin(5) + names + _record(0x0A))
    book = _begin(5) + names.replace(bytes(4) + b"\0\0\x06", struct.pack("<I", at) + b"\0\0\x06")
    return _file(book + _record(0x0A) + _begin(0x10) + content + _record(0x0A))


def in_a_circle(book: bytes, *, directory: bool = False) -> bytes:
    """The last sector of its stream, or of its directory, is followed by the first."""
    tables = struct.unpack_from("<I", book, 44)[0]
    following = list(struct.unpack_from(f"<{tables * 128}I", book, _SECTOR))
    if directory:
        following[tables] = tables
    else:
        following[following.index(_END, tables + 1)] = tables + 1
    table = struct.pack(f"<{len(following)}I", *following)
    return book[:_SECTOR] + table + book[_SECTOR + len(table) :]


def _globals(sheet_at: int, shown_as: str) -> bytes:
    formats = _record(0x41E, struct.pack("<HHB", 164, len(shown_as), 1) + shown_as.encode("utf-16-le"))
    formats += _record(0xE0, struct.pack("<HH16x", 0, 164))
    sheet = struct.pack("<IBB", sheet_at, 0, 0) + b"\x06\x00Sheet1"
    page = _record(0x42, struct.pack("<H", 1200))
    return _begin(5) + page + formats + _record(0x85, sheet) + _record(0x0A)


def _begin(what: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, what, 0x0DBB, 0x07CC, 0x41, 6))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _file(stream: bytes) -> bytes:
    """The tables of sectors, the directory, the stream."""
    size = max(len(stream), _SHORTEST)
    sectors = -(-size // _SECTOR)
    tables = next(number for number in range(1, 110) if number * 128 >= sectors + 1 + number)
    following = [_TABLE] * tables + [_END] + [tables + 2 + n for n in range(sectors - 1)] + [_END]
    following += [_FREE] * (tables * 128 - len(following))
    head = _MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, tables, 0, _SHORTEST, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, _END, 0, 1) + _entry("Workbook", 2, tables + 1, size, _FREE)
    return (
        head
        + struct.pack(f"<{len(following)}I", *following)
        + directory.ljust(_SECTOR, b"\0")
        + stream.ljust(sectors * _SECTOR, b"\0")
    )


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    raw = f"{name}\0".encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
