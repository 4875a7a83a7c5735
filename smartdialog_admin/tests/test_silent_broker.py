"""A broker that takes a connection and says nothing, as on a host that is frozen."""

import socket
import time
from functools import partial

import pytest
from kombu import Connection

from gateway.workers import publishing, wake_up
from smartdialog_admin import celeryconfig


@pytest.mark.timeout(30)
def test_a_broker_that_takes_all_and_answers_nothing_is_away_in_time(monkeypatch):
    monkeypatch.setattr(publishing, "breaker", breaker := publishing.Breaker())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        connect = partial(Connection, url, transport_options=celeryconfig._transport(url))
        monkeypatch.setattr(wake_up.current_app, "connection_for_write", connect)
        began = time.monotonic()

        assert not wake_up.is_broker_reachable()

    assert time.monotonic() - began < 10
    assert breaker.is_open
