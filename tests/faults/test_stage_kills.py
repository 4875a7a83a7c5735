"""A worker killed at each step of a campaign in stages: nobody twice, nobody lost, one text to each."""

import pytest
from django.utils import timezone

from accounts.models import User
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource
from gateway.outbox.draining import drain
from messaging.campaigns.dispatch import sending, stages
from messaging.campaigns.models import FIRST, REST, Campaign
from tests.faults.crashing_worker import AT_EACH_STEP_ON_EITHER, run_and_crash
from tests.faults.test_campaign_kills import NUMBERS, assert_kept, begin, carry_on
from tests.sandbox_process import Sandbox

pytestmark = AT_EACH_STEP_ON_EITHER

OTHER = {"content": "Moi $(firstName)!", "fallbacks": {}, "template": None, "parameters": []}
TRIAL = {"more_texts": [OTHER], "first_share": 40, "wait_minutes": 60, "first_if_unclear": True}
ADVANCE = """
import sys, django
django.setup()
from django.conf import settings
from messaging.campaigns.audiences import drawing
from messaging.campaigns.dispatch import sending
settings.SMARTDIALOG_BATCH_SIZE, sending.AT_ONCE, drawing.AT_ONCE = 1, 2, 1
for _ in range(2):
    sending.advance_campaigns()
"""
LISTING = ["people listed:2", "people drawn", "list committed:3", "calls added", "calls committed"]
RESTING = [
    "rest let go",
    "rest committed",
    "text filled in",
    "texts committed:2",
    "people placed",
    "calls added:2",
]


def end_the_wait(by: User) -> Campaign:
    """The first have it, and the wait is over."""
    drain(by.connection.pk)
    sending.advance_campaigns()
    Campaign.objects.filter(first_done_at__isnull=False).update(rest_due_at=timezone.now())
    campaign = Campaign.objects.get()
    assert campaign.is_waiting_for_rest
    return campaign


def assert_one_text_to_each(campaign: Campaign, sandbox: Sandbox) -> None:
    """Two of five were the first, one by each text; nobody could tell: the rest got the first text."""
    people = list(campaign.recipients.all())
    assert [each.stage for each in people].count(FIRST) == 2
    assert {each.wording for each in people if each.stage == FIRST} == {0, 1}
    assert {each.wording for each in people if each.stage == REST} == {0}
    texts = {each.phone: OTHER["content"] if each.wording else "Hei $(firstName)!" for each in people}
    for message in sandbox.state(only="messages")["messages"]:
        for recipient in message["recipients"]:
            assert message["content"] == texts[recipient["address"]]


@pytest.mark.parametrize("step", LISTING)
def test_killed_as_the_first_are_drawn_and_called_some_are_first_and_once(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = begin(signed_in, NUMBERS, is_planned=False, **TRIAL)
    run_and_crash(ADVANCE, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)
    assert campaign.recipients.filter(state="accepted").count() == 2
    end_the_wait(signed_in)
    carry_on(signed_in, later, since=300)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted")
    assert_one_text_to_each(campaign, sandbox)
    assert Campaign.objects.get().state == "sent"


@pytest.mark.parametrize("step", RESTING)
def test_killed_as_the_rest_is_let_go_each_of_them_gets_it_once(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = begin(signed_in, NUMBERS, **TRIAL)
    end_the_wait(signed_in)
    run_and_crash(ADVANCE, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted")
    assert_one_text_to_each(campaign, sandbox)
    assert Campaign.objects.get().state == "sent"


def test_killed_as_the_wait_begins_it_has_begun_once(signed_in, sandbox, tmp_path, later, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = begin(signed_in, NUMBERS, **TRIAL)
    drain(signed_in.connection.pk)
    Campaign.objects.update(first_done_at=None, rest_due_at=None)
    run_and_crash(ADVANCE, failpoint="first done", folder=tmp_path)

    end_the_wait(signed_in)
    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted")
    assert_one_text_to_each(campaign, sandbox)


@pytest.mark.parametrize("step", RESTING)
def test_who_opts_out_while_nobody_sends_the_rest_gets_none(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = begin(signed_in, NUMBERS, **TRIAL)
    end_the_wait(signed_in)
    run_and_crash(ADVANCE, failpoint=step, folder=tmp_path)
    last = campaign.recipients.filter(stage=REST).order_by("pk").last().phone
    opt_out(campaign.customer, last, Evidence(ConsentSource.MESSAGE))

    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted") | {last: "skipped"}


def test_stopped_by_a_person_as_a_worker_dies_before_the_commit_nothing_more_leaves(
    signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = begin(signed_in, NUMBERS, **TRIAL)
    waiting = end_the_wait(signed_in)
    run_and_crash(ADVANCE, failpoint="rest let go", folder=tmp_path)
    stages.stop_here(waiting, by=signed_in)

    carry_on(signed_in, later, since=200)

    states = list(assert_kept(campaign, sandbox).values())
    assert (states.count("accepted"), states.count("skipped")) == (2, 3)
