"""The newest messages that hold what is asked for, by the index of words.

No one plan serves rare and common words: what many messages hold is met soon among the newest, what is rare
is looked up everywhere. So PostgreSQL looks at the newest first, then asks the index for the newest 65,536
messages, then for more of them, and for all that are left once few can be; each of these stages is a bitmap
of the index, in which the number of a message's bucket is a word like the others. For the beginning of a
word the index gathers all messages that have such a word, of whatever bucket: it is asked for the rare ones,
and what it finds is looked at for the others. SQLite's index walks from the newest on by itself.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.db.array_param import listed
from accounts.db.kept_queries import KeptQuery, by_hand
from contacts.text.full_text_search import as_lexeme
from messaging.inbox.models import Thread
from messaging.inbox.search.scope import EVERYWHERE, SearchScope
from messaging.inbox.search.word_shares import shares_of
from messaging.inbox.search.words import Asked, customer_mark

BUCKET_BITS = 16
TIMES_MORE = 4  # buckets, in each stage
FEW_LEFT = 300  # hits: where no more are to be expected, the index is asked for all of them
LOOKED_AT, OF_COMMON_WORDS = 1024, 16_384  # newest messages, before the index is asked
COMMON = 0.005  # of all messages: what so many have is left to looking
BUDGET = 0.1  # seconds: no stage begins after it
WALKED_THREADS = 300  # the latest: where no word is long enough for the index
NEWEST = 2**62

# As the index of the migration has it: the planner uses it for this very expression only.
VECTOR = (
    "array_to_tsvector(array_remove(string_to_array(m.search_text, ' '), '')"
    f" || ARRAY['#' || (m.id >> {BUCKET_BITS})::text])"
)


@dataclass(frozen=True)
class Hits:
    """Newest first. `looked_back_to`: messages older than this one were not looked at, for want of time.

    `only_latest`: the words are too short for the index; only the latest threads were looked through.
    """

    keys: list[int]
    looked_back_to: int = 0
    only_latest: bool = False


def newest_hits(
    customer: int,
    asked: Asked,
    *,
    most: int,
    before: int = 0,
    scope: SearchScope = EVERYWHERE,
    first: KeptQuery[Any] | None = None,
) -> Hits:
    """Those older than the message with the key `before`. `first`: what `first_query` gave of the same."""
    before = before or NEWEST
    if scope.threads is not None:
        return Hits(hits_in(scope.threads, asked, most=most, before=before, scope=scope))
    if not asked.indexed:
        return _walk(customer, asked, most=most, before=before, scope=scope)
    if connection.vendor == "sqlite":
        return Hits(_from_sqlite(customer, asked, most=most, before=before, scope=scope))
    first = first or first_query(customer, asked, most=most, before=before, scope=scope)
    return _in_stages(customer, asked, first, most=most, before=before, scope=scope)


def first_query(
    customer: int, asked: Asked, *, most: int, before: int = 0, scope: SearchScope = EVERYWHERE
) -> KeptQuery[Any]:
    """The first of the stages, to be read together with others; not written where there are none: the key of
    the newest message there is, then of so many, each of which is looked at, as many as are wanted.
    """
    if scope.threads is not None or not asked.indexed or connection.vendor == "sqlite":
        return KeptQuery()
    before, (_, share) = before or NEWEST, _sought(customer, asked.indexed)
    walked = LOOKED_AT if share < COMMON else OF_COMMON_WORDS
    where, params = _looked_at(asked.pieces, asked.literals, scope)
    return by_hand(
        "SELECT MAX(id) FROM inbox_message UNION ALL (SELECT m.id FROM inbox_message m"  # noqa: S608  our own names
        " WHERE m.id >= LEAST(%s, (SELECT MAX(id) + 1 FROM inbox_message)) - %s"
        f" AND m.id < %s AND m.search_text LIKE %s{where} ORDER BY m.id DESC LIMIT %s)",
        *(before, walked, before, f"{customer_mark(customer)} %", *params, most),
    )


def hits_in(
    threads: Sequence[int], asked: Asked, *, most: int, before: int = 0, scope: SearchScope = EVERYWHERE
) -> list[int]:
    """In a few threads."""
    is_of_them = _among("bigint")
    return _hits(is_of_them, [listed(list(threads))], asked, most, before, scope) if threads else []


def hits_of(
    customer: int,
    addresses: list[str],
    asked: Asked,
    *,
    most: int,
    before: int = 0,
    scope: SearchScope = EVERYWHERE,
) -> list[int]:
    """In the threads of a few people, by their numbers."""
    theirs = f"SELECT t.id FROM inbox_thread t WHERE t.customer_id = %s AND t.address {_among('text')}"  # noqa: S608
    is_of_them = f"IN ({theirs})" if connection.vendor == "sqlite" else f"= ANY(ARRAY({theirs}))"
    return _hits(is_of_them, [customer, listed(addresses)], asked, most, before, scope) if addresses else []


def _among(kind: str) -> str:
    """Of what `listed` gives."""
    is_sqlite = connection.vendor == "sqlite"
    return "IN (SELECT value FROM json_each(%s))" if is_sqlite else f"= ANY(%s::{kind}[])"


def _hits(
    is_of_them: str, theirs: list[Any], asked: Asked, most: int, before: int, scope: SearchScope
) -> list[int]:
    """Each of their messages is looked at, or of words that few messages have, those that the index has for
    both.

    PostgreSQL would look at all from the newest on, if their order were the key's own.
    """
    where, params = _looked_at(asked.pieces, asked.literals, scope)
    rare = [] if connection.vendor == "sqlite" else _rare_in(asked)
    by_index = f" AND {VECTOR} @@ %s::tsquery" * len(rare)
    return _keys(
        f"SELECT m.id FROM inbox_message m WHERE m.thread_id {is_of_them} AND m.id < %s{where}{by_index}"  # noqa: S608  our own names
        " ORDER BY m.id + 0 DESC LIMIT %s",
        [*theirs, before or NEWEST, *params, *rare, most],
    )


def _rare_in(asked: Asked) -> list[str]:
    """For the index, the words that few messages have. The beginning of a number is that of many others."""
    words = [each for each in asked.indexed if not each[0].isdecimal()]
    shares = shares_of(words, index="inbox_message_words")
    return [_as_prefix(*each) for each in words if shares[each[0]] < COMMON]


def forget_deleted_words() -> None:
    """SQLite's index keeps the words of messages that are gone until its parts are merged."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO inbox_message_words (inbox_message_words) VALUES ('optimize')")


