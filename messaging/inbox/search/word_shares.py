"""How common a word is, as PostgreSQL's own statistics of an index of words have it."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import partial

from django.core.cache import cache
from django.db import connection

KEPT_FOR = 60  # seconds: they change as tables grow, and are slower to read than what is asked with them
COMMON = """
    SELECT word, share
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(word, share)
    WHERE tablename = %s AND word IS NOT NULL
"""


def shares_of(words: Iterable[tuple[str, bool]], *, index: str) -> dict[str, float]:
    """What share of the rows of an index has each of the words, or one that begins so."""
    kept_as = f"messaging.inbox.common_words.{index}"
    common, shares = cache.get_or_set(kept_as, partial(_common, index), KEPT_FOR) or ([], [])
    return {word: sum(shares[_places(common, word, begins=begins)]) for word, begins in words}


def _places(common: list[str], word: str, *, begins: bool) -> slice:
    """Of the word, or of all that begin so, which stand beside each other."""
    first = end = bisect_left(common, word)
    while end < len(common) and (common[end].startswith(word) if begins else common[end] == word):
        end += 1
    return slice(first, end)


def _common(index: str) -> tuple[list[str], list[float]]:
    """The most common words in their order, and the share of each."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON, [index])
        found = sorted(cursor.fetchall())
    return [word for word, _ in found], [share for _, share in found]
