"""F20: every wake-up delivered three times, in any order, and all of them once more a day late."""

import json
import random
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.module_loading import import_string

from gateway.hooks import subscribe
from gateway.models import Operation, Service
from gateway.outbox.draining import drain
from gateway.workers import wake_up
from messaging.inbox.models import Direction, Message
from tests.faults.call_cases import ANNA, CALL_CASES, FINAL_STATES, NUMBER
from tests.sandbox_process import Sandbox

KINDS = ["sms", "contact", "reply", "template"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wake_ups(monkeypatch) -> list[tuple]:
    """What was sent to the broker, which delivers nothing by itself."""
    sent: list[tuple] = []
    monkeypatch.setattr(wake_up, "wake_now", lambda task, *ids: sent.append((task, ids)))
    return sent


@pytest.mark.parametrize("seed", range(3))
def test_wake_ups_thrice_and_a_day_late_do_everything_once(seed, wake_ups, signed_in, sandbox, later):
    for kind in KINDS:
        CALL_CASES[kind].do(signed_in, sandbox)
    be_written_to(signed_in)
    assert len({task for task, _ in wake_ups}) >= 2
    wake_ups.append((wake_up.PROCESS_EVENTS, ()))  # the beat's

    deliver(wake_ups, seed=seed)
    drain(signed_in.connection.pk)  # as the sweep does, when those that came were too early
    assert [
        (CALL_CASES[kind].held(sandbox), CALL_CASES[kind].told())
        for kind in ("sms", "contact", "reply", "template")
    ] == [(1, FINAL_STATES[kind]) for kind in ("sms", "contact", "reply", "template")]
    assert Message.objects.filter(direction=Direction.IN, content="Kiitos!").count() == 1

    before = calls(sandbox), rows()
    later(86_400)
    deliver(wake_ups, seed=seed)
    assert (calls(sandbox), rows()) == before


def deliver(wake_ups: list[tuple], *, seed: int) -> None:
    """Each of them three times, in an order of chance; those that they cause stay where they are."""
    thrice = wake_ups * 3
    random.Random(seed).shuffle(thrice)
    for task, ids in thrice:
        import_string(task)(*ids)


def be_written_to(mikko) -> None:
    number = Service.objects.two_way().get(customer__name="Kahvila Aalto")
    hook = subscribe(number, by=mikko)
    body = {"sender": ANNA, "recipient": NUMBER, "content": "Kiitos!", "messageId": str(uuid4())}
    path = f"/hooks/inbound/{hook.secret}/"
    assert Client().post(path, json.dumps(body), content_type="application/json").status_code == 200


def calls(sandbox: Sandbox) -> int:
    return sandbox.ledger(limit=1)["summary"]["calls"]


def rows() -> list[dict]:
    return list(Operation.objects.order_by("pk").values("pk", "state", "attempts"))
