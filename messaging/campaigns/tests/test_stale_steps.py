"""A worker goes on with what it read a while ago: what a person has decided since then stands."""

from datetime import timedelta

import pytest

from gateway import clock
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending, stages, taking_back
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_scheduled
from messaging.campaigns.tests.stages import HOUR, advance, now_of

pytestmark = pytest.mark.django_db
GRACE = 10


@pytest.fixture
def overdue(group, people, connected, mikko, later) -> Campaign:
    """As a tick read it that then listed a million others first."""
    campaign = make_scheduled(group, mikko, send_at=clock.now() + timedelta(minutes=1))
    later(HOUR)
    return now_of(campaign)


def test_what_was_scheduled_anew_since_it_was_judged_is_not_held_for_its_old_time(overdue, mikko):
    fresh = now_of(overdue)
    lifecycle.edit(fresh, revision=fresh.revision, fields={"send_at": None}, by=mikko)
    lifecycle.schedule(fresh, revision=fresh.revision, people=2, calls=1, by=mikko)

    assert not sending.begin(overdue)

    assert now_of(overdue).state == CampaignState.SCHEDULED
    assert sending.begin(now_of(overdue))


def test_what_was_scheduled_anew_since_it_was_judged_is_judged_anew_before_it_begins(
    group, people, connected, mikko, kahvila
):
    seen = now_of(make_scheduled(group, mikko))
    fresh = now_of(seen)
    lifecycle.edit(fresh, revision=fresh.revision, fields={"content": "Hei hei"}, by=mikko)
    lifecycle.schedule(fresh, revision=fresh.revision, people=2, calls=1, by=mikko)

    assert not sending.begin(seen)
    assert now_of(seen).state == CampaignState.SCHEDULED


def test_a_rest_that_waits_again_is_not_lost_as_a_call_of_before_ends(staged, mikko, settings):
    """Who ends it read it while its rest was let go."""
    settings.CAMPAIGN_GRACE = GRACE
    advance(staged)
    stages.begin_rest(now_of(staged), winner=0, by=mikko)
    let_go = now_of(staged)
    assert taking_back.take_back(let_go, by=mikko)
    sending.enqueue_batches(staged.pk)
    assert now_of(staged).state == CampaignState.SENDING

    sending.finish(let_go)

    assert now_of(staged).is_waiting_for_rest
    assert now_of(staged).state == CampaignState.SENDING


@pytest.fixture
def due_to_go_on(sending_now, mikko, later) -> Campaign:
    """Paused until a time that has just come, as the clock read it."""
    pausing.pause(sending_now, by=mikko)
    pausing.resume(sending_now, by=mikko, at=clock.now() + timedelta(minutes=5))
    later(5 * 60 + 1)
    return now_of(sending_now)


@pytest.mark.parametrize("decides", ["later", "not by itself"])
def test_what_a_person_has_put_off_since_does_not_go_on(due_to_go_on, mikko, decides):
    put_off = clock.now() + timedelta(hours=1) if decides == "later" else None
    Campaign.objects.filter(pk=due_to_go_on.pk).update(resumes_at=put_off)

    pausing.resume_due(due_to_go_on)

    assert now_of(due_to_go_on).is_paused
    assert {call.state for call in calls_of(due_to_go_on)} == {"held"}
