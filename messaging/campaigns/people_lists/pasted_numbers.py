"""Numbers as people paste them: one a line, or several on a line, which then each get a line of their own."""

import re

_SEPARATORS = re.compile(r"[,;\t|\n]+")
_NUMBER = re.compile(r"['+(]?\d[\d\s().\-\u2010-\u2015]*")
MIN_DIGITS = 7  # a number that stands beside others


def one_a_line(text: str) -> str:
    """As it is, where something else than numbers stands in it: then it is rows with columns."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(text) if piece.strip()]
    if not all(map(_is_number, pieces)):
        return text
    return "\n".join(number for piece in pieces for number in _apart(piece)) + "\n"


def _is_number(piece: str) -> bool:
    return bool(_NUMBER.fullmatch(piece)) and _digits(piece) >= MIN_DIGITS


def _apart(piece: str) -> list[str]:
    """Numbers between which there are spaces alone, where none of them is a group of one number."""
    words = piece.split()
    return words if all(_digits(word) >= MIN_DIGITS for word in words) else [piece]


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))
