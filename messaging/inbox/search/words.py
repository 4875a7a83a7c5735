"""What a search looks in, and what a person asks for.

A message, a note and the number of a thread keep their words in `search_text`, in the order in which they
were written, after the mark of their customer: one index serves every customer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts.text.full_text_search import case_folded, search_text, words_of

MAX_WORDS = 8  # of a search
MAX_KEPT_LENGTH = 20_000  # characters of one text; PostgreSQL takes no row of an index over a third of a page
MIN_INDEXED = 3  # letters: fewer begin too many words for any index
_AT_THE_EDGES = ".,:;!?()[]{}'…"
_SIGNS = "%_@#/\\&+=*<>$€£-.:'^~|"  # inside of what is asked for, they are meant


def customer_mark(customer: int) -> str:
    """No word of a text holds an @."""
    return f"@{customer}"


def kept_words(customer: int, text: str) -> str:
    return " ".join([customer_mark(customer), *words_of(text[:MAX_KEPT_LENGTH])])


def kept_number(customer: int, address: str) -> str:
    """Of a thread: the number by which it is found in any spelling; of what is none, its words."""
    words = search_text(address, []) if address.startswith("+") else " ".join(words_of(address))
    return f"{customer_mark(customer)} {words}"


@dataclass(frozen=True)
class Asked:
    """`words` each begin some word of what is found; `phrases` are words that follow each other there.

    `literals` stand in it letter by letter, as "50%" does: signs are no words.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    literals: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Asked":
        words: list[str] = []
        phrases: list[tuple[str, ...]] = []
        literals: list[str] = []
        for part, is_quoted in _parts(text):
            own = words_of(part)
            if is_quoted and len(own) > 1:
                phrases.append(tuple(own))
            else:
                words += own
            bare = case_folded(part.strip(_AT_THE_EDGES))
            if not is_quoted and any(sign in bare for sign in _SIGNS):
                literals.append(bare)
        return cls(tuple(words[:MAX_WORDS]), tuple(phrases[:MAX_WORDS]), tuple(literals[:MAX_WORDS]))

    @property
    def indexed(self) -> list[tuple[str, bool]]:
        """What the index is asked for: each word, and whether it only begins one."""
        of_phrases = [(word, False) for phrase in self.phrases for word in phrase]
        return [(word, True) for word in self.words if len(word) >= MIN_INDEXED] + of_phrases

    @property
    def pieces(self) -> list[str]:
        """What a text has to hold, where it stands between blanks."""
        return [f" {word}" for word in self.words] + [f" {' '.join(phrase)} " for phrase in self.phrases]

    @property
    def pieces_left(self) -> list[str]:
        """Those that the index does not vouch for."""
        return [piece for piece in self.pieces if len(piece) <= MIN_INDEXED or piece.endswith(" ")]

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.literals)

    def without(self, words: Iterable[str]) -> "Asked":
        left = tuple(word for word in self.words if word not in set(words))
        return Asked(left, self.phrases, self.literals)


def _parts(text: str) -> list[tuple[str, bool]]:
    """Between blanks, and what stands in quotation marks as one; an open one ends with the text."""
    found = []
    for number, part in enumerate(text.replace("“", '"').replace("”", '"').split('"')):
        found += [(part, True)] if number % 2 else [(each, False) for each in part.split()]
    return [(part, is_quoted) for part, is_quoted in found if part.strip()]
