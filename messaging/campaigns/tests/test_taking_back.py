"""For some seconds after Send it can be taken back, or made to wait longer; then it begins, once."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from gateway import clock
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, resending, sending, stages, taking_back
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignState, ResendRequest
from messaging.campaigns.tests.conftest import calls_of, make_scheduled, refuse
from messaging.campaigns.tests.stages import HOUR, advance, now_of
from tests.factories import make_connection
from tests.people import client_of

GRACE = 10


@pytest.fixture
def sent(settings, group, people, connected, mikko) -> Campaign:
    settings.CAMPAIGN_GRACE = GRACE
    return make_scheduled(group, mikko)


def address(campaign: Campaign) -> str:
    return reverse("campaigns:second_thoughts", args=[campaign.pk])


def test_nothing_leaves_in_these_seconds_and_everything_after_them(sent, later):
    sending.advance_campaigns()
    before = calls_of(sent)

    later(GRACE + 1)
    sending.advance_campaigns()

    assert (before, len(calls_of(sent))) == ([], 1)


def test_the_page_says_so_and_taken_back_it_is_a_draft_again(sent, mikko, later):
    browser = client_of(mikko)

    page = browser.get(reverse("campaigns:campaign", args=[sent.pk])).content.decode()
    answered = browser.post(address(sent))

    sent.refresh_from_db()
    assert "Undo" in page
    assert answered.headers["Location"] == reverse("campaigns:edit", args=[sent.pk])
    assert (sent.state, sent.begins_at) == (CampaignState.DRAFT, None)
    later(GRACE + 1)
    sending.advance_campaigns()
    assert calls_of(sent) == []


def test_it_waits_longer_as_often_as_somebody_says(sent, mikko):
    first = sent.begins_at
    client_of(mikko).post(address(sent), {"longer": "1"})
    client_of(mikko).post(address(sent), {"longer": "1"})

    sent.refresh_from_db()
    assert (sent.begins_at - first).total_seconds() == 2 * GRACE
    assert AuditEvent.objects.filter(verb="campaign.made_to_wait").count() == 2


def test_once_it_has_begun_nothing_is_taken_back(sent, mikko, later):
    later(GRACE + 1)
    sending.advance_campaigns()

    assert not taking_back.take_back(sent, by=mikko)
    assert not taking_back.wait_longer(sent, by=mikko)

    sent.refresh_from_db()
    assert (sent.state, len(calls_of(sent))) == (CampaignState.SENDING, 1)


def test_taken_back_at_the_moment_it_begins_one_of_the_two_counts(sent, mikko):
    """The worker has read it as due before it was taken back."""
    read = Campaign.objects.get()
    assert taking_back.take_back(sent, by=mikko)

    assert not sending.begin(read)

    assert calls_of(sent) == []


def test_what_has_a_time_of_its_own_is_not_made_to_wait(settings, group, people, connected, mikko):
    settings.CAMPAIGN_GRACE = GRACE
    campaign = make_scheduled(group, mikko, send_at=clock.after(3600))

    assert taking_back.seconds_left(campaign) == 0
    assert not taking_back.take_back(campaign, by=mikko)


def test_a_viewer_and_a_stranger_take_nothing_back(sent, vera, otto):
    assert client_of(vera).post(address(sent)).status_code == 403
    assert client_of(otto).post(address(sent)).status_code == 404
    sent.refresh_from_db()
    assert sent.state == CampaignState.SCHEDULED


def test_calls_that_begin_early_for_a_time_can_be_taken_back_too(settings, group, people, connected, mikko):
    settings.CAMPAIGN_GRACE, settings.SMARTDIALOG_BATCH_SIZE = GRACE, 1
    campaign = make_scheduled(group, mikko, send_at=clock.after(7 * 60))
    Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.after(-1))
    lifecycle.edit(Campaign.objects.get(), revision=Campaign.objects.get().revision, fields={}, by=mikko)
    draft = Campaign.objects.get()
    lifecycle.schedule(draft, revision=draft.revision, people=2, calls=150, by=mikko)
    sending.advance_campaigns()

    assert calls_of(campaign) == []
    assert draft.carries_time
    assert 0 < taking_back.seconds_left(draft) <= 60
    assert taking_back.take_back(draft, by=mikko)
    assert Campaign.objects.get().state == CampaignState.DRAFT


@pytest.fixture
def failed(sending_now, settings) -> Campaign:
    [call] = calls_of(sending_now)
    refuse(call)
    settings.CAMPAIGN_GRACE = GRACE
    return Campaign.objects.get()


@pytest.mark.parametrize(
    "send_again",
    [
        lambda campaign, by: resending.resend(campaign, [Missed.FAILED], by=by),
        lambda campaign, by: lifecycle.retry_failed(campaign, by=by),
    ],
    ids=["resend", "retry"],
)
def test_what_is_sent_again_waits_these_seconds_and_can_be_undone(failed, mikko, later, send_again):
    before = where_it_stands(failed)
    assert send_again(failed, mikko)
    sending.advance_campaigns()
    assert not [call for call in calls_of(failed) if call.state == "waiting"]
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[failed.pk])).content.decode()
    assert "Starting in" in page

    answered = client_of(mikko).post(address(failed))
    later(GRACE + 1)
    sending.advance_campaigns()

    assert answered.headers["Location"] == reverse("campaigns:campaign", args=[failed.pk])
    assert where_it_stands(failed) == before
    assert Campaign.objects.get().state == CampaignState.SENT


def where_it_stands(campaign: Campaign) -> tuple[object, ...]:
    """Of the campaign, its people and its calls."""
    shown = campaign.recipients.order_by("pk").values_list("state", "reason", "batch", "settled_at")
    fields = Campaign.objects.values().get(pk=campaign.pk)
    return fields, list(shown), [(each.state, each.reason) for each in calls_of(campaign)]


def test_undone_as_it_begins_one_of_the_two_counts(failed, mikko, later):
    lifecycle.retry_failed(failed, by=mikko)
    request = ResendRequest.objects.get()
    assert taking_back.take_back(failed, by=mikko)
    later(GRACE + 1)

    resending.begin_again(request)

    assert {call.state for call in calls_of(failed)} == {"failed"}


def test_pressed_twice_it_is_sent_again_once(failed, mikko, later):
    assert lifecycle.retry_failed(failed, by=mikko) == 1
    assert lifecycle.retry_failed(failed, by=mikko) == 0
    with pytest.raises(CampaignChanged):
        resending.resend(failed, [Missed.FAILED], by=mikko)
    later(GRACE + 1)
    sending.advance_campaigns()
    sending.advance_campaigns()

    assert [call.state for call in calls_of(failed)] == ["waiting"]
    assert AuditEvent.objects.filter(verb="campaign.retried").count() == 1


def test_what_has_changed_meanwhile_is_not_sent_again_and_that_is_said(failed, mikko, later):
    resending.resend(failed, [Missed.FAILED], by=mikko)
    Campaign.objects.update(revision=99)
    later(GRACE + 1)
    sending.advance_campaigns()

    assert {call.state for call in calls_of(failed)} == {"failed"}
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[failed.pk])).content.decode()
    assert "Not sent again" in page


def test_what_is_sent_again_leaves_after_these_seconds(failed, mikko, later):
    resending.resend(failed, [Missed.FAILED], by=mikko)
    client_of(mikko).post(address(failed), {"longer": "1"})
    later(GRACE + 1)
    sending.advance_campaigns()
    assert Campaign.objects.get().state == CampaignState.SENT

    later(2 * GRACE + 1)
    sending.advance_campaigns()

    assert [call.state for call in calls_of(failed)][-1] == "waiting"


def test_the_rest_waits_these_seconds_when_a_person_lets_it_go(staged, mikko, settings, later):
    advance(staged)
    before = len(calls_of(staged))
    settings.CAMPAIGN_GRACE = GRACE

    stages.begin_rest(Campaign.objects.get(), winner=0, by=mikko)
    sending.advance_campaigns()
    assert len(calls_of(staged)) == before

    later(GRACE + 1)
    sending.advance_campaigns()
    assert len(calls_of(staged)) > before


@pytest.mark.parametrize("is_due", [True, False])
def test_the_rest_that_is_taken_back_waits_as_before_by_its_authors_connection(
    staged, liisa, mikko, settings, later, is_due
):
    if not is_due:
        Campaign.objects.update(wait_minutes=None)
    waiting = advance(staged)
    before, was = len(calls_of(staged)), _where_it_stands(waiting)
    settings.CAMPAIGN_GRACE = GRACE
    make_connection(liisa)
    stages.begin_rest(waiting, winner=0, by=liisa)

    answered = client_of(liisa).post(address(staged))
    later(GRACE + 1)
    sending.advance_campaigns()

    assert answered.headers["Location"] == reverse("campaigns:campaign", args=[staged.pk])
    assert _where_it_stands(now_of(staged)) == was
    assert len(calls_of(staged)) == before
    later(HOUR + 10)
    sending.advance_campaigns()
    assert (len(calls_of(staged)) > before) is is_due


def test_a_rest_whose_wait_ends_as_it_is_taken_back_is_left_to_a_person(staged, mikko, settings, later):
    waiting = advance(staged)
    settings.CAMPAIGN_GRACE = GRACE
    stages.begin_rest(waiting, winner=0, by=mikko)
    Campaign.objects.update(rest_due_at=clock.after(-1))

    assert taking_back.take_back(waiting, by=mikko)
    sending.advance_campaigns()

    assert now_of(staged) in Campaign.objects.to_decide_on_rest()


def test_a_rest_that_somebody_paused_since_is_not_taken_back(staged, mikko):
    waiting = advance(staged)
    stages.begin_rest(waiting, winner=0, by=mikko)
    pausing.pause(waiting, by=mikko)
    pausing.resume(waiting, by=mikko, at=clock.after(30))

    assert taking_back.take_back(waiting, by=mikko)

    found = now_of(staged)
    assert (found.is_paused, found.rest_begun_at is None) == (True, False)


def test_paused_in_these_seconds_from_an_older_page_the_rest_stays_so(staged, mikko, settings, later):
    waiting = advance(staged)
    before = len(calls_of(staged))
    settings.CAMPAIGN_GRACE = GRACE
    stages.begin_rest(waiting, winner=0, by=mikko)

    assert pausing.pause(waiting, by=mikko)
    later(GRACE + 1)
    sending.advance_campaigns()

    assert (now_of(staged).is_paused, len(calls_of(staged))) == (True, before)
    assert pausing.resume(now_of(staged), by=mikko)
    sending.advance_campaigns()
    assert len(calls_of(staged)) > before


def _where_it_stands(campaign: Campaign) -> tuple[object, ...]:
    assert campaign.is_waiting_for_rest
    assert not campaign.is_paused
    return campaign.connection, campaign.rest_due_at, campaign.winner, campaign.rest_begun_at
