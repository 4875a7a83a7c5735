"""A message as a search shows it: some words around the first that were asked for, and those marked."""

from itertools import groupby
from operator import itemgetter

from contacts.text.full_text_search import words_of
from messaging.inbox.search.words import Asked

AROUND = 12  # words before the first that is marked
MOST = 40  # words in all

Snippet = list[tuple[str, bool]]  # pieces of text, and whether each is marked


def snippet_of(text: str, asked: Asked) -> Snippet:
    """What stands between words that are marked is one piece."""
    words = text.split()
    marked = _marked(words, text.casefold().split(), asked)
    first = marked.index(True) if True in marked else 0
    start = max(0, first - AROUND)
    pieces = list[tuple[str, bool]]()
    shown = zip(words[start : start + MOST], marked[start : start + MOST], strict=True)
    for is_marked, run in groupby(shown, key=itemgetter(1)):
        own = [word for word, _ in run]
        pieces += [(word, True) for word in own] if is_marked else [(" ".join(own), False)]
    before = [("…", False)] if start else []
    return before + pieces + ([("…", False)] if start + MOST < len(words) else [])


def _marked(words: list[str], folded: list[str], asked: Asked) -> list[bool]:
    """Of each word whether it is meant. One of ASCII can be only where what is asked for stands in it; of
    others, accents are taken off.
    """
    marked = [False] * len(words)
    for literal in asked.literals:
        for place, word in enumerate(folded):
            if literal in word:
                marked[place] = True
    for begun in [*asked.words, *(word for phrase in asked.phrases for word in phrase)]:
        for place, word in enumerate(folded):
            if (begun in word or not word.isascii()) and not marked[place]:
                marked[place] = any(each.startswith(begun) for each in words_of(words[place]))
    return marked
