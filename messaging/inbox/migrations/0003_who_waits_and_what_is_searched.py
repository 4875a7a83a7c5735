"""Who waits for an answer, who has read what, and the words of messages and numbers: filled in."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Upper

from messaging.inbox.search.words import kept_number, kept_words

STEPS = "0003_times_that_cannot_be 0018_words_of_files"
BATCH = 2000
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # messages from before bear the .NET word for no time

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


def name_what_they_asked(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("inbox", "Message").objects.filter(opted_out=True).update(intent="stop")


def believe_arrival(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where no time was given, when it came is what is known."""
    apps.get_model("inbox", "Message").objects.filter(at__lt=EARLIEST).update(at=F("received_at"))
    threads = apps.get_model("inbox", "Thread").objects.filter(last_message_at__lt=EARLIEST)
    for thread in threads:
        latest = apps.get_model("inbox", "Message").objects.filter(thread=thread).order_by("-at").first()
        if latest:
            thread.last_message_at = latest.at
            thread.save(update_fields=["last_message_at"])


def tell_who_waits(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    message, thread = apps.get_model("inbox", "Message"), apps.get_model("inbox", "Thread")
    received = message.objects.filter(thread=OuterRef("pk"), direction="in").order_by().values("thread")
    newest = received.annotate(newest=Max("pk")).values("newest")
    with_some = thread.objects.filter(messages__direction="in").values("pk")
    thread.objects.filter(pk__in=with_some).update(newest_received=Subquery(newest))
    schema_editor.execute(WAITING)
    schema_editor.execute(READ)


def name_channels(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of each thread that of its last message."""
    message, thread = apps.get_model("inbox", "Message"), apps.get_model("inbox", "Thread")
    latest = message.objects.filter(thread=OuterRef("pk")).order_by("-at", "-pk")
    thread.objects.update(last_channel=Coalesce(Upper(Subquery(latest.values("protocol")[:1])), Value("")))


def keep_words(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    messages = apps.get_model("inbox", "Message").objects.annotate(customer=F("thread__customer"))
    for batch in _batches(messages.only("content", "attachments", "search_text")):
        for each in batch:
            each.search_text = kept_words(each.customer, _searched(each))
        messages.bulk_update(batch, ["search_text"], batch_size=200)
    threads = apps.get_model("inbox", "Thread").objects
    for batch in _batches(threads.only("customer", "address")):
        for each in batch:
            each.search_text = kept_number(each.customer_id, each.address)[:250]
        threads.bulk_update(batch, ["search_text"], batch_size=200)


def _searched(message: Any) -> str:
    """What it says, and what its files are called."""
    names = [str(each.get("name") or "") for each in message.attachments if isinstance(each, dict)]
    return " ".join([message.content, *names])


def _batches(rows: Any) -> Any:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


class Migration(migrations.Migration):
    replaces = [("inbox", name) for name in STEPS.split()]

    dependencies = [
        ("accounts", "0001_initial"),
        ("inbox", "0002_a_team_with_rules_and_drafts"),
    ]

    operations = [
        migrations.RunPython(name_what_they_asked, migrations.RunPython.noop),
        migrations.RunPython(believe_arrival, migrations.RunPython.noop),
        migrations.RunPython(tell_who_waits, migrations.RunPython.noop),
        migrations.RunPython(name_channels, migrations.RunPython.noop),
        migrations.RunPython(keep_words, migrations.RunPython.noop),
    ]
