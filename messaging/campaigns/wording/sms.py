"""How many SMS parts a text takes, and which characters make it dearer.

GSM 03.38 packs 160 septets into one message and 153 into each part of a longer one. One character
outside its alphabet turns the whole text to UCS-2: 70 UTF-16 units, or 67 in each part. A character
of the extension table (two septets) and a surrogate pair (two units) are never split over two parts.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from contacts.text.normalization import message_text

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM = BASIC | EXTENSION

_FOREIGN = re.compile(f"[^{re.escape(''.join(sorted(GSM)))}]")
_ESCAPED = re.compile(f"[{re.escape(''.join(sorted(EXTENSION)))}]")  # of two septets
_PAIRED = re.compile("[\U00010000-\U0010ffff]")  # of two UTF-16 units

MAX_LENGTH = 1000  # characters that SmartDialog takes as the content of a message

GSM_SINGLE, GSM_PART = 160, 153
UNICODE_SINGLE, UNICODE_PART = 70, 67

LOOKALIKES = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "•": "-", "·": "-",
        "…": "...", "\t": " ", "\u200b": "", "\ufeff": "", "ç": "c",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """`units` are septets, or UTF-16 code units when the text is `is_unicode`."""

    is_unicode: bool
    units: int
    parts: int

    @property
    def fits(self) -> int:
        """Units that as many parts hold."""
        single, part = _limits(self.is_unicode)
        return single if self.parts <= 1 else self.parts * part

    @property
    def encoding(self) -> str:
        return "Unicode" if self.is_unicode else "standard characters"


def measure(text: str) -> Size:
    text = message_text(text)
    is_unicode = _FOREIGN.search(text) is not None
    double = _PAIRED if is_unicode else _ESCAPED
    units, doubles = double.subn(r"\g<0>.", text)
    single, part = _limits(is_unicode)
    if len(units) <= single:
        return Size(is_unicode, len(units), 1)
    parts = _count_parts(units, double, part) if doubles else -(-len(units) // part)
    return Size(is_unicode, len(units), parts)


def split(text: str) -> list[str]:
    """The text of each part, as a phone receives and joins them."""
    text = message_text(text)
    is_unicode = not GSM.issuperset(text)
    single, part = _limits(is_unicode)
    if sum(_widths(text, is_unicode)) <= single:
        return [text]
    parts, room = [""], part
    for letter, width in zip(text, _widths(text, is_unicode), strict=True):
        if width > room:
            parts.append("")
            room = part
        parts[-1] += letter
        room -= width
    return parts


def non_gsm(text: str) -> list[str]:
    """The characters that make the text Unicode, each once, in order."""
    return list(dict.fromkeys(letter for letter in message_text(text) if letter not in GSM))


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each is made of foreign characters."""
    runs = groupby(message_text(text), lambda letter: letter not in GSM)
    return [("".join(letters), is_foreign) for is_foreign, letters in runs]


def to_gsm(text: str) -> str:
    """The text with the nearest GSM characters for each foreign one; what nothing is like stays."""
    return "".join(_plain(letter) for letter in message_text(text))


def without_foreign(text: str) -> str:
    """The text without its foreign characters."""
    return "".join(letter for letter in message_text(text) if letter in GSM)


def nearest_gsm(letter: str) -> str | None:
    """GSM characters that say the same as a foreign one; None: none do. A mark on a letter says nothing."""
    alike = letter.translate(LOOKALIKES)
    if GSM.issuperset(alike):
        return alike
    parts = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return "".join(parts) if GSM.issuperset(parts) else None


def _plain(letter: str) -> str:
    nearest = letter if letter in GSM else nearest_gsm(letter)
    return letter if nearest is None else nearest


def _limits(is_unicode: bool) -> tuple[int, int]:
    return (UNICODE_SINGLE, UNICODE_PART) if is_unicode else (GSM_SINGLE, GSM_PART)


def _widths(text: str, is_unicode: bool) -> Iterator[int]:
    if is_unicode:
        return (2 if letter > "\uffff" else 1 for letter in text)
    return (2 if letter in EXTENSION else 1 for letter in text)


def _count_parts(units: str, double: re.Pattern[str], part: int) -> int:
    """`units`: who has two is followed by another one, and no part may end between them."""
    parts, start = 0, 0
    while start < len(units):
        end = start + part
        start = end - 1 if end < len(units) and double.match(units, end - 1) else end
        parts += 1
    return parts


def name_of(letter: str) -> str:
    """Control characters have no name but their number; a tab is known by its own."""
    number = f"control character U+{ord(letter):04X}"
    return "tab" if letter == "\t" else unicodedata.name(letter, number).lower()
