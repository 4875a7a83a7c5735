"""A worker killed while calls are written a few ahead of their turn: nobody twice, nobody lost."""

import pytest

from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource
from gateway.outbox.draining import drain
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import next_calls, resending, sending
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import Campaign, RecipientState
from tests.faults.crashing_worker import ON_EITHER, drain_and_crash, run_and_crash
from tests.faults.test_campaign_kills import (
    IMPOSSIBLE,
    LAST,
    NUMBERS,
    PLAN,
    assert_kept,
    begin,
    carry_on,
    held,
)

pytestmark = ON_EITHER

AHEAD = 2  # calls
PLAN_AHEAD = PLAN.replace("import sending", "import next_calls, sending").replace(
    "sending.enqueue", f"next_calls._enough = lambda: {AHEAD}\nsending.enqueue"
)


@pytest.fixture(autouse=True)
def few(settings, monkeypatch) -> None:
    settings.SMARTDIALOG_BATCH_SIZE = 1
    monkeypatch.setattr(next_calls, "_enough", lambda: AHEAD)
    monkeypatch.setattr(sending, "AT_ONCE", 2)


@pytest.mark.parametrize("step", ["calls added", "calls committed"])
def test_killed_as_the_next_calls_are_written_each_gets_it_once(step, signed_in, sandbox, tmp_path, later):
    campaign = begin(signed_in, NUMBERS)
    assert Campaign.objects.get().batches == AHEAD
    drain(signed_in.connection.pk)
    assert len(held(sandbox)) == AHEAD
    run_and_crash(PLAN_AHEAD, campaign.pk, 1, failpoint=step, folder=tmp_path)
    opt_out(campaign.customer, LAST, Evidence(ConsentSource.MESSAGE))

    for since in (200, 300):
        carry_on(signed_in, later, since=since)

    assert assert_kept(campaign, sandbox) == dict.fromkeys(NUMBERS, "accepted") | {LAST: "skipped"}
    assert Campaign.objects.get().state == "sent"


@pytest.mark.parametrize("step", ["halved", "committed", "looked at"])
def test_killed_as_a_call_is_divided_nobodys_number_is_taken(
    step, signed_in, sandbox, tmp_path, later, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    people = [IMPOSSIBLE, *NUMBERS, *(f"+3584012300{n}" for n in range(60, 66))]
    campaign = begin(signed_in, people)
    assert campaign.recipients.uncalled().exists()
    drain_and_crash(signed_in.connection.pk, failpoint=step, folder=tmp_path)

    for since in (200, 300, 400, 500):
        carry_on(signed_in, later, since=since)

    states = assert_kept(campaign, sandbox, uncertain={0})
    assert {states.pop(IMPOSSIBLE)} <= {"failed", "uncertain"}
    assert set(states.values()) <= {"accepted", "uncertain"}
    assert Campaign.objects.get().state == "sent"


@pytest.mark.parametrize("step", ["people placed", "calls added", "calls committed"])
def test_cancelled_with_calls_unwritten_and_sent_again_each_gets_it_once(
    step, signed_in, sandbox, tmp_path, later
):
    campaign = begin(signed_in, NUMBERS)
    drain_and_crash(signed_in.connection.pk, failpoint="committed", folder=tmp_path)
    lifecycle.cancel(campaign, by=signed_in)
    resending.resend(Campaign.objects.get(), [Missed.REST], by=signed_in)
    run_and_crash(PLAN_AHEAD, campaign.pk, 1, failpoint=step, folder=tmp_path)

    for since in (200, 300):
        carry_on(signed_in, later, since=since)

    assert set(assert_kept(campaign, sandbox).values()) == {RecipientState.ACCEPTED}
