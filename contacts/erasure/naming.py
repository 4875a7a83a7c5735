"""How a text names a person: by number in whatever spelling, by email, by the whole name."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any
from urllib.parse import quote, unquote

import phonenumbers
from django.db.models import Q

from contacts.text.names import ANY_APOSTROPHE
from contacts.text.normalization import nfc
from contacts.text.phones import spellings

ERASED_WORD = "[erased]"  # in place of what named the person, in a text that stays
MIN_DIGITS = 7  # digits that a number is known by, without its country code

# Digits as people write them in Arabic, Persian and Hindi, and of full width.
_SCRIPTS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９")
_IN_SCRIPTS = [str.maketrans("0123456789", digits) for digits in _SCRIPTS]
_PLAIN_DIGITS = str.maketrans("".join(_SCRIPTS), "0123456789" * len(_SCRIPTS))
_LETTERS_AS_DIGITS = str.maketrans("OoIl", "0011")  # in what is a number otherwise
_ALMOST_NUMBER = re.compile(r"[\W\dOoIl]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_PLAIN = re.compile(r"[A-Za-z0-9]{3,}")
# What people and programs write between two digits, unseen signs and the spaces of addresses, too.
_SIGNS = r"[\s().,/_+*\u00ad\u00b7\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2022\u2060\u2212\ufeff-]{0,5}"
# The same in the database, where it may be escaped as addresses and JSON do; looser is enough there.
_LOOSE_SIGNS = r"([^0-9A-Za-z]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}){0,6}"
# Around an address: nothing that would make it a part of a longer one, as anna@x.fi is of johanna@x.fi.
_BEFORE_EMAIL, _AFTER_EMAIL = r"(?<![\w.%&+-])(?<!\w')", r"(?![\w-]|\.\w)"
_BEFORE_NAME, _AFTER_NAME = r"(?<![^\W_])", r"(?![^\W_])"
_BETWEEN_NAMES = r"[\s,;._+-]{1,3}"
_HYPHEN = r"[\s\u00ad\u2010-\u2015-]{0,3}"
# What a name may end in within a sentence: Anna's, Annan, Annalle, Annalta.
_ENDING = r"(?:['’]?s|\w?n|\w?l[lt][aeä]|\w?s[st][aä])?"
# What becomes of a Finnish name before an ending: Virtasen, Niemen, Testiviidakon, Aallon, Mäen, Rasmuksen.
_STEMS = [
    (re.compile(was, re.IGNORECASE), becomes)
    for was, becomes in (
        (r"nen$", "se"),
        (r"nen$", "s"),
        (r"i$", "e"),
        (r"([kpt])\1(.)$", r"\1\2"),
        (r"([lnr])t(.)$", r"\1\1\2"),
        (r"nk(.)$", r"ng\1"),
        (r"mp(.)$", r"mm\1"),
        (r"([aeiouyäöh])t(.)$", r"\1d\2"),
        (r"([aeiouyäölr])k(.)$", r"\1\2"),
        (r"([aeiouyäölr])p(.)$", r"\1v\2"),
        (r"([iouy])s$", r"\1kse"),
    )
]
_STEM_ENDING = r"(?:\w?n|l[lt][aeä]|s[st][aä]|t?[aä]|ksi)"
MAX_CHANGED = 3  # letters at the end of a name, that are others before an ending


@dataclass(frozen=True)
class Naming:
    """`names`: each [first, last]. `lone_names`: single words that are nobody else's name here.

    Those alone tell whose a list or a file is; in other texts they may be any word.
    """

    phone: str
    emails: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    lone_names: tuple[str, ...] = ()

    @cached_property
    def phones(self) -> list[str]:
        return spellings(self.phone)

    def found_in(self, value: Any, *, lone: bool = False) -> bool:
        """In a text, or in any text of a JSON value; as it stands, or as addresses and JSON escape it."""
        if isinstance(value, dict):
            return any(self.found_in(each, lone=lone) for pair in value.items() for each in pair)
        if isinstance(value, list | tuple):
            return any(self.found_in(each, lone=lone) for each in value)
        return isinstance(value, str) and any(self._pattern(lone).search(way) for way in _ways_of(value))

    def without(self, value: Any, *, lone: bool = False) -> Any:
        """The same value, saying ERASED_WORD in place of what names the person; keys of a JSON value, too."""
        if isinstance(value, dict):
            return {
                self.without(name, lone=lone): self.without(each, lone=lone) for name, each in value.items()
            }
        if isinstance(value, list):
            return [self.without(each, lone=lone) for each in value]
        if not isinstance(value, str):
            return value
        if not self.found_in(value, lone=lone):
            return value
        left = self._pattern(lone).sub(ERASED_WORD, _plain(value))
        return ERASED_WORD if self.found_in(left, lone=lone) else left

    def is_of(self, cells: Iterable[str]) -> bool:
        """Whether a row of cells is about the person: one holds the number or its end, or they name them."""
        cells = list(cells)
        return any(map(self._ends_number, cells)) or self.found_in([*cells, " ".join(cells)])

    def may_be_in(self, *fields: str) -> Q:
        """A condition for the database, quick and loose: it holds of every text that `found_in` finds.

        The number is looked for by its end, since its last two digits are hardly ever written apart.
        """
        ends = {phone[-MIN_DIGITS:] for phone in self.phones}
        in_scripts = [end[-2:].translate(script) for end in ends for script in _IN_SCRIPTS]
        needles = [needle for word in (*self._words(), *in_scripts) for needle in _needles(word)]
        by_field = (
            [Q(**{f"{field}__contains": needle}) for needle in needles]
            + [Q(**{f"{field}__contains": end[-2:], f"{field}__iregex": _loosely(end)}) for end in ends]
            for field in fields
        )
        return reduce(or_, (each for conditions in by_field for each in conditions))

    def _words(self) -> list[str]:
        """One of each name is enough, as far as it is the same before every ending and at any apostrophe."""
        whole = [*map(" ".join, self.names), *self.lone_names]
        longest = [max(ANY_APOSTROPHE.sub(" ", name).split(), key=len, default=name) for name in whole]
        stems = [name[: max(len(name) - MAX_CHANGED, 2)] for name in longest]
        return list(dict.fromkeys([*self.emails, *stems]))

    def _pattern(self, lone: bool) -> re.Pattern[str]:
        return self._closely if lone else self._strictly

    @cached_property
    def _strictly(self) -> re.Pattern[str]:
        return re.compile("|".join(self._parts()), re.IGNORECASE)

    @cached_property
    def _closely(self) -> re.Pattern[str]:
        return re.compile("|".join([*self._parts(), *map(_as_name, self.lone_names)]), re.IGNORECASE)

    def _parts(self) -> list[str]:
        """Emails first, as one may begin with the name."""
        emails = [f"{_BEFORE_EMAIL}{re.escape(email)}{_AFTER_EMAIL}" for email in self.emails]
        names = [_as_name(f"{one} {other}") for pair in self.names for one, other in _orders(*pair)]
        return [*emails, *map(_as_number, self.phones), *names]

    def _ends_number(self, cell: str) -> bool:
        """A cell that is nothing but a number: no region is told there, so its end is enough."""
        if _ALMOST_NUMBER.fullmatch(cell):
            cell = cell.translate(_LETTERS_AS_DIGITS)
        digits = "".join(str(unicodedata.decimal(each)) for each in cell if each.isdecimal()).lstrip("0")
        return len(digits) >= MIN_DIGITS and any(phone.endswith(digits) for phone in self.phones)


def _ways_of(text: str) -> Iterable[str]:
    text = _plain(text)
    yield text
    if "%" in text:
        yield _plain(unquote(text))
    if "\\u" in text:
        yield _plain(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))


def _plain(text: str) -> str:
    """Composed, as names of files from a Mac are not, and with the digits that numbers are kept in."""
    return nfc(text).translate(_PLAIN_DIGITS)


def _as_number(phone: str) -> str:
    """With its country code; with the zero of a national number; or without, but behind no other digits."""
    digits = phone.lstrip("+")
    code = _country_code(phone)
    in_full, national = _SIGNS.join(digits), _SIGNS.join(digits.removeprefix(code))
    ways = [rf"(?<!\d)(?:\+{_SIGNS}|00{_SIGNS})?{in_full}"]
    if code:
        ways += [rf"(?<!\d)0{_SIGNS}{national}", rf"(?<![\d+])(?<!\d[\s().\/-]){national}"]
    return rf"(?:{'|'.join(ways)})(?!\d)"


def _country_code(phone: str) -> str:
    """Empty where it is of no country, and so has no national spelling."""
    try:
        return str(phonenumbers.parse(phone).country_code)
    except phonenumbers.NumberParseException:
        return ""


def _orders(first: str, last: str) -> list[tuple[str, str]]:
    return [(first, last), (last, first)]


def _as_name(name: str) -> str:
    words = _BETWEEN_NAMES.join(map(_inflected, name.split()))
    return f"{_BEFORE_NAME}{words}{_AFTER_NAME}"


def _inflected(word: str) -> str:
    stems = [changed for was, becomes in _STEMS if (changed := was.sub(becomes, word)) != word]
    stems += [f"{stem[:-1]}e" for stem in stems if stem.endswith("i")]
    ways = [f"{_escaped(word)}{_ENDING}", *(f"{_escaped(stem)}{_STEM_ENDING}" for stem in stems)]
    return f"(?:{'|'.join(ways)})"


def _escaped(word: str) -> str:
    """With any apostrophe in place of each, and any hyphen, a space or nothing in place of a hyphen."""
    return ANY_APOSTROPHE.sub(ANY_APOSTROPHE.pattern, re.escape(word)).replace(r"\-", _HYPHEN)


def _needles(word: str) -> list[str]:
    """A part of it that JSON and addresses leave as it is, or the whole as those write it; in usual capitals.

    PostgreSQL takes ten times as long where capitals are all the same to it.
    """
    plain = max(_PLAIN.findall(word), key=len, default="")
    ways = [way(plain or word) for way in (str, str.lower, str.upper, str.title)]
    forms = [unicodedata.normalize(form, way) for form in ("NFC", "NFD") for way in ways]
    written = ways if plain else [each for way in forms for each in (way, json.dumps(way)[1:-1], quote(way))]
    return list(dict.fromkeys(written))


def _loosely(digits: str) -> str:
    return _LOOSE_SIGNS.join(digits)
