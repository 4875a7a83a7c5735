from datetime import timedelta

import pytest

from gateway import clock
from gateway.models import Call, Lane
from gateway.rate_limit import ledger
from gateway.rate_limit.ledger import NotBefore

pytestmark = pytest.mark.django_db


def test_no_more_slots_than_the_limit_are_in_use(connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 3

    slots = [ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE) for _ in range(4)]

    assert [isinstance(slot, Call) for slot in slots] == [True, True, True, False]


def test_a_slot_is_used_until_a_minute_after_its_answer(connection, settings, monkeypatch):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ledger.record_answer(slot, status=200)
    now = clock.now()

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=59))
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), NotBefore)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=61))
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)


def test_a_slot_is_counted_from_its_answer_not_from_its_reservation(connection, settings, monkeypatch):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    answered_at = slot.reserved_at + timedelta(seconds=20)
    monkeypatch.setattr(clock, "now", lambda: answered_at)
    ledger.record_answer(slot, status=200)

    full = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)

    assert full.at >= answered_at + timedelta(seconds=60)


def test_a_full_window_says_when_the_next_slot_is_free(connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 2
    first = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ledger.record_answer(first, status=200)

    full = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)

    assert isinstance(full, NotBefore)
    assert full.at == first.held_until


def test_bulk_calls_are_spread_evenly_and_interactive_ones_go_between(connection):
    paced = until_paced(connection)

    assert 0 < (paced.at - clock.now()).total_seconds() <= ledger.pacing_interval().total_seconds()
    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)


def test_a_bulk_call_that_came_late_does_not_delay_the_next_one(connection, monkeypatch):
    paced, pace = until_paced(connection), ledger.pacing_interval()
    monkeypatch.setattr(clock, "now", lambda: paced.at + pace / 2)

    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.BULK), Call)
    following = ledger.reserve(connection, name="x", lane=Lane.BULK)

    assert following.at == paced.at + pace


def test_a_reply_takes_the_place_of_a_bulk_call_so_that_the_window_lasts(connection):
    paced, pace = until_paced(connection), ledger.pacing_interval()

    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)

    assert ledger.reserve(connection, name="x", lane=Lane.BULK).at == paced.at + pace


def test_replies_while_nothing_is_paced_keep_no_later_bulk_call_waiting(connection):
    for _ in range(20):
        assert isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)

    assert isinstance(ledger.reserve(connection, name="x", lane=Lane.BULK), Call)


def test_bulk_calls_leave_a_few_slots_to_interactive_ones(connection, settings, monkeypatch):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 100
    monkeypatch.setattr(ledger, "pacing_interval", timedelta)
    slots = [ledger.reserve(connection, name="x", lane=Lane.BULK) for _ in range(99)]
    more = [ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE) for _ in range(3)]

    assert [isinstance(slot, Call) for slot in slots] == [True] * 98 + [False]
    assert [isinstance(slot, Call) for slot in more] == [True, True, False]


def test_asking_when_a_slot_opens_writes_nothing(connection, settings, django_assert_num_queries):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)

    with django_assert_num_queries(1) as asked:
        assert ledger.next_slot_at(connection, Lane.INTERACTIVE) == slot.held_until
    assert asked[0]["sql"].startswith("SELECT")


def until_paced(connection) -> NotBefore:
    """Bulk calls until the first one that has to wait."""
    for _ in range(100):
        slot = ledger.reserve(connection, name="x", lane=Lane.BULK)
        if isinstance(slot, NotBefore):
            return slot
    raise AssertionError("no bulk call has to wait")


def test_where_answers_take_long_bulk_calls_take_every_slot_until_somebody_replies(
    connection, settings, monkeypatch
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 100
    monkeypatch.setattr(ledger, "pacing_interval", timedelta)
    reply = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    reply.began -= 3
    ledger.record_answer(reply, status=200)

    slots = [ledger.reserve(connection, name="x", lane=Lane.BULK) for _ in range(98)]
    assert [isinstance(slot, Call) for slot in slots] == [True] * 97 + [False]
    Call.objects.filter(pk=reply.pk).update(lane=Lane.BULK)
    slots = [ledger.reserve(connection, name="x", lane=Lane.BULK) for _ in range(3)]
    assert [isinstance(slot, Call) for slot in slots] == [True] * 2 + [False]
