"""Whoever takes STOP and START in is killed at any step: each counts once, and SmartDialog hears of it."""

import pytest

from accounts.models import Customer, User
from contacts.consent import number_lists, opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.editing import crud
from contacts.models import ConsentSource, Contact, NumberList, Suppression
from gateway.hooks import processing
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import HookEvent, HookSubscription, Operation, Service
from gateway.outbox.draining import drain
from gateway.smartdialog.types import Subscribed
from messaging.inbox.models import Message, OptOutSettings
from messaging.inbox.tests.conftest import body_of
from tests.faults.crashing_worker import AT_EACH_STEP, run_and_crash
from tests.integration.test_people_there_before import ANNA
from tests.sandbox_process import Sandbox

pytestmark = AT_EACH_STEP

TAKE_IN = """
import sys, django
django.setup()
from gateway.hooks import processing
processing.process(int(sys.argv[1]))
"""
UNDO_LIST = """
import sys, django
django.setup()
from contacts.consent import number_lists
from contacts.models import NumberList
number_list = NumberList.objects.select_related("customer", "created_by").get(pk=int(sys.argv[1]))
number_lists.undo(number_list, by=number_list.created_by)
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

    propagation.sweep()
    drain(signed_in.connection.pk)

    assert active_here() == active_there(sandbox) == [False, False]


@pytest.mark.parametrize("step", ["list lifted", "contacts released", "list taken back"])
def test_a_kill_while_a_list_is_taken_back_frees_just_its_people(step, hook, signed_in, sandbox, tmp_path):
    """Somebody presses again, and whoever wrote STOP as well stays stopped."""
    customer = Customer.objects.get(name="Kahvila Aalto")
    number_list = NumberList.objects.create(customer=customer, created_by=signed_in)
    said = Evidence(ConsentSource.STAFF, by=signed_in)
    opt_outs.opt_out_many(customer, [ANNA, "+358401119999"], said, number_list)
    opt_outs.opt_out(customer, "+358401119999", Evidence(ConsentSource.MESSAGE))
    drain(signed_in.connection.pk)
    assert active_here() == active_there(sandbox) == [False, False]

    run_and_crash(UNDO_LIST, number_list.pk, failpoint=step, folder=tmp_path)
    number_lists.undo(number_list, by=signed_in)
    propagation.sweep()
    drain(signed_in.connection.pk)

    assert opt_outs.stopped_among(customer, [ANNA, "+358401119999"]) == {"+358401119999"}
    assert active_here() == active_there(sandbox) == [True, True]
    assert Suppression.objects.exclude(lifted_at=None).count() == 2


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
