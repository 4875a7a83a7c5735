"""With the database away every address answers 503, and health says what it knows."""

import pytest
from django.db import OperationalError
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
