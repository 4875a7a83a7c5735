"""How common a word is, as PostgreSQL's own statistics of an index of words have it."""

from collections.abc import Iterable, Iterator
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
    common: dict[str, float] = cache.get_or_set(kept_as, partial(_common, index), KEPT_FOR) or {}
    return {word: sum(_each(common, word, begins), 0.0) for word, begins in words}


def _each(common: dict[str, float], word: str, begins: bool) -> Iterator[float]:
    for each, share in common.items():
        if each == word or (begins and each.startswith(word)):
            yield share


def _common(index: str) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(COMMON, [index])
        return dict(cursor.fetchall())
