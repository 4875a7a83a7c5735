"""Address books (vCard 2.1 to 4) as rows: one for each card, below a row with the names of the columns."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from contacts.importing.files import encodings, refusals, text_files
from contacts.importing.files.card_properties import Property, properties
from contacts.importing.files.parsers import FileRow, numbered
from contacts.text.names import split_name

HEADER = ["Phone", "First name", "Last name", "Email", "Birthday", "Street address", "Postal code", "City"]
HEADER += ["Country", "Organization", "Title", "Groups", "Note", "Other numbers"]

Said = dict[str, list[Property]]

_READ = {"TEL", "FN", "N", "EMAIL", "BDAY", "ADR", "ORG", "TITLE", "CATEGORIES", "NOTE"}
_NO_TEXT = ("PHOTO", "LOGO", "SOUND", "KEY")  # long, and nothing for a list
_MAX_CARD_CHARS = 64 * 1024  # what is beyond them is left out, as of the next
_MAX_PROPERTIES = 200  # of a card: each takes as long as a row of another file
_MAX_LINE_CHARS = 8 * 1024 * 1024  # a picture may be one line
_GOES_ON = (" ", "\t")  # begins a line that belongs to the one before
_NO_PHONE = {"FAX", "PAGER", "MODEM", "ISDN", "TELEX"}
_MOBILE = {"CELL", "MOBILE", "IPHONE"}
_LAND_LINE = {"HOME", "WORK", "MAIN", "CAR"}
_NO_YEAR = "1604"  # how Apple writes a birthday without one


class AddressBook:
    """One sheet without a name."""

    names: Sequence[str] = ("",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, _sheet: str) -> Iterator[FileRow]:
        return numbered(self._rows())

    def _rows(self) -> Iterator[list[str]]:
        yield HEADER
        with text_files.opened(self._path, encodings.find(self._path).encoding) as file:
            for card in _cards(file):
                yield _row(card)


@contextmanager
def opened(path: Path) -> Iterator[AddressBook]:
    yield AddressBook(path)


def _cards(file: TextIO) -> Iterator[str]:
    """One that breaks off is a person, too."""
    card: list[str] = []
    left, number = _MAX_CARD_CHARS, 0
    for line in _without_pictures(file):
        mark = line.strip().upper()
        if mark == "BEGIN:VCARD" and card:
            yield "\n".join(card)
            card, left, number = [], _MAX_CARD_CHARS, 0
        left -= len(line)
        number += not line.startswith(_GOES_ON)
        if (card or mark) and left > 0 and number <= _MAX_PROPERTIES:
            card.append(line.rstrip("\r\n"))
        if mark == "END:VCARD":
            yield "\n".join(card)
            card, left, number = [], _MAX_CARD_CHARS, 0
    if any(map(str.strip, card)):
        yield "\n".join(card)


def _without_pictures(file: TextIO) -> Iterator[str]:
    """Lines that begin with a space go on with the one before."""
    is_left_out = False
    while line := file.readline(_MAX_LINE_CHARS):
        if len(line) == _MAX_LINE_CHARS:
            raise refusals.damaged("address book")
        if not line.startswith(_GOES_ON):
            is_left_out = _property(line.partition(":")[0]) in _NO_TEXT
        if not is_left_out:
            yield line.replace("\0", "\ufffd")


def _row(card: str) -> list[str]:
    said = properties(card, _READ)
    if not said:
        return [""] * len(HEADER)
    numbers = _numbers(said.get("TEL", []))
    first, last = _name(said)
    born = _text(said, "BDAY")
    address = [*_fields(said, "ADR"), *[""] * 7]  # box, extended, street, city, region, code, country
    return [
        numbers[0] if numbers else "",
        first,
        last,
        _one_line(said["EMAIL"][0].parts()[0]) if "EMAIL" in said else "",
        "" if born.startswith(("-", _NO_YEAR)) else born,
        *(address[place] for place in (2, 5, 3, 6)),
        ", ".join(filter(None, _fields(said, "ORG"))),
        _text(said, "TITLE"),
        _joined(said["CATEGORIES"][0].parts()) if "CATEGORIES" in said else "",
        _text(said, "NOTE"),
        ", ".join(numbers[1:]),
    ]


def _property(said: str) -> str:
    """Without its group and its parameters: TEL of `item1.TEL;TYPE=CELL`."""
    return said.partition(";")[0].rpartition(".")[2].strip().upper()


def _name(said: Said) -> tuple[str, str]:
    last, first = [*_fields(said, "N"), "", ""][:2]
    return (first, last) if first or last else split_name(_text(said, "FN"))


def _numbers(told: Sequence[Property]) -> list[str]:
    """Mobile ones first, land lines last."""
    ranked = [
        (0 if each.types & _MOBILE else 2 if each.types & _LAND_LINE else 1, each.parts()[0])
        for each in told
        if not each.types & _NO_PHONE
    ]
    ranked.sort(key=lambda pair: pair[0])
    return list(dict.fromkeys(value.strip().removeprefix("tel:").strip() for _, value in ranked))


def _fields(said: Said, name: str) -> list[str]:
    return list(map(_joined, said[name][0].fields())) if name in said else []


def _text(said: Said, name: str) -> str:
    return _one_line(said[name][0].text()) if name in said else ""


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(filter(None, map(_one_line, texts)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
