"""Index the words of messages, notes and numbers; and what was filled in from is gone."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# As messaging.inbox.search.hits and contacts.text.full_text_search.MatchesTerms ask for them.
WORDS = "array_to_tsvector(array_remove(string_to_array(search_text, ' '), '')"
POSTGRESQL = {
    "inbox_message_words": f"inbox_message USING gin (({WORDS} || ARRAY['#' || (id >> 16)::text])))",
    "inbox_thread_words": f"inbox_thread USING gin (({WORDS})))",
    "inbox_note_words": f"inbox_note USING gin (({WORDS})))",
}
# SQLite indexes words in a table of their own, which triggers keep. Django drops them with a table that it makes anew:
# a migration that alters messages runs `index_words` again, and a test sees to it.
SQLITE = [
    "DROP TABLE IF EXISTS inbox_message_words",
    """CREATE VIRTUAL TABLE inbox_message_words USING fts5(
        search_text, content='inbox_message', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0 tokenchars '@'")""",
    """CREATE TRIGGER inbox_message_words_added AFTER INSERT ON inbox_message BEGIN
        INSERT INTO inbox_message_words (rowid, search_text) VALUES (new.id, new.search_text); END""",
    """CREATE TRIGGER inbox_message_words_deleted AFTER DELETE ON inbox_message BEGIN
        INSERT INTO inbox_message_words (inbox_message_words, rowid, search_text)
        VALUES ('delete', old.id, old.search_text); END""",
    """CREATE TRIGGER inbox_message_words_changed AFTER UPDATE OF search_text ON inbox_message BEGIN
        INSERT INTO inbox_message_words (inbox_message_words, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
        INSERT INTO inbox_message_words (rowid, search_text) VALUES (new.id, new.search_text); END""",
    "INSERT INTO inbox_message_words (inbox_message_words) VALUES ('rebuild')",
]
TRIGGERS = ["inbox_message_words_added", "inbox_message_words_deleted", "inbox_message_words_changed"]


def index_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    else:
        for name, on in POSTGRESQL.items():
            schema_editor.execute(f"CREATE INDEX {name} ON {on}")


def drop_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute("DROP TABLE IF EXISTS inbox_message_words")
    else:
        for name in POSTGRESQL:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    replaces = [("inbox", "0007_who_waits_and_what_is_searched")]

    dependencies = [("inbox", "0003_who_waits_and_what_is_searched")]

    operations = [
        migrations.RemoveField("message", "opted_out"),
        migrations.RemoveField("thread", "unread"),
        migrations.RunPython(index_words, drop_words),
    ]
