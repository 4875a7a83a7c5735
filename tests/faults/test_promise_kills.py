"""A worker killed as it keeps what a campaign promised: its hour, its number and its people."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from gateway.models import Call, Operation
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, resending, sending
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import Campaign, SendingHours
from messaging.campaigns.tests.test_sending_hours import closed_now
from tests.faults.call_cases import new_template
from tests.faults.crashing_worker import ON_EITHER, drain_and_crash, run_and_crash
from tests.faults.test_campaign_kills import IMPOSSIBLE, NUMBERS, PLAN, assert_kept, begin, carry_on, held
from tests.sandbox_process import Sandbox

pytestmark = ON_EITHER

LATE = timedelta(minutes=20)
CHANNELS = ["sms", "whatsapp"]


@pytest.fixture(autouse=True)
def few_recipients(settings) -> None:
    settings.SMARTDIALOG_BATCH_SIZE = 2


def planned(by: User, sandbox: Sandbox, channel: str, **more: object) -> Campaign:
    if channel == "whatsapp":
        more |= {"channel": channel, "template": new_template(by, sandbox), "content": ""}
        more |= {"parameters": [{"field": "firstName", "fallback": ""}]}
    return begin(by, NUMBERS, **more)


def times_named(campaign: Campaign) -> list[str]:
    """By its calls, or ""."""
    calls = Operation.objects.filter(batch=campaign.batch)
    return [call.payload["message"]["send_at"] for call in calls]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", ["looked at", "no answer"])
def test_a_time_that_came_too_near_is_named_by_no_call_and_kept(
    step, channel, signed_in, sandbox, tmp_path, later
):
    campaign = planned(signed_in, sandbox, channel, is_planned=False)
    soon = timezone.now() + timedelta(hours=2)
    Campaign.objects.update(send_at=soon, carries_time=True)
    sending.enqueue_batches(campaign.pk)
    assert all(times_named(campaign))
    Campaign.objects.update(send_at=timezone.now() + timedelta(seconds=0 if step == "no answer" else 30))
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    assert set(assert_kept(campaign, sandbox).values()) == {"accepted"}
    assert not any(times_named(campaign))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", ["looked at", "no answer", "committed"])
def test_one_that_stood_still_too_long_waits_for_a_person(step, channel, signed_in, sandbox, tmp_path, later):
    campaign = planned(signed_in, sandbox, channel)
    if step == "looked at":
        Campaign.objects.update(moved_at=timezone.now() - LATE)
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)
    had = held(sandbox)

    carry_on(signed_in, later, since=LATE.seconds)
    assert held(sandbox) == had
    stopped = Campaign.objects.get()
    assert stopped.is_paused
    pausing.resume(stopped, by=signed_in)
    carry_on(signed_in, later, since=LATE.seconds + 100)

    assert set(assert_kept(campaign, sandbox).values()) == {"accepted"}


@pytest.mark.parametrize("step", ["people listed:2", "list committed:3", "held"])
def test_more_than_was_agreed_to_gets_none_though_a_worker_dies(step, signed_in, sandbox, tmp_path, later):
    campaign = begin(signed_in, NUMBERS, is_planned=False)
    Campaign.objects.update(people=1)
    run_and_crash(PLAN, campaign.pk, 1, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    assert (held(sandbox), campaign.recipients.count()) == (Counter(), 0)
    assert Campaign.objects.get().state == "held"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", ["people placed", "calls added", "calls committed"])
def test_sent_again_to_those_it_was_cancelled_for_each_gets_it_once(
    step, channel, signed_in, sandbox, tmp_path, later
):
    campaign = planned(signed_in, sandbox, channel)
    drain_and_crash(signed_in.connection.pk, failpoint="committed", folder=tmp_path)
    lifecycle.cancel(campaign, by=signed_in)
    assert len(held(sandbox)) == 2
    resending.resend(Campaign.objects.get(), [Missed.REST], by=signed_in)
    run_and_crash(PLAN, campaign.pk, 2, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted")


@pytest.mark.parametrize("step", ["looked at", "no answer", "committed"])
def test_a_refused_call_that_a_person_tries_again_fails_alone(step, signed_in, sandbox, tmp_path, later):
    campaign = begin(signed_in, [*NUMBERS, IMPOSSIBLE])
    carry_on(signed_in, later, since=0)
    later(0)
    assert lifecycle.retry_failed(Campaign.objects.get(), by=signed_in) == 1
    Call.objects.all().delete()  # as if a minute had gone by
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)

    carry_on(signed_in, later, since=200)

    states = assert_kept(campaign, sandbox, uncertain={0})
    assert {states.pop(IMPOSSIBLE)} <= {"failed", "uncertain"}
    assert set(states.values()) == {"accepted"}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", ["people listed", "calls added", "calls committed"])
def test_people_with_a_time_of_their_own_get_it_then_and_once(
    step, channel, signed_in, sandbox, tmp_path, later
):
    campaign = planned(signed_in, sandbox, channel, is_planned=False)
    at = timezone.now() + timedelta(minutes=3)
    Campaign.objects.update(own_time=True, send_at=at, zone="Europe/Helsinki")
    run_and_crash(PLAN, campaign.pk, 2, failpoint=step, folder=tmp_path)
    carry_on(signed_in, later, since=20)
    assert held(sandbox) == Counter()

    carry_on(signed_in, later, since=300)

    assert set(assert_kept(campaign, sandbox).values()) == {"accepted"}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("step", ["looked at", "before next wake-up"])
def test_outside_the_hours_none_leaves_until_they_begin(step, channel, signed_in, sandbox, tmp_path, later):
    campaign = planned(signed_in, sandbox, channel)
    closed_now(campaign.customer)
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)
    carry_on(signed_in, later, since=200)
    assert held(sandbox) == Counter()

    carry_on(signed_in, later, since=3600 + 60)

    assert set(assert_kept(campaign, sandbox).values()) == {"accepted"}
    assert SendingHours.objects.exists()
