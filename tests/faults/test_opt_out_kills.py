"""Whoever takes STOP and START in is killed at any step: each counts once, and SmartDialog hears of it."""

import pytest

from accounts.models import User
from contacts.consent import carrying
from contacts.editing import crud
from contacts.models import Contact, Suppression
from gateway.hooks import processing
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import HookEvent, HookSubscription, Operation, Service
from gateway.outbox.draining import drain
from gateway.types import Subscribed
from messaging.inbox.models import Message, OptOutSettings
from messaging.inbox.tests.conftest import body_of
from tests.faults.crashing_worker import run_and_crash
from tests.integration.test_people_there_before import ANNA
from tests.sandbox_process import Sandbox

pytestmark = [
    pytest.mark.faults,
    pytest.mark.steps,
    pytest.mark.serial,
    pytest.mark.django_db(transaction=True),
]

TAKE_IN = """
import sys, django
django.setup()
from gateway.hooks import processing
processing.process(int(sys.argv[1]))
"""
STEPS = [
    "message stored",
    "record written",
    "contacts switched",
    "message followed",
    "event taken in",
    "event committed",
]


@pytest.fixture
def hook(signed_in: User) -> HookSubscription:
    """Anna is in two groups, and SmartDialog knows her in both; who opts out by message is told so."""
    groups = Service.objects.groups().filter(customer__name="Kahvila Aalto")[:2]
    for group in groups:
        crud.add(group, phone=ANNA, values={"first_name": "Anna"}, by=signed_in)
    drain(signed_in.connection.pk)
    customer = groups[0].customer
    OptOutSettings.objects.create(customer=customer, confirmation="Et saa enää viestejä.")
    subscription = subscribe(Service.objects.two_way().get(customer=customer), by=signed_in)
    confirmed(subscription, Subscribed(action_id="action", location=""), connection=signed_in.connection)
    Operation.objects.all().delete()
    return subscription


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_while_stop_is_taken_in_opts_out_once(step, hook, signed_in, sandbox, tmp_path):
    take_in_and_crash(hook, "STOP", step, tmp_path)
    drain(signed_in.connection.pk)

    assert Suppression.objects.in_force().count() == 1
    assert Message.objects.filter(automatic=True).count() == 1
    assert active_here() == active_there(sandbox) == [False, False]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_while_start_is_taken_in_lets_back_once(step, hook, signed_in, sandbox, tmp_path):
    processing.process(arrived(hook, "STOP").pk)
    drain(signed_in.connection.pk)

    take_in_and_crash(hook, "START", step, tmp_path)
    drain(signed_in.connection.pk)

    assert not Suppression.objects.in_force().exists()
    assert Message.objects.filter(automatic=True).count() == 1
    assert active_here() == active_there(sandbox) == [True, True]


@pytest.mark.parametrize("step", STEPS[2:])
def test_a_stop_that_nobody_followed_is_followed_by_the_sweep(step, hook, signed_in, sandbox, tmp_path):
    """Somebody is added again at the very moment."""
    take_in_and_crash(hook, "STOP", step, tmp_path)
    Contact.objects.update(active=True)

    carrying.sweep()
    drain(signed_in.connection.pk)

    assert active_here() == active_there(sandbox) == [False, False]


def take_in_and_crash(hook: HookSubscription, content: str, step: str, folder) -> None:
    """Once more by the sweep, as after any death; and once more for nothing."""
    event = arrived(hook, content)
    run_and_crash(TAKE_IN, event.pk, failpoint=step, folder=folder)
    for _ in range(2):
        processing.process(event.pk)


def arrived(hook: HookSubscription, content: str) -> HookEvent:
    return HookEvent.objects.create(
        subscription=hook, body=body_of(sender=ANNA, content=content, timestamp=None)
    )


def active_here() -> list[bool]:
    return list(Contact.objects.filter(phone=ANNA).values_list("active", flat=True))


def active_there(sandbox: Sandbox) -> list[bool]:
    groups = sandbox.state(only="contacts")["contacts"]
    return [each["active"] for group in groups for each in group["contacts"] if each["phone"] == ANNA]
