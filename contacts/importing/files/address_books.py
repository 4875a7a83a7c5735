"""Address books (vCard 2.1 to 4) as rows: one for each card, below a row with the names of the columns."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import vobject
from vobject.base import VObjectError

from contacts.importing.files import encodings, refusals, text_files
from contacts.importing.files.parsers import FileRow, numbered
from contacts.text.names import split_name

HEADER = ["Phone", "First name", "Last name", "Email", "Birthday", "Street address", "Postal code", "City"]
HEADER += ["Country", "Organization", "Title", "Groups", "Note", "Other numbers"]

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
        """A card that cannot be read is a row of its name, so that it is seen to be missing."""
        yield HEADER
        with text_files.opened(self._path, encodings.find(self._path).encoding) as file:
            for card in _cards(file):
                yield _row(card)


@contextmanager
def opened(path: Path) -> Iterator[AddressBook]:
    yield AddressBook(path)


def _cards(file: TextIO) -> Iterator[str]:
    card: list[str] = []
    left, properties = _MAX_CARD_CHARS, 0
    for line in _without_pictures(file):
        mark = line.strip().upper()
        if mark == "BEGIN:VCARD" and card:
            yield _ended(card)
            card, left, properties = [], _MAX_CARD_CHARS, 0
        left -= len(line)
        properties += not line.startswith(_GOES_ON)
        if (card or mark) and left > 0 and properties <= _MAX_PROPERTIES:
            card.append(line.rstrip("\r\n"))
        if mark == "END:VCARD":
            is_whole = card[-1:] == [line.rstrip("\r\n")]
            yield "\n".join(card) + "\n" if is_whole else _ended(card)
            card, left, properties = [], _MAX_CARD_CHARS, 0
    if any(map(str.strip, card)):
        yield _ended(card)


def _ended(card: Sequence[str]) -> str:
    """One that breaks off is a person, too."""
    return "\n".join([*card, "END:VCARD"]) + "\n"


def _without_pictures(file: TextIO) -> Iterator[str]:
    """Lines that begin with a space go on with the one before."""
    is_left_out = False
    while line := file.readline(_MAX_LINE_CHARS):
        if len(line) == _MAX_LINE_CHARS:
            raise refusals.damaged("address book")
        if not line.startswith(_GOES_ON):
            is_left_out = _property(line.partition(":")[0]) in _NO_TEXT
        if not is_left_out:
            yield line


def _row(text: str) -> list[str]:
    if not any(map(_says_something, text.splitlines())):
        return [""] * len(HEADER)  # at once: there may be very many
    try:
        card = vobject.readOne(text, allowQP=True, ignoreUnreadable=True)
    except (VObjectError, ValueError, LookupError, AttributeError):
        name = next(
            (line.partition(":")[2] for line in text.splitlines() if line.upper().startswith("FN")), "?"
        )
        return ["", name]
    numbers = _numbers(card)
    first, last = _name(card)
    address = _first(card, "adr")
    parts = [_joined(getattr(address, part, "")) for part in ("street", "code", "city", "country")]
    born = _text(card, "bday")
    others = [_joined(_first(card, part)) for part in ("org", "title", "categories", "note")]
    return [
        numbers[0] if numbers else "",
        first,
        last,
        _text(card, "email"),
        "" if born.startswith(("-", _NO_YEAR)) else born,
        *parts,
        *others,
        ", ".join(numbers[1:]),
    ]


def _says_something(line: str) -> bool:
    said, _, value = line.partition(":")
    return _property(said) in _READ and bool(value.strip(" \t;"))


def _property(said: str) -> str:
    """Without its group and its parameters: TEL of `item1.TEL;TYPE=CELL`."""
    return said.partition(";")[0].rpartition(".")[2].strip().upper()


def _name(card: Any) -> tuple[str, str]:
    name = _first(card, "n")
    parts = _joined(getattr(name, "given", "")), _joined(getattr(name, "family", ""))
    return parts if any(parts) else split_name(_text(card, "fn"))


def _numbers(card: Any) -> list[str]:
    """Mobile ones first, land lines last."""
    ranked = []
    for each in card.contents.get("tel", ()):
        types = {kind.upper() for kind in each.params.get("TYPE", ())} | {
            kind.upper() for kind in each.singletonparams
        }
        if not types & _NO_PHONE:
            ranked.append((0 if types & _MOBILE else 2 if types & _LAND_LINE else 1, each.value))
    ranked.sort(key=lambda pair: pair[0])
    return list(dict.fromkeys(str(value).removeprefix("tel:").strip() for _, value in ranked))


def _first(card: Any, name: str) -> Any:
    found = card.contents.get(name)
    return found[0].value if found else ""


def _text(card: Any, name: str) -> str:
    return _joined(_first(card, name))


def _joined(value: Any) -> str:
    """Of a list, or of lines, one text."""
    texts = value if isinstance(value, list | tuple) else [value]
    return ", ".join(" ".join(str(text).split()) for text in texts if str(text).strip())
