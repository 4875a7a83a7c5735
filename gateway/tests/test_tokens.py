"""What a call does when its token has ended, or the grant behind it."""

from datetime import timedelta

import pytest

from gateway import clock
from gateway.models import Connection, ConnectionState, OperationState
from gateway.outbox.draining import drain
from gateway.sign_in import tokens
from gateway.tests.directory_answers import CUSTOMERS, listing
from tests.factories import make_operation

pytestmark = pytest.mark.django_db


def test_a_dead_grant_pauses_and_drops_nothing(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, status=400, json={"error": "invalid_grant"})
    Connection.objects.update(expires_at=clock.now())
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert connection.state == ConnectionState.RECONNECT


def test_a_401_renews_the_token_once_and_repeats_the_call_once(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    reply = {"access_token": "fresh", "token_type": "Bearer", "expires_in": "3600", "refresh_token": "next"}
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, json=reply)
    smartdialog.get(CUSTOMERS, status=401)
    smartdialog.get(CUSTOMERS, json=listing())
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.DONE
    assert (connection.access_token, connection.refresh_token) == ("fresh", "next")


@pytest.mark.parametrize(("life", "early"), [(3600, 60), (60, 6), (2, 0.2)])
def test_a_token_counts_as_ended_a_little_early_however_shortly_it_lives(
    connection, smartdialog, settings, monkeypatch, life, early
):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    reply = {"access_token": "fresh", "token_type": "Bearer", "expires_in": life}
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, json=reply)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    Connection.objects.update(expires_at=now)

    assert [tokens.bearer(connection) for _ in range(3)] == ["fresh"] * 3

    assert len(smartdialog.calls) == 1
    assert connection.expires_at - now == timedelta(seconds=life - early)


def test_a_second_401_asks_the_person_to_sign_in_again(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, json={"access_token": "a", "token_type": "Bearer"})
    smartdialog.get(CUSTOMERS, status=401)
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert connection.state == ConnectionState.RECONNECT
