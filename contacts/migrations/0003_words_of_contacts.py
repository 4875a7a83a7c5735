"""Search by words instead of by pieces of text, and on PostgreSQL by an index of them."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from contacts.text.full_text_search import search_text

BATCH = 2000

# As contacts.text.full_text_search.MatchesTerms asks; the planner uses an index only for the very expression it was made on.
MAKE = """
    CREATE INDEX contact_words ON contacts_contact
    USING gin (array_to_tsvector(array_remove(string_to_array(search_text, ' '), '')))
"""
DROP = "DROP INDEX contact_words"


def keep_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    contacts = apps.get_model("contacts", "Contact").objects
    last = 0
    while batch := list(contacts.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for each in batch:
            texts = [each.first_name, each.last_name, each.email, *map(str, each.properties.values())]
            each.search_text = search_text(each.phone, texts)
        contacts.bulk_update(batch, ["search_text"], batch_size=200)
        last = batch[-1].pk


def make_index(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def drop_index(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_lists_of_a_group")]

    operations = [
        migrations.RunPython(keep_words, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
