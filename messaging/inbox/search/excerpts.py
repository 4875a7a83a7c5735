"""A message as a search shows it: some words around the first that were asked for, and those marked."""

from functools import partial
from itertools import groupby

from contacts.text.full_text_search import words_of
from messaging.inbox.search.words import Asked

AROUND = 12  # words before the first that is marked
MOST = 40  # words in all

Snippet = list[tuple[str, bool]]  # pieces of text, and whether each is marked


def snippet_of(text: str, asked: Asked) -> Snippet:
    """What stands between words that are marked is one piece."""
    words = text.split()
    begins = [*asked.words, *(word for phrase in asked.phrases for word in phrase)]
    is_meant = partial(_is_meant, begins=begins, literals=asked.literals)
    first = next((place for place, word in enumerate(words) if is_meant(word)), 0)
    start = max(0, first - AROUND)
    pieces = list[tuple[str, bool]]()
    for is_marked, own in groupby(words[start : start + MOST], key=is_meant):
        those = list(own)
        pieces += [(word, True) for word in those] if is_marked else [(" ".join(those), False)]
    before = [("…", False)] if start else []
    return before + pieces + ([("…", False)] if start + MOST < len(words) else [])


def _is_meant(word: str, *, begins: list[str], literals: tuple[str, ...]) -> bool:
    folded = word.casefold()
    for literal in literals:
        if literal in folded:
            return True
    if word.isascii() and not any(begun in folded for begun in begins):
        return False  # nothing is taken off such a word but what stands between its words
    return any(each.startswith(begun) for each in words_of(word) for begun in begins)
