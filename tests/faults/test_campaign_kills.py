"""A worker killed at each step of a campaign under way, while people decide: nobody twice, nobody lost."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource
from gateway.hooks import processing
from gateway.models import HookEvent, HookKind, HookSubscription, Operation, Service
from gateway.outbox.draining import drain
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending
from messaging.campaigns.models import Campaign, CampaignRules
from tests.factories import make_contact
from tests.faults.crashing_worker import AT_EACH_STEP_ON_EITHER, drain_and_crash, run_and_crash
from tests.sandbox_process import Sandbox

pytestmark = AT_EACH_STEP_ON_EITHER

NUMBERS = [f"+35840123000{n}" for n in range(1, 6)]
LAST, IMPOSSIBLE = NUMBERS[-1], "+35840123"
LEAVING = ["looked at", "slot reserved", "no answer", "outcome written", "committed"]
PLANNING = ["people listed", "list committed", "calls added", "calls committed"]
PLAN = """
import sys, django
django.setup()
from django.conf import settings
from messaging.campaigns.dispatch import sending
settings.SMARTDIALOG_BATCH_SIZE, sending.AT_ONCE = int(sys.argv[2]), 2
sending.enqueue_batches(int(sys.argv[1]))
"""
PROCESS = """
import django
django.setup()
from gateway.hooks import processing
processing.process_due()
"""
SURE = {"accepted": {1}, "skipped": {0}, "failed": {0}}


def begin(by: User, numbers: list[str], *, is_planned: bool = True, **more: Any) -> Campaign:
    group = Service.objects.groups().get(name="Jäsenet")
    for number in numbers:
        make_contact(group, phone=number, first_name="Maija")
    service = Service.objects.one_way().get(customer=group.customer)
    fields = {"group": group, "service": service, "sender": "Kahvila", "content": "Hei $(firstName)!"} | more
    fields["include_landlines"] = True  # so that SmartDialog is who says that a number cannot be
    campaign, _ = lifecycle.create(customer=group.customer, uuid=uuid4(), fields=fields, by=by)
    lifecycle.schedule(campaign, revision=campaign.revision, people=len(numbers), calls=len(numbers), by=by)
    if is_planned:
        sending.send_now(campaign.pk)
    else:
        assert sending.begin(campaign)
    return Campaign.objects.get()


def carry_on(by: User, later: Callable[[float], None], *, since: int) -> None:
    """Until nothing may leave: its lease has run out, and what it sent is surely dead."""
    for seconds in range(since, since + 20, 5):
        later(seconds)
        drain(by.connection.pk)
        sending.advance_campaigns()


def held(sandbox: Sandbox) -> Counter[str]:
    messages = sandbox.state(only="messages")["messages"]
    return Counter(each["address"] for message in messages for each in message["recipients"])


def assert_kept(campaign: Campaign, sandbox: Sandbox, **unsure: set[int]) -> dict[str, str]:
    """Each person's state is what SmartDialog has of them; their states."""
    states = dict(campaign.recipients.values_list("phone", "state"))
    have = held(sandbox)
    assert have.keys() <= states.keys()
    for phone, state in states.items():
        assert have[phone] in (SURE | unsure)[state], (phone, state)
    assert not Operation.objects.unsettled().exists()
    return states


@pytest.mark.parametrize("step", LEAVING)
def test_who_opts_out_while_nobody_sends_gets_none_and_everybody_else_one(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    campaign = begin(signed_in, NUMBERS)
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)
    opt_out(campaign.customer, LAST, Evidence(ConsentSource.MESSAGE))

    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted") | {LAST: "skipped"}
    assert Campaign.objects.get().state == "sent"


