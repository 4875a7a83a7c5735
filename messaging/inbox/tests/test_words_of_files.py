"""Messages of an older installation are found by the names of their files, once it is brought up to date."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from messaging.inbox.models import Message
from messaging.inbox.search.results import search
from messaging.inbox.search.words import kept_words
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import receive

pytestmark = pytest.mark.django_db

migration = import_module("messaging.inbox.migrations.0003_who_waits_and_what_is_searched")
FILE = {"name": "lokakuu.pdf", "mimeType": "application/pdf", "resourceLocation": "https://a.test/1"}


@pytest.fixture
def older(hook, thread) -> None:
    """Five with a file and one without, kept without what their files are called."""
    for number in range(5):
        receive(hook, content=f"Lasku {number}", attachments=[FILE])
    for each in Message.objects.all():
        Message.objects.filter(pk=each.pk).update(search_text=kept_words(thread.customer_id, each.content))


def found(customer, text: str) -> int:
    return len(search(Desk(customer), text).hits)


def test_old_messages_are_found_by_the_names_of_their_files(older, kahvila, monkeypatch):
    monkeypatch.setattr(migration, "BATCH", 2)
    assert found(kahvila, "lokakuu") == 0

    migration.keep_words(apps, connection.schema_editor())

    assert (found(kahvila, "lokakuu"), found(kahvila, "lasku")) == (5, 5)
