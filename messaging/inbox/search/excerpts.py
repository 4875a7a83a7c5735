"""A message as a search shows it: some words around the first that were asked for, and those marked."""

from contacts.text.full_text_search import words_of
from messaging.inbox.search.words import Asked

AROUND = 12  # words before the first that is marked
MOST = 40  # words in all

Snippet = list[tuple[str, bool]]  # pieces of text, and whether each is marked


def snippet_of(text: str, asked: Asked) -> Snippet:
    words = text.split()
    begins = [*asked.words, *(word for phrase in asked.phrases for word in phrase)]
    marked = [_is_meant(word, begins, asked.literals) for word in words]
    first = marked.index(True) if True in marked else 0
    start = max(0, first - AROUND)
    pieces = list(zip(words[start : start + MOST], marked[start : start + MOST], strict=True))
    before = [("…", False)] if start else []
    return before + pieces + ([("…", False)] if start + MOST < len(words) else [])


def _is_meant(word: str, begins: list[str], literals: tuple[str, ...]) -> bool:
    own = words_of(word)
    as_it_stands = any(literal in word.casefold() for literal in literals)
    return as_it_stands or any(each.startswith(begun) for each in own for begun in begins)
