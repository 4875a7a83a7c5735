"""A campaign to some of its people first: who they are, the wait, and what becomes of the rest."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import AuditEvent
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource
from gateway import clock
from gateway.models import Operation
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import next_calls, pausing, resending, sending, stages
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import FIRST, REST, Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_scheduled
from messaging.campaigns.tests.stages import HOUR, advance, called, now_of
from messaging.campaigns.tests.test_last_look import claimed, numbers
from tests.factories import make_connection, make_contact


def test_some_get_it_first_and_the_rest_after_the_wait(staged, ten, later):
    waiting = advance(staged)
    assert len(called(staged)) == 3
    assert (waiting.state, waiting.is_waiting_for_rest) == (CampaignState.SENDING, True)

    later(HOUR - 60)
    assert advance(staged).is_waiting_for_rest
    assert len(called(staged)) == 3

    later(HOUR + 10)
    over = advance(staged)
    assert over.state == CampaignState.SENT
    assert called(staged) == Counter(ten)
    assert set(staged.recipients.values_list("state", flat=True)) == {"accepted"}


def test_who_is_first_is_drawn_from_all_of_them_and_each_campaign_draws_its_own(group, connected, mikko):
    for n in range(200):
        make_contact(group, first_name=f"Matti{n}")
    drawn = []
    for _ in range(2):
        campaign = make_scheduled(group, mikko, first_share=10, wait_minutes=60)
        sending.send_now(campaign.pk)
        drawn.append(set(campaign.recipients.filter(stage=FIRST).values_list("contact", flat=True)))
    everybody = sorted(campaign.recipients.values_list("contact", flat=True))

    assert [len(each) for each in drawn] == [20, 20]
    assert drawn[0] != drawn[1]
    for half in (everybody[:100], everybody[100:]):
        assert len(drawn[0] & set(half)) > 2


def test_until_a_person_says_so_the_rest_waits_and_somebody_is_asked(group, ten, connected, mikko, later):
    campaign = make_scheduled(group, mikko, first_share=10)
    advance(campaign)
    later(50 * HOUR)
    assert advance(campaign).is_waiting_for_rest
    assert campaign in Campaign.objects.needing_a_person()

    stages.begin_rest(now_of(campaign), winner=0, by=mikko)

    assert advance(campaign).state == CampaignState.SENT
    assert called(campaign) == Counter(ten)
    assert not Campaign.objects.needing_a_person().exists()


def test_of_two_who_send_the_rest_at_once_one_does(staged, ten, mikko, aino):
    make_connection(aino)
    advance(staged)
    seen_by_both = now_of(staged)

    stages.begin_rest(seen_by_both, winner=0, by=aino)
    with pytest.raises(stages.RestDecided):
        stages.begin_rest(seen_by_both, winner=0, by=mikko)
    with pytest.raises(stages.RestDecided):
        stages.stop_here(seen_by_both, by=mikko)

    assert advance(staged).state == CampaignState.SENT
    assert called(staged) == Counter(ten)
    assert now_of(staged).connection == aino.connection


def test_stopped_the_rest_is_left_out_for_that_reason_and_can_be_sent_to_later(staged, ten, mikko):
    advance(staged)

    assert stages.stop_here(now_of(staged), by=mikko) == 7
    with pytest.raises(stages.RestDecided):
        stages.begin_rest(now_of(staged), winner=0, by=mikko)
    assert advance(staged).state == CampaignState.SENT
    assert len(called(staged)) == 3
    rest = staged.recipients.filter(stage=REST)
    assert set(rest.values_list("state", "reason")) == {("skipped", "Stopped before the rest.")}

    assert resending.resend(now_of(staged), [Missed.REST], by=mikko) == 7
    assert advance(staged).state == CampaignState.SENT
    assert called(staged) == Counter(ten)


def test_who_opts_out_in_the_wait_does_not_get_it(staged, ten, later):
    advance(staged)
    stopped = staged.recipients.filter(stage=REST).first().phone
    opt_out(staged.customer, stopped, Evidence(ConsentSource.MESSAGE))

    later(HOUR + 10)
    advance(staged)

    assert called(staged) == Counter(ten) - Counter([stopped])
    assert staged.recipients.get(phone=stopped).reason == "Opted out"


def test_paused_in_the_wait_it_goes_on_when_a_person_says_so(staged, ten, mikko, later):
    advance(staged)
    assert pausing.pause(now_of(staged), by=mikko)
    with pytest.raises(stages.RestDecided):
        stages.begin_rest(now_of(staged), winner=0, by=mikko)

    later(9 * HOUR)
    assert advance(staged).is_paused
    assert len(called(staged)) == 3

    pausing.resume(now_of(staged), by=mikko)
    assert advance(staged).state == CampaignState.SENT
    assert called(staged) == Counter(ten)


def test_paused_and_let_go_on_before_its_time_the_wait_goes_on(staged, mikko):
    advance(staged)
    pausing.pause(now_of(staged), by=mikko)
    pausing.resume(now_of(staged), by=mikko)

    assert advance(staged).is_waiting_for_rest
    assert len(called(staged)) == 3


def test_cancelled_in_the_wait_nothing_more_leaves(staged, mikko, later):
    advance(staged)
    lifecycle.cancel(now_of(staged), by=mikko)

    later(HOUR + 10)
    assert advance(staged).state == CampaignState.CANCELLED
    assert len(called(staged)) == 3
    assert staged.recipients.filter(state="skipped").count() == 7


def test_the_rest_that_comes_too_late_by_itself_waits_for_a_person(staged, ten, mikko, later):
    """No worker ran at the end of the wait: at night nobody wants what was for noon."""
    advance(staged)

    later(HOUR + 16 * 60)
    assert advance(staged).is_waiting_for_rest
    assert staged in Campaign.objects.needing_a_person()
    asked = AuditEvent.objects.get(verb="campaign.rest_asked")
    assert asked.after == {"why": "Its time went by before it could be sent."}

    stages.begin_rest(now_of(staged), winner=0, by=mikko)
    assert advance(staged).state == CampaignState.SENT
    assert called(staged) == Counter(ten)


def test_a_rest_whose_author_may_not_send_any_more_waits_for_somebody_else(staged, ten, mikko, aino, later):
    make_connection(aino)
    advance(staged)
    mikko.is_active = False
    mikko.save()

    later(HOUR + 10)
    assert advance(staged).rest_begun_at is None

    stages.begin_rest(now_of(staged), winner=0, by=aino)
    advance(staged)
    assert called(staged) == Counter(ten)


def test_a_rest_of_which_none_of_the_first_got_it_waits_for_a_person(staged, later):
    sending.send_now(staged.pk)
    staged.recipients.filter(stage=FIRST).update(state="failed")
    Operation.objects.update(state="failed")

    later(HOUR * 3)
    sending.advance_campaigns()
    later(HOUR * 4 + 10)
    sending.advance_campaigns()

    assert now_of(staged).rest_begun_at is None
    assert AuditEvent.objects.get(verb="campaign.rest_asked").after == {"why": "None of the first got it."}


def test_who_is_not_connected_cannot_send_the_rest(staged, aino):
    advance(staged)

    with pytest.raises(NotConnected):
        stages.begin_rest(now_of(staged), winner=0, by=aino)

    assert now_of(staged).is_waiting_for_rest


def test_the_wait_begins_when_people_have_it_not_when_the_calls_are_made(group, ten, connected, mikko):
    send_at = clock.now() + timedelta(minutes=40)
    campaign = make_scheduled(group, mikko, first_share=30, wait_minutes=60, send_at=send_at)
    Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.now(), carries_time=True)

    waiting = advance(campaign)

    assert {call.payload["message"]["send_at"] for call in calls_of(campaign)} != {""}
    assert waiting.rest_due_at == send_at + timedelta(minutes=60)


def test_refused_calls_are_tried_again_in_the_wait_without_the_rest(staged, mikko, later):
    sending.send_now(staged.pk)
    staged.recipients.filter(stage=FIRST).update(state="failed")
    Operation.objects.update(state="failed")
    sending.advance_campaigns()
    assert now_of(staged).is_waiting_for_rest

    assert lifecycle.retry_failed(now_of(staged), by=mikko) == 1
    assert len(numbers(claimed(now_of(staged).connection))) == 3
    assert now_of(staged).recipients.filter(stage=REST, state="planned", batch=None).count() == 7


def test_without_stages_nothing_changes(group, ten, connected, mikko):
    campaign = make_scheduled(group, mikko)

    assert advance(campaign).state == CampaignState.SENT
    assert set(campaign.recipients.values_list("stage", "wording")) == {(FIRST, 0)}


def test_a_worker_that_began_its_step_before_the_rest_was_let_go_loses_nobody(
    staged, ten, mikko, monkeypatch
):
    advance(staged)
    pausing.pause(now_of(staged), by=mikko)
    pausing.resume(now_of(staged), by=mikko)  # its next step finds out whether any call is left
    waits = next_calls.wait_for_their_time

    def while_another_lets_it_go(campaign):
        monkeypatch.setattr(next_calls, "wait_for_their_time", waits)
        stages.begin_rest(now_of(staged), winner=0, by=mikko)
        return waits(campaign)

    monkeypatch.setattr(next_calls, "wait_for_their_time", while_another_lets_it_go)
    sending._enqueue_next_batches(staged.pk)

    assert now_of(staged).state == CampaignState.PLANNING
    assert advance(staged).state == CampaignState.SENT
    assert called(staged) == Counter(ten)