def _walk(customer: int, asked: Asked, *, most: int, before: int, scope: SearchScope) -> Hits:
    latest = Thread.objects.filter(customer=customer).order_by("-last_message_at", "-pk")
    threads = list(latest.values_list("pk", flat=True)[:WALKED_THREADS])
    keys = hits_in(threads, asked, most=most, before=before, scope=scope)
    return Hits(keys, only_latest=len(threads) == WALKED_THREADS)


def _in_stages(
    customer: int, asked: Asked, first: KeptQuery[Any], *, most: int, before: int, scope: SearchScope
) -> Hits:
    began = time.monotonic()
    words, share = _sought(customer, asked.indexed)
    newest, *soonest = [key for (key,) in first.rows()]
    if len(soonest) == most:
        return Hits(soonest)
    found, size, last = list[int](), 1, min(before - 1, newest or 0) >> BUCKET_BITS
    while time.monotonic() - began <= BUDGET:
        buckets = range(last, last - size, -1) if size <= last else []
        left = most - len(found)
        found += _from_postgresql(customer, asked, words, buckets, most=left, before=before, scope=scope)
        if len(found) >= most or not buckets:
            return Hits(found)
        last -= size
        before = (last + 1) << BUCKET_BITS
        size = _next_size(size, len(found), last + 1, share=share)
    return Hits(found, looked_back_to=before)


def _next_size(size: int, found: int, left: int, *, share: float) -> int:
    """Of the next stage, in buckets, of which so many are `left`. What the statistics know was common once,
    if not lately.
    """
    looked_at = (TIMES_MORE * size - 1) // (TIMES_MORE - 1)
    are_few = share == 0 and (found + 1) * left <= FEW_LEFT * looked_at
    return left if are_few else TIMES_MORE * size


def _sought(customer: int, words: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], float]:
    """What the index is asked for, what few messages have, else the rarest word; and how common is what is
    rarest.

    By PostgreSQL's own statistics of the index, which count the most common words: of others they know
    nothing, 0. The mark of a customer with many messages is one of the common.
    """
    every = [(customer_mark(customer), False), *words]
    shares = shares_of(every, index="inbox_message_words")
    rare = [each for each in every if shares[each[0]] < COMMON]
    return rare or [min(words, key=lambda each: shares[each[0]])], min(shares.values())


def _from_postgresql(
    customer: int,
    asked: Asked,
    sought: list[tuple[str, bool]],
    buckets: Sequence[int],
    *,
    most: int,
    before: int,
    scope: SearchScope,
) -> list[int]:
    words = [_as_prefix(*each) for each in sought]
    places = " | ".join(f"'#{bucket}'" for bucket in buckets)
    tsquery = " & ".join([*([f"({places})"] if places else []), *words])
    where, params = _looked_at(asked.pieces, asked.literals, scope)
    older = f" AND m.id < {before:d}" if before < NEWEST else ""  # else the key's own index looks useful
    return _keys(
        f"WITH found AS MATERIALIZED (SELECT m.id FROM inbox_message m WHERE {VECTOR} @@ %s::tsquery"  # noqa: S608  our own names
        f" AND m.search_text LIKE %s{older}{where}) SELECT id FROM found ORDER BY id DESC LIMIT %s",
        [tsquery, f"{customer_mark(customer)} %", *params, most],
    )


def _as_prefix(word: str, begins: bool) -> str:
    return f"{as_lexeme(word)}{':*' if begins else ''}"


def _from_sqlite(customer: int, asked: Asked, *, most: int, before: int, scope: SearchScope) -> list[int]:
    words = [f'"{word}"{"*" if begins else ""}' for word, begins in asked.indexed]
    match = " AND ".join([f'"{customer_mark(customer)}"', *words])
    where, params = _looked_at(asked.pieces_left, asked.literals, scope)
    return _keys(
        "SELECT m.id FROM inbox_message_words w JOIN inbox_message m ON m.id = w.rowid"  # noqa: S608  our own
        f" WHERE inbox_message_words MATCH %s AND w.rowid < %s{where} ORDER BY w.rowid DESC LIMIT %s",
        [match, before, *params, most],
    )


def _looked_at(pieces: list[str], literals: tuple[str, ...], scope: SearchScope) -> tuple[str, list[Any]]:
    """Conditions on each message that is found. Before every word stands a blank: the first is the mark."""
    place_of = "instr" if connection.vendor == "sqlite" else "strpos"
    ended = ["m.search_text || ' '" if piece.endswith(" ") else "m.search_text" for piece in pieces]
    in_words = "".join(f" AND {place_of}({words}, %s) > 0" for words in ended)
    as_it_stands = f" AND {place_of}(lower(m.content), %s) > 0" * len(literals)
    return in_words + as_it_stands + scope.where, [*pieces, *literals, *scope.params]


def _keys(sql: str, params: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [key for (key,) in cursor.fetchall()]
