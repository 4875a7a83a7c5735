import time

import pytest

from gateway.hooks import debounce, processing
from gateway.hooks.debounce import TaskDebouncer
from gateway.hooks.subscriptions import subscribe
from gateway.models import HookEvent, ServiceKind
from tests.factories import make_connection, make_service


@pytest.fixture
def wake_ups(monkeypatch) -> list[float]:
    """When the workers were woken."""
    heard: list[float] = []
    monkeypatch.setattr(debounce, "wake_now", lambda task: heard.append(time.monotonic()))
    monkeypatch.setattr(debounce, "INTERVAL", 0.05)
    return heard


def wait_until_silent(debouncer: TaskDebouncer) -> None:
    give_up = time.monotonic() + 10
    while debouncer._busy:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_many_triggers_at_once_wake_the_workers_once_and_once_for_those_after_it(wake_ups):
    debouncer = TaskDebouncer("")

    for _ in range(1000):
        debouncer.trigger()
    wait_until_silent(debouncer)

    assert 1 <= len(wake_ups) <= 3
    sent = len(wake_ups)
    debouncer.trigger()
    wait_until_silent(debouncer)
    assert len(wake_ups) == sent + 1, "a trigger after a silence was not heard"


def test_a_trigger_while_the_workers_are_woken_is_heard_after_it(wake_ups, monkeypatch):
    debouncer = TaskDebouncer("")

    def send(task: object) -> None:
        wake_ups.append(time.monotonic())
        if len(wake_ups) == 1:
            debouncer.trigger()

    monkeypatch.setattr(debounce, "wake_now", send)

    debouncer.trigger()
    wait_until_silent(debouncer)

    assert len(wake_ups) == 2


@pytest.mark.django_db
def test_what_one_thread_has_in_hand_no_other_takes(mikko, kahvila):
    make_connection(mikko)
    hook = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)
    HookEvent.objects.bulk_create(HookEvent(subscription=hook, body=b"{") for _ in range(5))

    with processing._claimed_chunk() as first, processing._claimed_chunk() as second:
        assert (len(first), second) == (5, {})
    with processing._claimed_chunk() as again:
        assert again == first
