"""Messages of an older installation are found by the names of their files, once it is brought up to date."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from messaging.inbox.models import Message, Note
from messaging.inbox.search.results import search
from messaging.inbox.search.words import kept_words
from messaging.inbox.team import notes
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import receive

pytestmark = pytest.mark.django_db

migration = import_module("messaging.inbox.migrations.0018_words_of_files")
FILE = {"name": "lokakuu.pdf", "mimeType": "application/pdf", "resourceLocation": "https://a.test/1"}


@pytest.fixture
def older(hook, thread) -> list[Message]:
    """Five with a file and one without, kept without what their files are called."""
    for number in range(5):
        receive(hook, content=f"Lasku {number}", attachments=[FILE])
    messages = list(Message.objects.order_by("pk"))
    for each in messages:
        Message.objects.filter(pk=each.pk).update(search_text=kept_words(thread.customer_id, each.content))
    return messages


def bring_up_to_date() -> None:
    migration.keep_words(apps, connection.schema_editor())


def found(customer, text: str) -> int:
    return len(search(Desk(customer), text).hits)


def test_old_messages_are_found_by_the_names_of_their_files(older, kahvila):
    assert found(kahvila, "lokakuu") == 0

    bring_up_to_date()

    assert (found(kahvila, "lokakuu"), found(kahvila, "lasku")) == (5, 5)


def test_what_was_stopped_goes_on_and_writes_nothing_twice(older, kahvila, monkeypatch):
    monkeypatch.setattr(migration, "BATCH", 2)
    rows, written = Message._default_manager.__class__, []
    write = rows.bulk_update

    def stop_at_the_second(self, changed, *told, **more):
        written.append(len(changed))
        if len(written) == 2:
            raise KeyboardInterrupt
        return write(self, changed, *told, **more)

    monkeypatch.setattr(rows, "bulk_update", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date()
    assert found(kahvila, "lokakuu") == 2

    bring_up_to_date()
    assert found(kahvila, "lokakuu") == 5
    assert sum(written[2:]) == 3


def test_each_batch_is_committed_by_itself():
    assert not migration.Migration.atomic


def test_words_that_emoji_part_are_found_apart(hook, thread, kahvila, mikko):
    joined = "kissa\u200dkoira"
    receive(hook, content=joined)
    notes.write(thread, joined, by=mikko)
    as_one = kept_words(kahvila.pk, "kissakoira")
    Message.objects.filter(content=joined).update(search_text=as_one)
    Note.objects.update(search_text=as_one)
    assert found(kahvila, "koira") == 0

    bring_up_to_date()

    assert (found(kahvila, "koira"), len(search(Desk(kahvila), "koira").notes)) == (1, 1)
