"""Operations of before there were held ones and codes of reasons, upgraded and taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from tests.database import connected_to, empty_database

BEFORE = ("gateway", "0001_connections_outbox_and_hooks")
AFTER = ("gateway", "0008_no_error_text")
FAR = datetime(3000, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


def models_at(target: tuple[str, str]) -> StateApps:
    executor = MigrationExecutor(database)
    executor.migrate([target])
    return executor.loader.project_state([target]).apps


def operations_at(target: tuple[str, str]):
    return models_at(target).get_model("gateway", "Operation").objects


@pytest.fixture
def old() -> Iterator[StateApps]:
    """A database of then: what came later is neither made nor taken back."""
    with empty_database() as name, connected_to(name):
        yield models_at(BEFORE)


def test_held_calls_and_words_are_kept_there_and_back(old):
    person = old.get_model("accounts", "User").objects.create(username="then")
    connection = old.get_model("gateway", "Connection").objects.create(user=person, expires_at=FAR)
    fields = {"connection": connection, "kind": "contact.update", "lane": 2, "payload": {}}
    calls = old.get_model("gateway", "Operation").objects
    calls.create(**fields, subject="held", due_at=FAR)
    calls.create(**fields, subject="told", state="failed", error_text='SmartDialog refused it: "{no}"')
    calls.create(**fields, subject="plain")

    rows = {row.subject: row for row in operations_at(AFTER).all()}
    assert [rows[name].state for name in ("held", "told", "plain")] == ["held", "failed", "waiting"]
    assert (rows["told"].reason, rows["told"].reason_params) == (
        "told",
        {"text": 'SmartDialog refused it: "{no}"'},
    )
    assert (rows["plain"].reason, rows["plain"].reason_params) == ("", {})

    again = {row.subject: row for row in operations_at(BEFORE).all()}
    assert (again["held"].state, again["held"].due_at) == ("waiting", FAR)
    assert again["told"].error_text == 'SmartDialog refused it: "{no}"'
