"""A disk without room: nothing is half stored, no call is made that could not be written down; it passes."""

from urllib.parse import urlsplit

import pytest
from django.db import connection as database
from django.test import Client

from gateway.hook_urls import with_secret
from gateway.hooks.subscriptions import dlr_url
from gateway.models import Call, HookEvent, OperationState
from gateway.outbox.draining import drain
from gateway.tests.directory_answers import CUSTOMERS, listing
from gateway.workers import disk_space, health
from tests.factories import make_operation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grow():
    """Let the database grow by so many pages and no more; None: as it likes."""

    def by(pages: int | None) -> None:
        with database.cursor() as cursor:
            cursor.execute("VACUUM")  # leaves no free pages behind
            cursor.execute("PRAGMA page_count")
            most = 1_073_741_823 if pages is None else cursor.fetchone()[0] + pages
            cursor.execute(f"PRAGMA max_page_count = {most}")

    yield by
    by(None)


def test_a_hook_that_cannot_be_stored_is_answered_503_until_there_is_room(kahvila, grow):
    long = f"{urlsplit(with_secret(dlr_url(kahvila))).path}?text={'x' * 15_000}"
    grow(1)

    answers = [Client().get(long).status_code for _ in range(4)]
    stored = HookEvent.objects.count()
    grow(None)

    assert answers[-1] == 503
    assert stored == answers.count(200)
    assert Client().get(long).status_code == 200


def test_no_call_is_made_whose_outcome_has_no_room_and_all_goes_on_by_itself(connection, smartdialog, grow):
    smartdialog.get(CUSTOMERS, json=listing())
    operation = make_operation(connection)
    grow(100)

    assert drain(connection.pk) is not None
    assert (Call.objects.count(), len(smartdialog.calls)) == (0, 0)
    assert not health.report()["parts"]["disk"]

    grow(None)
    drain(connection.pk)
    operation.refresh_from_db()
    assert operation.state == OperationState.DONE
    assert health.report()["parts"]["disk"]


def test_a_full_disk_is_no_room_though_the_file_may_grow(monkeypatch):
    monkeypatch.setattr(
        disk_space.shutil, "disk_usage", lambda path: disk_space.shutil._ntuple_diskusage(1, 1, 0)
    )

    assert not disk_space.is_sufficient()
