"""With the database away every address answers 503, and health says what it knows."""

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.test import Client

from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(monkeypatch):
    def refuse(*args):
        raise OperationalError("unable to open database file")

    def go():
        monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)

    return go


@pytest.mark.parametrize("path", ["/", "/contacts/", "/settings/system/"])
def test_a_page_says_in_words_that_the_database_is_away(aino, away, path):
    browser = client_of(aino)
    browser.raise_request_exception = False
    away()

    answer = browser.get(path)

    assert answer.status_code == 503
    assert "What was saved before is kept" in answer.content.decode()


def test_a_hook_is_answered_so_that_smartdialog_tries_again(away):
    away()

    assert Client().post("/hooks/inbound/abc/", b"{}", content_type="application/json").status_code == 503
    assert Client().get("/hooks/dlr/abc/?status=DELIVRD").status_code == 503


def test_health_tells_of_the_database_and_guesses_nothing_else(away):
    away()

    answer = Client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "parts": {"database": False}}


@pytest.mark.only_on("postgresql")
def test_a_database_host_that_vanishes_without_a_goodbye_is_given_up_in_half_a_minute():
    database.ensure_connection()
    said = database.connection.info.get_parameters()
    idle, interval, count = (int(said[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))

    assert int(said["tcp_user_timeout"]) <= 30_000
    assert idle + interval * count <= 30
