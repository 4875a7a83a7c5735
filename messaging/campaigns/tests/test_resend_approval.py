"""Sending again to many waits for a second person, too."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, User
from gateway import clock
from messaging.campaigns import approval, lifecycle
from messaging.campaigns.approval import CannotApprove
from messaging.campaigns.dispatch import resending, sending
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState, RecipientState, ResendRequest
from messaging.campaigns.tests.approvals import again, decide
from messaging.campaigns.tests.conftest import calls_of, make_scheduled
from messaging.campaigns.tests.conftest import refuse as refuse_call
from messaging.campaigns.tests.stages import now_of
from messaging.overview.attention import attention_items
from tests.factories import make_connection
from tests.people import client_of


@pytest.fixture
def failed(group, people, connected, mikko, kahvila) -> Campaign:
    """Its only call was refused; from now on a second person is asked about one person."""
    campaign = make_scheduled(group, mikko)
    Campaign.objects.update(begins_at=clock.after(-1))
    sending.send_now(campaign.pk)
    [call] = calls_of(campaign)
    refuse_call(call)
    CampaignRules.objects.create(customer=kahvila, approved_above=1)
    return now_of(campaign)


def test_sending_again_to_many_waits_for_a_second_person(failed, liisa, mikko):
    assert resending.resend(failed, [Missed.FAILED], by=mikko) == 0
    assert (now_of(failed).state, again(failed).people) == (CampaignState.SENT, 2)

    decide(failed, liisa, asked_at=again(failed).asked_at.isoformat())

    assert (now_of(failed).state, ResendRequest.objects.exists()) == (CampaignState.PLANNING, False)
    assert set(failed.recipients.filter(batch=None).values_list("state", flat=True)) >= {"planned"}


def test_refused_calls_of_many_are_tried_again_once_a_second_person_approves(failed, liisa, mikko):
    assert lifecycle.retry_failed(failed, by=mikko) == 0
    assert {call.state for call in calls_of(failed)} == {"failed"}

    approval.approve_again(again(failed), by=liisa)

    assert {call.state for call in calls_of(failed)} == {"waiting"}
    assert failed.recipients.filter(state=RecipientState.PLANNED).count() == 2


def test_no_more_people_are_tried_again_than_were_approved(failed, liisa, mikko):
    lifecycle.retry_failed(failed, by=mikko)
    ResendRequest.objects.update(people=1)  # another call was refused since

    with pytest.raises(CampaignChanged):
        approval.approve_again(again(failed), by=liisa)

    assert {call.state for call in calls_of(failed)} == {"failed"}


def test_what_was_asked_stands_no_more_once_it_was_done_or_the_campaign_changed(
    failed, kahvila, aino, liisa, mikko
):
    def waits() -> bool:
        titles = [each.title for each in attention_items(liisa, kahvila)]
        return f"Sending {failed} again waits for your approval" in titles

    lifecycle.retry_failed(failed, by=mikko)
    assert waits()
    lifecycle.retry_failed(failed, by=aino)  # an admin asks, too, and asks anew
    assert waits()
    approval.approve_again(again(failed), by=liisa)
    assert not waits()

    [call] = calls_of(failed)
    refuse_call(call)
    lifecycle.retry_failed(now_of(failed), by=mikko)
    assert waits()
    Campaign.objects.filter(pk=failed.pk).update(revision=99)
    assert not waits()
    assert client_of(liisa).get(f"/campaigns/{failed.pk}/").context["again"] is None


def test_who_asked_to_send_again_cannot_approve_it(failed, mikko):
    resending.resend(failed, [Missed.FAILED], by=mikko)

    with pytest.raises(CannotApprove):
        approval.approve_again(again(failed), by=mikko)
    assert again(failed)


def test_sending_again_is_refused_with_words_and_once(failed, liisa, mikko):
    resending.resend(failed, [Missed.FAILED], by=mikko)
    asked = again(failed)

    decide(failed, liisa, "refuse", words="Let them be", asked_at=asked.asked_at.isoformat())

    assert (now_of(failed).state, ResendRequest.objects.exists()) == (CampaignState.SENT, False)
    with pytest.raises(CampaignChanged):
        approval.approve_again(asked, by=liisa)


def test_the_page_of_the_campaign_and_the_first_page_tell_of_it(failed, kahvila, liisa, mikko):
    client_of(mikko).post(reverse("campaigns:retries", args=[failed.pk]), {"people": 2})

    page = client_of(liisa).get(f"/campaigns/{failed.pk}/").content.decode()
    titles = [each.title for each in attention_items(liisa, kahvila)]
    assert "Sending again waits for a second person" in page
    assert f"Sending {failed} again waits for your approval" in titles


def test_an_admin_who_is_alone_sends_again_alone_and_it_is_recorded(failed, aino, mikko):
    Campaign.objects.update(created_by=aino, connection=make_connection(aino))
    User.objects.filter(pk=mikko.pk).update(is_active=False)

    assert lifecycle.retry_failed(now_of(failed), by=aino) == 1
    [call] = calls_of(failed)
    refuse_call(call)
    Campaign.objects.update(state=CampaignState.SENT, paused_at=None)
    assert resending.resend(now_of(failed), [Missed.FAILED], by=aino) == 2

    assert AuditEvent.objects.filter(verb="campaign.decided_alone", after={"people": 2}).count() == 2