@pytest.mark.parametrize("step", LEAVING)
def test_paused_then_nothing_leaves_until_it_goes_on(step, signed_in, sandbox, tmp_path, later, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    campaign = begin(signed_in, NUMBERS)
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)
    pausing.pause(campaign, by=signed_in)
    had = held(sandbox)
    carry_on(signed_in, later, since=200)
    assert held(sandbox) == had

    pausing.resume(campaign, by=signed_in)
    carry_on(signed_in, later, since=300)

    assert set(assert_kept(campaign, sandbox).values()) == {"accepted"}


@pytest.mark.parametrize("step", LEAVING)
def test_cancelled_then_nothing_leaves_any_more(step, signed_in, sandbox, tmp_path, later, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    campaign = begin(signed_in, NUMBERS)
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)
    lifecycle.cancel(campaign, by=signed_in)
    had = held(sandbox)

    carry_on(signed_in, later, since=200)

    assert held(sandbox) == had
    states = assert_kept(campaign, sandbox, uncertain={0, 1})
    assert Counter(states.values())["skipped"] >= 3


@pytest.mark.parametrize("step", ["looked at", "halved:1", "halved:2", "committed:2"])
def test_halving_goes_on_until_one_fails_alone(step, signed_in, sandbox, tmp_path, later, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 10
    campaign = begin(signed_in, [*NUMBERS, IMPOSSIBLE])
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    states = assert_kept(campaign, sandbox, uncertain={0})
    assert set(states.values()) <= {"accepted", "failed", "uncertain"}


@pytest.mark.parametrize("turn", ["", ":2"])
@pytest.mark.parametrize("step", PLANNING)
def test_a_campaign_killed_as_it_is_planned_goes_on_with_everybody_once(
    step, turn, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = begin(signed_in, NUMBERS, is_planned=False)
    run_and_crash(PLAN, campaign.pk, 1, failpoint=step + turn, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted")
    placed = list(campaign.recipients.values_list("batch", flat=True))
    assert len(set(placed)) == len(NUMBERS), placed


@pytest.mark.parametrize("step", ["people listed:2", "list committed", "list committed:2", "calls added"])
def test_killed_as_it_is_planned_its_calls_are_as_full_as_they_would_have_been(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 3
    campaign = begin(signed_in, NUMBERS, is_planned=False)
    run_and_crash(PLAN, campaign.pk, 3, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted")
    messages = sandbox.state(only="messages")["messages"]
    assert sorted(len(each["recipients"]) for each in messages) == [2, 3]


@pytest.mark.parametrize("step", ["reports judged", "event committed"])
def test_reports_of_which_a_worker_died_are_all_taken_in_by_the_next(
    step, signed_in, sandbox, tmp_path, later
):
    campaign = begin(signed_in, NUMBERS)
    carry_on(signed_in, later, since=0)
    hook = HookSubscription.objects.get(kind=HookKind.DELIVERY)
    for recipient in campaign.recipients.all():
        query = f"c={campaign.pk}&recipientId={recipient.remote_id}&status=Delivered"
        HookEvent.objects.create(subscription=hook, query=query)

    run_and_crash(PROCESS, failpoint=step, folder=tmp_path)
    processing.process_due()

    assert set(campaign.recipients.values_list("state", flat=True)) == {"delivered"}
    assert not HookEvent.objects.exclude(state="done").exists()


@pytest.mark.parametrize("step", PLANNING)
def test_of_two_campaigns_for_the_same_people_each_person_gets_one(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    first = begin(signed_in, NUMBERS, is_planned=False)
    CampaignRules.objects.create(customer=first.customer, rest_days=1)
    second = lifecycle.copy_of(first)
    second.save()
    lifecycle.schedule(
        second, revision=second.revision, people=len(NUMBERS), calls=len(NUMBERS), by=signed_in
    )
    run_and_crash(PLAN, first.pk, 1, failpoint=step, folder=tmp_path)

    sending.send_now(second.pk)
    carry_on(signed_in, later, since=200)

    assert held(sandbox) == Counter(NUMBERS)
    assert {each.state for each in Campaign.objects.all()} == {"sent"}
