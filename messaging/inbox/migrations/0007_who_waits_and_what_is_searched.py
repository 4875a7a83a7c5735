"""Fill in who waits for an answer and who has read what, and index the words of messages, notes and numbers."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Max, OuterRef, Subquery

from messaging.inbox.search.words import kept_number, kept_words

BATCH = 2000

# What nobody had read waits; who reached the customer has read all the rest.
WAITING = """
    UPDATE inbox_thread SET unanswered_since = last_message_at WHERE state = 'open' AND last_direction = 'in'
"""
READ = """
    INSERT INTO inbox_threadread (thread_id, user_id, up_to)
    SELECT thread.id, membership.user_id, thread.newest_received
    FROM inbox_thread thread JOIN accounts_membership membership ON membership.customer_id = thread.customer_id
    WHERE thread.unread = 0 AND thread.unanswered_since IS NOT NULL
"""
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


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    message, thread = apps.get_model("inbox", "Message"), apps.get_model("inbox", "Thread")
    received = message.objects.filter(thread=OuterRef("pk"), direction="in").order_by().values("thread")
    newest = received.annotate(newest=Max("pk")).values("newest")
    with_some = thread.objects.filter(messages__direction="in").values("pk")
    thread.objects.filter(pk__in=with_some).update(newest_received=Subquery(newest))
    schema_editor.execute(WAITING)
    schema_editor.execute(READ)


def keep_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    messages = apps.get_model("inbox", "Message").objects.annotate(customer=F("thread__customer"))
    for batch in _batches(messages.only("content", "search_text")):
        for each in batch:
            each.search_text = kept_words(each.customer, each.content)
        messages.bulk_update(batch, ["search_text"], batch_size=200)
    threads = apps.get_model("inbox", "Thread").objects
    for batch in _batches(threads.only("customer", "address")):
        for each in batch:
            each.search_text = kept_number(each.customer_id, each.address)[:250]
        threads.bulk_update(batch, ["search_text"], batch_size=200)


def index_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    else:
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
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


def _batches(rows: Any) -> Any:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_signing_in"), ("inbox", "0006_a_team_and_a_search")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(keep_words, migrations.RunPython.noop),
        migrations.RunPython(index_words, drop_words),
        migrations.RemoveField(model_name="thread", name="unread"),
    ]
