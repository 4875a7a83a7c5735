"""Operations of before there were held ones and codes of reasons, upgraded and taken back."""

from datetime import UTC, datetime

import pytest
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = ("gateway", "0006_field_names"), ("gateway", "0010_without_error_text")
FAR = datetime(3000, 1, 1, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]  # migrates back and forth


def operations_at(target):
    executor = MigrationExecutor(database)
    executor.migrate([target])
    return executor.loader.project_state([target]).apps.get_model("gateway", "Operation").objects


@pytest.fixture
def old(connection):
    """Operations as they were, and the newest form again afterwards."""
    yield operations_at(BEFORE)
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_held_calls_and_words_are_kept_there_and_back(old, connection):
    fields = {"connection_id": connection.pk, "kind": "contact.update", "lane": 2, "payload": {}}
    old.create(**fields, subject="held", due_at=FAR)
    old.create(**fields, subject="told", state="failed", error_text='SmartDialog refused it: "{no}"')
    old.create(**fields, subject="plain")

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
