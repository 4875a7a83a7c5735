"""Find messages that came before their files were searched by their names, and words that emoji now part.

Each batch is committed by itself: what is stopped goes on, as what is done already is not written again.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q

from messaging.inbox.search.words import kept_words

BATCH = 2000
JOINER = "\u200d"  # between emoji; words were one across it


def keep_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    of_messages = Q(content__contains=JOINER) | ~Q(attachments=[])
    messages = apps.get_model("inbox", "Message").objects.filter(of_messages)
    _keep(messages.only("content", "attachments", "search_text"), _searched)
    notes = apps.get_model("inbox", "Note").objects.filter(text__contains=JOINER)
    _keep(notes.only("text", "search_text"), lambda note: note.text)


def _searched(message: Any) -> str:
    names = [str(each.get("name") or "") for each in message.attachments if isinstance(each, dict)]
    return " ".join([message.content, *names])


def _keep(rows: Any, said: Any) -> None:
    rows, last = rows.annotate(customer=F("thread__customer")).order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        changed = []
        for each in batch:
            was, each.search_text = each.search_text, kept_words(each.customer, said(each))
            if each.search_text != was:
                changed.append(each)
        rows.model._default_manager.bulk_update(changed, ["search_text"], batch_size=200)
        last = batch[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("inbox", "0017_drafts_of_templates_and_first_messages")]

    operations = [migrations.RunPython(keep_words, migrations.RunPython.noop)]
