"""What is over is sent again: to who missed it, in other calls, and to nobody who has it or wants none."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import AuditEvent
from gateway import clock, outbox
from gateway.hooks import dlr_url
from gateway.hooks.events import read_report
from gateway.models import HookEvent, HookKind, HookSubscription, Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog import quirks
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, resending, sending
from messaging.campaigns.dispatch.resending import Missed, StillUnderWay
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState, RecipientState
from messaging.campaigns.outcome.delivery_stats import stats_of
from messaging.campaigns.reporting import delivery_reports
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, refuse
from messaging.campaigns.tests.test_last_look import MAYBE_TAKEN, claimed, numbers, tried
from tests.factories import make_connection, suppress
from tests.people import client_of

MAIJA, ANTON = "+358400000001", "+358400000002"


@pytest.fixture
def sent(sending_now) -> Campaign:
    """Maija has it; Антон's phone was off."""
    [call] = calls_of(sending_now)
    answer(call)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE)
    sending_now.recipients.filter(phone=MAIJA).update(state=RecipientState.DELIVERED)
    sending_now.recipients.filter(phone=ANTON).update(state=RecipientState.FAILED, reason="Off")
    sending_now.refresh_from_db()
    return sending_now


def resent(campaign: Campaign, *whom: Missed, by) -> list[Operation]:
    """The calls that it makes."""
    before = {call.pk for call in calls_of(campaign)}
    resending.resend(campaign, whom, by=by)
    sending.enqueue_batches(campaign.pk)
    campaign.refresh_from_db()
    return [call for call in calls_of(campaign) if call.pk not in before]


def state_of(campaign: Campaign, phone: str) -> str:
    return campaign.recipients.get(phone=phone).state


def page_of(campaign: Campaign) -> str:
    return reverse("campaigns:resending", args=[campaign.pk])


def report(campaign: Campaign, status: str, **said: object) -> None:
    dlr_url(campaign.customer)
    subscription = HookSubscription.objects.get(customer=campaign.customer, kind=HookKind.DELIVERY)
    query = urlencode({"c": campaign.pk, "status": status, **said})
    event = HookEvent.objects.create(subscription=subscription, query=query)
    with transaction.atomic():
        delivery_reports.take_reports([(event, read_report(query))])


def test_only_who_failed_gets_it_again_under_another_request_id(sent, mikko):
    [first] = calls_of(sent)

    [call] = resent(sent, Missed.FAILED, by=mikko)

    assert numbers(call) == [ANTON]
    assert call.request_id != first.request_id
    assert (sent.state, state_of(sent, MAIJA)) == (CampaignState.SENDING, RecipientState.DELIVERED)
    answer(call)
    sent.refresh_from_db()
    assert (sent.state, stats_of(sent).taken) == (CampaignState.SENT, 2)
    assert AuditEvent.objects.get(verb="campaign.resent").after == {"failed": 1}


def test_who_opted_out_since_or_left_the_group_gets_nothing(sent, people, mikko):
    sent.recipients.filter(phone=MAIJA).update(state=RecipientState.FAILED)
    suppress(sent.customer, phone=ANTON)
    people[0].delete()

    assert not resending.missed(sent)
    with pytest.raises(CampaignChanged):
        resending.resend(sent, [Missed.FAILED], by=mikko)
    sent.refresh_from_db()
    assert sent.state == CampaignState.SENT


def test_who_opts_out_after_the_press_gets_nothing_either(sent, mikko):
    resending.resend(sent, [Missed.FAILED], by=mikko)
    suppress(sent.customer, phone=ANTON)

    sending.enqueue_batches(sent.pk)

    assert (len(calls_of(sent)), state_of(sent, ANTON)) == (1, RecipientState.SKIPPED)


def test_who_may_have_it_gets_it_only_where_a_person_says_so(sent, mikko):
    sent.recipients.filter(phone=MAIJA).update(state=RecipientState.UNCERTAIN)

    [call] = resent(sent, Missed.FAILED, by=mikko)
    assert (numbers(call), state_of(sent, MAIJA)) == ([ANTON], RecipientState.UNCERTAIN)
    answer(call)
    sent.refresh_from_db()

    [call] = resent(sent, Missed.UNCERTAIN, by=mikko)
    assert numbers(call) == [MAIJA]


def test_two_presses_send_once(sent, mikko):
    twin = Campaign.objects.get(pk=sent.pk)
    resending.resend(sent, [Missed.FAILED], by=mikko)

    with pytest.raises(CampaignChanged):
        resending.resend(twin, [Missed.FAILED], by=mikko)
    sending.enqueue_batches(sent.pk)
    assert len(calls_of(sent)) == 2


