"""What a search looks in, and how it is found: the same on SQLite and, by an index, on PostgreSQL.

A contact keeps its words in `search_text`, each once, parted by spaces. A word of a search finds those that
begin with it: prefix search, on PostgreSQL over a tsvector with a GIN index, on SQLite a scan. A number finds
its own in any spelling, by its beginning or, as its digits are kept reversed, too, by its end.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Func
from django.db.models.sql.compiler import SQLCompiler

from accounts.wording.phone_numbers import calling_code
from contacts.text.normalization import limit_combining_marks

MAX_TERMS, MAX_SEARCHED = 8, 200  # words, and characters, of a search
MAX_WORD_LENGTH = 60  # PostgreSQL takes no word over 2 kB
MAX_TEXT_LENGTH = 100_000  # nor a million bytes of words

Prefixes = tuple[str, ...]  # found when each begins some word
Term = tuple[Prefixes, ...]  # found in any of its ways; a search is found by all its terms

_BETWEEN_WORDS = re.compile(r"[\s\0!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_BETWEEN_PLAIN = bytes(32 if _BETWEEN_WORDS.match(chr(code)) else code for code in range(128)) + bytes(128)
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # hyphens and blanks of no width
_NUMBER = re.compile(r"[+(]?\d[\d\s().\u00a0\u2010-\u2015/-]*")
_BACKWARDS = "<"  # begins a number's digits from its end; no word of a text holds it


def case_folded(text: str) -> str:
    """Text as it is sorted and compared: no case, one spelling per letter, no NUL (PostgreSQL takes none)."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", limit_combining_marks(text))
    return plain.casefold().replace("\0", "")


def search_text(phone: str, texts: Iterable[str]) -> str:
    """The words of a contact with this number (E.164) and these texts."""
    words = dict.fromkeys(words_of(" ".join(texts)[:MAX_TEXT_LENGTH]))
    return " ".join([*words, *_words_of_number(phone)])


def index_fields(phone: str, first_name: str, last_name: str, texts: Iterable[Any]) -> tuple[str, str]:
    """The name_key and search_text of a contact; `texts` are all that a search looks in, names too."""
    name_key = case_folded(f"{last_name} {first_name}".strip())[:201]
    return name_key, search_text(phone, map(str, texts))


def search_text_of_cells(cells: Iterable[str], search_text: str = "") -> str:
    """The words of a row's cells as they stand and of the numbers among them, beside those it has already."""
    cells = list(cells)
    numbers = [digits for cell in cells if (digits := phone_digits(cell).lstrip("0"))]
    words = [*search_text.split(), *words_of(" ".join(cells)[:MAX_TEXT_LENGTH])]
    return " ".join(dict.fromkeys([*words, *chain.from_iterable(map(_words_of_number, numbers))]))


def parse_search(text: str) -> list[Term]:
    """What a person's search asks for; nothing when there is no word in it."""
    if digits := phone_digits(text):
        return [(*_ways_of_number(digits), tuple(words_of(text)))]
    return [_term(word) for word in words_of(text[:MAX_SEARCHED])[:MAX_TERMS]]


def phone_digits(text: str) -> str:
    """The digits of what is nothing but a phone number, however it is spelled, or part of one; else ""."""
    text = text.strip().replace("(0)", "")
    if not _NUMBER.fullmatch(text):
        return ""
    return "".join(str(unicodedata.digit(each)) for each in text if each.isdigit())[:MAX_WORD_LENGTH]


class MatchesTerms(Func):
    """Whether the words of `search_text` hold the terms. PostgreSQL has an index for it: contact_words."""

    output_field = models.BooleanField()
    vector = "array_to_tsvector(array_remove(string_to_array(%(expressions)s, ' '), ''))"

    def __init__(
        self, terms: list[Term] | str, field: str | Combinable = "search_text", *, scan: bool = False
    ) -> None:
        """`terms`: or, on PostgreSQL, what `as_tsquery` makes of them, where the statement is kept. `scan`:
        look into the text of each row, which is cheaper where only some are looked at.
        """
        super().__init__(field)
        self.terms = terms
        self.scan = scan

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Sequence[Any]]:
        if self.scan:
            return self._in_each_text("strpos", compiler, connection, **context)
        sql, params = super().as_sql(compiler, connection, template=self.vector, **context)
        asked = as_tsquery(self.terms) if isinstance(self.terms, list) else self.terms
        return f"{sql} @@ %s::tsquery", [*params, asked]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self._in_each_text("instr", compiler, connection, **context)

    def _in_each_text(
        self, place_of: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        text, params = super().as_sql(compiler, connection, template="(' ' || %(expressions)s)", **context)
        assert isinstance(self.terms, list)
        words = [word for term in self.terms for way in term for word in way]
        holds = f"{place_of}({text}, %s) > 0"
        sql = _all(_any(_all([holds] * len(way)) for way in term) for term in self.terms)
        return sql, tuple(each for word in words for each in (*params, f" {word}"))


def has_terms(search_text: str, terms: list[Term]) -> bool:
    """As MatchesTerms says it of a row with that `search_text`."""
    text = f" {search_text}"
    for term in terms:
        for way in term:
            for word in way:
                if f" {word}" not in text:
                    break
            else:
                break  # of this way, each word is there
        else:
            return False
    return True


def words_of(text: str) -> list[str]:
    text = text.casefold()
    if text.isascii():
        return _ascii_words(text)
    return [word for part in _UNSEEN.sub("", text).split() for word in _words_in(part)]


def _ascii_words(text: str) -> list[str]:
    words = text.encode().translate(_BETWEEN_PLAIN).decode().split()
    return words if len(text) <= MAX_WORD_LENGTH else [word[:MAX_WORD_LENGTH] for word in words]


def _words_in(part: str) -> Sequence[str]:
    """Of a text without spaces."""
    if part.isascii():
        return _ascii_words(part)
    return _without_accents(part) if len(part) <= MAX_WORD_LENGTH else _without_accents.__wrapped__(part)


@lru_cache(maxsize=10_000)  # most names of a file come again and again
def _without_accents(part: str) -> tuple[str, ...]:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", limit_combining_marks(part)).casefold())
    return tuple(word[:MAX_WORD_LENGTH] for word in _BETWEEN_WORDS.split(plain) if word)


def _words_of_number(phone: str) -> list[str]:
    """With the country's code, as it is dialled within the country, and from its end."""
    digits = phone.lstrip("+")
    national = digits.removeprefix(calling_code(digits)).lstrip("0")
    return [digits, national, f"{_BACKWARDS}{digits[::-1]}"]


def _term(word: str) -> Term:
    ways = _ways_of_number(word) if word.isdecimal() else ()
    return (*ways, (word,))


def _ways_of_number(digits: str) -> Term:
    """Zeros before a number are dialled, not kept; two digits end too many numbers to be of use."""
    begins = ((begun,),) if (begun := digits.lstrip("0")) else ()
    ends = ((f"{_BACKWARDS}{digits[::-1]}",),) if len(digits) > 2 else ()
    return begins + ends


def as_tsquery(terms: list[Term]) -> str:
    return " & ".join(
        f"({' | '.join('(' + ' & '.join(map(_as_prefix, way)) + ')' for way in term)})" for term in terms
    )


def as_lexeme(word: str) -> str:
    """As a tsquery has it."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


def _as_prefix(word: str) -> str:
    return f"{as_lexeme(word)}:*"


def _all(conditions: Iterable[str]) -> str:
    return f"({' AND '.join(conditions)})"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"
