from datetime import timedelta

import pytest

from gateway import clock, ledger
from gateway.ledger import NotBefore
from gateway.models import Call, Lane

pytestmark = pytest.mark.django_db


def test_no_more_slots_than_the_limit_are_in_use(connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 3

    slots = [ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE) for _ in range(4)]

    assert [isinstance(slot, Call) for slot in slots] == [True, True, True, False]


def test_a_slot_is_used_until_a_minute_after_its_answer(connection, settings, monkeypatch):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ledger.answered(slot, status=200)
    now = clock.now()

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=59))
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), NotBefore)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=61))
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)


def test_a_full_window_says_when_the_next_slot_is_free(connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 2
    first = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ledger.answered(first, status=200)

    full = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)

    assert isinstance(full, NotBefore)
    assert full.at == first.held_until


def test_bulk_calls_are_spread_evenly_and_interactive_ones_go_between(connection):
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.BULK), Call)

    paced = ledger.reserve(connection, name="x", lane=Lane.BULK)

    assert isinstance(paced, NotBefore)
    assert 0 < (paced.at - clock.now()).total_seconds() <= 0.6
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)
