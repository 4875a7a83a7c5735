import time

import pytest

from gateway.hooks import debounce, processing
from gateway.hooks.debounce import TaskDebouncer
from gateway.hooks.subscriptions import subscribe
from gateway.models import HookEvent, ServiceKind
from tests.factories import make_connection, make_service


@pytest.fixture
def nudges(monkeypatch) -> list[float]:
    """When the workers were nudged."""
    heard: list[float] = []
    monkeypatch.setattr(debounce, "wake_now", lambda task: heard.append(time.monotonic()))
    monkeypatch.setattr(debounce, "INTERVAL", 0.05)
    return heard


def wait_until_silent(ringing: TaskDebouncer) -> None:
    give_up = time.monotonic() + 10
    while ringing._busy:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_many_rings_at_once_are_a_nudge_and_one_for_those_after_it(nudges):
    ringing = TaskDebouncer("")

    for _ in range(1000):
        ringing.ring()
    wait_until_silent(ringing)

    assert 1 <= len(nudges) <= 3
    rung = len(nudges)
    ringing.ring()
    wait_until_silent(ringing)
    assert len(nudges) == rung + 1, "a ring after a silence was not heard"


def test_who_rings_while_the_workers_are_nudged_is_heard_after_it(nudges, monkeypatch):
    ringing = TaskDebouncer("")

    def send(task: object) -> None:
        nudges.append(time.monotonic())
        if len(nudges) == 1:
            ringing.ring()

    monkeypatch.setattr(debounce, "wake_now", send)

    ringing.ring()
    wait_until_silent(ringing)

    assert len(nudges) == 2


@pytest.mark.django_db
def test_what_one_thread_has_in_hand_no_other_takes(mikko, kahvila):
    make_connection(mikko)
    hook = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)
    HookEvent.objects.bulk_create(HookEvent(subscription=hook, body=b"{") for _ in range(5))

    with processing._claimed_chunk() as first, processing._claimed_chunk() as second:
        assert (len(first), second) == (5, [])
    with processing._claimed_chunk() as again:
        assert again == first
