"""Numbers as people write several: one a line, many on a line, or two in a cell."""

import re
from collections.abc import Sequence

from contacts.text.phone_cells import bare_number, parts_of
from contacts.text.phones import InvalidPhone, UnclearPhone, read_number

_SEPARATORS = re.compile(r"[,;/\t|\r\n]+|\s(?=\+)")
_NUMBER = re.compile(r"['+(]?\d[\d\s().\-\u2010-\u2015]*")
MIN_DIGITS = 7  # a number that stands beside others
_NO_GROUP = 5  # digits: fewer may be the end of the number before them


def one_a_line(text: str) -> str:
    """As it is, where something else than numbers stands in it: then it is rows with columns."""
    numbers = only_numbers(text)
    return "\n".join(numbers) + "\n" if numbers else text


def only_numbers(text: str) -> list[str]:
    """Each number of a text in which nothing else stands; empty of any other text."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(text) if piece.strip()]
    if not all(map(_is_number, pieces)):
        return []
    return [number for piece in pieces for number in _without_spaces_between(piece)]


def apart(text: str, regions: Sequence[str]) -> list[str]:
    """Each number of a cell that begins with a whole one; the cell as it is where it holds one, or none."""
    try:
        parts = parts_of(bare_number(text))
    except InvalidPhone:
        return [text]
    is_several = len(parts) > 1 and all(_digits(part) >= _NO_GROUP for part in parts)
    return parts if is_several and _may_be_number(parts[0], regions) else [text]


def _may_be_number(text: str, regions: Sequence[str]) -> bool:
    try:
        read_number(text, regions)
    except UnclearPhone:
        return True
    except InvalidPhone:
        return False
    return True


def _is_number(piece: str) -> bool:
    return bool(_NUMBER.fullmatch(piece)) and _digits(piece) >= MIN_DIGITS


def _without_spaces_between(piece: str) -> list[str]:
    """Numbers between which there are spaces alone, where none of them is a group of one number."""
    words = piece.split()
    return words if all(_digits(word) >= MIN_DIGITS for word in words) else [piece]


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))