def test_refused_calls_are_not_tried_again_beside_the_new_ones(sending_now, mikko):
    refuse(calls_of(sending_now)[0])
    sending_now.refresh_from_db()

    [call] = resent(sending_now, Missed.FAILED, by=mikko)

    assert sorted(numbers(call)) == [MAIJA, ANTON]
    assert lifecycle.retry_failed(sending_now, by=mikko) == 0
    assert [each.state for each in calls_of(sending_now)] == ["cancelled", "waiting"]


def test_a_retry_on_a_page_that_is_out_of_date_sends_nothing_twice(sending_now, mikko):
    refuse(calls_of(sending_now)[0])
    sending_now.refresh_from_db()
    assert lifecycle.retry_failed(sending_now, by=mikko) == 1

    sending_now.state = CampaignState.SENT
    with pytest.raises(CampaignChanged):
        resending.resend(sending_now, [Missed.FAILED], by=mikko)


def test_calls_that_may_have_been_taken_stay_a_persons_to_decide(sent, mikko):
    """Of the failed ones alone it gives up the calls."""
    [call] = calls_of(sent)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.UNKNOWN)

    resent(sent, Missed.FAILED, by=mikko)

    call.refresh_from_db()
    assert call.state == OperationState.UNKNOWN


def test_the_rest_of_a_cancelled_campaign_gets_it_once(group, people, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    first, second = calls_of(campaign)
    answer(first)
    campaign.refresh_from_db()
    lifecycle.cancel(campaign, by=mikko)
    campaign.refresh_from_db()

    [call] = resent(campaign, Missed.REST, by=mikko)

    assert numbers(call) == numbers(second)
    answer(call)
    campaign.refresh_from_db()
    assert (campaign.state, stats_of(campaign).accepted) == (CampaignState.SENT, 2)


def test_paused_and_cancelled_it_goes_on_where_it_is_sent_again(sending_now, mikko):
    pausing.pause(sending_now, by=mikko)
    pausing.resume(sending_now, by=mikko, at=clock.now() + timedelta(hours=9))
    lifecycle.cancel(sending_now, by=mikko)

    [call] = resent(sending_now, Missed.REST, by=mikko)

    assert sorted(numbers(call)) == [MAIJA, ANTON]
    assert (sending_now.paused_at, sending_now.pause_reason, sending_now.resumes_at) == (None, "", None)


def test_while_a_call_is_being_made_nothing_is_sent_again(group, people, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    first, _ = calls_of(campaign)
    Operation.objects.filter(pk=first.pk).update(state=OperationState.INFLIGHT)
    campaign.refresh_from_db()
    lifecycle.cancel(campaign, by=mikko)

    with pytest.raises(StillUnderWay):
        resending.resend(campaign, [Missed.REST], by=mikko)

    campaign.refresh_from_db()
    assert (campaign.state, stats_of(campaign).skipped) == (CampaignState.CANCELLED, 4)
    assert outbox.is_underway(batch=campaign.batch)


def test_a_campaign_that_never_began_is_copied_not_sent_again(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    lifecycle.cancel(campaign, by=mikko)

    with pytest.raises(CampaignChanged):
        resending.resend(campaign, [Missed.REST], by=mikko)
    assert client_of(mikko).get(page_of(campaign)).status_code == 302


def test_cancelled_while_people_were_listed_nobody_joins_them(sent, group, people, mikko):
    Campaign.objects.filter(pk=sent.pk).update(listed_at=None, cursor=0, state=CampaignState.CANCELLED)

    [call] = resent(sent, Missed.FAILED, by=mikko)

    assert (numbers(call), sent.recipients.count()) == ([ANTON], 5)


def test_a_late_report_of_the_first_message_says_nothing_bad_of_the_second(sent, mikko):
    resent(sent, Missed.FAILED, by=mikko)

    report(sent, "Failed", address=ANTON, b=1, recipientId=f"id-{ANTON}")
    assert state_of(sent, ANTON) == RecipientState.PLANNED

    report(sent, "Failed", address=ANTON, b=2, recipientId="id-2")
    assert state_of(sent, ANTON) == RecipientState.FAILED


def test_a_report_that_they_have_it_after_all_keeps_it_from_them(sent, mikko):
    resending.resend(sent, [Missed.FAILED], by=mikko)

    report(sent, "Delivered", address=ANTON, b=1, recipientId=f"id-{ANTON}")
    sending.enqueue_batches(sent.pk)

    assert (len(calls_of(sent)), state_of(sent, ANTON)) == (1, RecipientState.DELIVERED)


@pytest.fixture
def second(sent, mikko) -> Operation:
    """The call of both anew, of which nobody knows whether it was taken: it is to be repeated."""
    sent.recipients.filter(phone=MAIJA).update(state=RecipientState.FAILED)
    [call] = resent(sent, Missed.FAILED, by=mikko)
    tried(call, **MAYBE_TAKEN)
    call.refresh_from_db()
    return call


@pytest.mark.parametrize("status", ["Delivered", "Failed", "Buffered"])
def test_a_late_report_of_the_first_call_does_not_say_that_the_second_was_taken(sent, second, status):
    report(sent, status, address=ANTON, b=1, recipientId=f"id-{ANTON}")
    handler_of(second).delayed(QueuedCall(second))

    second.refresh_from_db()
    assert second.state == OperationState.WAITING
    assert state_of(sent, MAIJA) == RecipientState.PLANNED

    report(sent, "Delivered", address=MAIJA, b=2, recipientId="id-2")
    second.refresh_from_db()
    assert second.state == OperationState.DONE


def test_an_id_of_the_first_call_is_no_proof_that_the_second_was_taken_twice(sent, second):
    answer(second)
    sent.recipients.filter(phone=ANTON).update(remote_id="id-2")

    report(sent, "Buffered", address=ANTON, b=1, recipientId=f"id-{ANTON}")

    assert sent.recipients.get(phone=ANTON).reason == ""
    assert quirks.of(sent.customer).forgets_request_ids is False


def test_nor_does_a_call_that_waits_for_its_turn_carry_who_has_it_after_all(sent, connected, mikko):
    sent.recipients.filter(phone=MAIJA).update(state=RecipientState.FAILED)
    resent(sent, Missed.FAILED, by=mikko)

    report(sent, "Delivered", address=ANTON, b=1, recipientId=f"id-{ANTON}")

    assert numbers(claimed(connected)) == [MAIJA]


def test_a_colleague_sends_it_again_with_their_own_connection(sent, aino):
    theirs = make_connection(aino)

    [call] = resent(sent, Missed.FAILED, by=aino)

    assert call.connection == theirs


def test_the_page_asks_with_numbers_and_does_what_was_seen(sent, mikko):
    client = client_of(mikko)
    asked = client.get(page_of(sent)).content.decode()
    assert "1 person: It failed" in asked

    stale = client.post(
        page_of(sent), {"whom": "failed", "expected": "failed:7 rest:0 outside:0 uncertain:0"}
    )
    assert (stale.status_code, "The numbers have changed" in stale.content.decode()) == (200, True)
    nobody = client.post(page_of(sent), {"expected": "failed:1 rest:0 outside:0 uncertain:0"})
    assert nobody.status_code == 422
    sent.refresh_from_db()
    assert sent.state == CampaignState.SENT

    client.post(page_of(sent), {"whom": "failed", "expected": "failed:1 rest:0 outside:0 uncertain:0"})
    sent.refresh_from_db()
    assert sent.state != CampaignState.SENT


def test_who_may_have_it_is_never_ticked_beforehand(sent, mikko):
    sent.recipients.filter(phone=MAIJA).update(state=RecipientState.UNCERTAIN)

    form = client_of(mikko).get(page_of(sent)).context["form"]

    assert form.initial["whom"] == [Missed.FAILED]
    assert [value for value, _ in form.fields["whom"].choices] == [Missed.FAILED, Missed.UNCERTAIN]


def test_a_stranger_finds_no_page_and_a_viewer_may_not(sent, vera, otto):
    assert client_of(otto).get(page_of(sent)).status_code == 404
    assert client_of(otto).post(page_of(sent)).status_code == 404
    assert client_of(vera).post(page_of(sent), {"whom": "failed"}).status_code == 403


def test_above_an_admins_number_it_is_typed_to_how_many(sent, mikko):
    CampaignRules.objects.create(customer=sent.customer, typed_above=0)
    client, seen = client_of(mikko), resending.missed(sent).expected
    said = {"expected": seen, "whom": ["failed"]}

    for typed in ({}, {"typed": "2"}):
        asked = client.post(page_of(sent), said | typed)
        assert asked.status_code == 422
        assert "That is 1 person in all." in asked.content.decode()
    assert len(calls_of(sent)) == 1

    client.post(page_of(sent), said | {"typed": "1"})
    assert state_of(sent, ANTON) == RecipientState.PLANNED
