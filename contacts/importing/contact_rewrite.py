"""Contacts rewritten many at once: first what they become, then their words, then the change."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper

from accounts.db.bulk_copy import copy_rows
from contacts.fields import DETAIL_NAMES, SEARCHED
from contacts.text.full_text_search import index_fields

REWRITTEN_FIELDS = (*DETAIL_NAMES, "properties")
_INDEXED = ", ".join(("phone", "first_name", "last_name", "properties", *SEARCHED))


class ConcurrentChange(Exception):
    """Optimistic locking: fewer contacts are as they were when they were compared: do the chunk again."""


def rewrite_contacts(cursor: CursorWrapper, given: Mapping[str, Any], *, become: str, sets: str) -> int:
    """Write what the SELECT `become` says (id, phone, revision, REWRITTEN_FIELDS), and `sets`; how many.

    Lists are sorted by, and searches look in, words that Python writes: that is why there is a table between.
    """
    cursor.execute(f"CREATE TEMPORARY TABLE import_rewritten AS {become}", given)
    expected = _write_words(cursor)
    fields = ", ".join(f"{field} = new.{field}" for field in REWRITTEN_FIELDS)
    cursor.execute(
        f"""UPDATE contacts_contact
        SET {fields}, name_key = words.name_key, search_text = words.search_text, {sets}
        FROM import_rewritten AS new JOIN import_words AS words ON words.id = new.id
        WHERE contacts_contact.id = new.id AND contacts_contact.revision = new.revision""",
        given,
    )
    rewritten = int(cursor.rowcount)
    cursor.execute("DROP TABLE import_words")
    cursor.execute("DROP TABLE import_rewritten")
    if rewritten != expected:
        raise ConcurrentChange
    return rewritten


def _write_words(cursor: CursorWrapper) -> int:
    cursor.execute(
        "CREATE TEMPORARY TABLE import_words (id bigint PRIMARY KEY, name_key text, search_text text)"
    )
    cursor.execute(f"SELECT id, {_INDEXED} FROM import_rewritten")
    words = [
        (pk, *index_fields(phone, first_name, last_name, [*searched, *json.loads(properties).values()]))
        for pk, phone, first_name, last_name, properties, *searched in cursor.fetchall()
    ]
    copy_rows(cursor, "import_words", ("id", "name_key", "search_text"), words)
    return len(words)
