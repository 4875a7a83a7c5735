"""What comes again is approved once, as long as it says the same to as many."""

import pytest
from django.utils import timezone

from accounts.models import User
from contacts.segments import saved_segments
from messaging.campaigns.dispatch import recurring
from messaging.campaigns.models import Campaign, CampaignState, Recurrence
from messaging.campaigns.tests.approvals import address, decide
from messaging.campaigns.tests.stages import now_of
from tests.people import client_of


def repeated(campaign: Campaign, by: User) -> Recurrence:
    recurrence = Recurrence(
        customer=campaign.customer,
        campaign=campaign,
        rhythm="week",
        weekday=0,
        time="09:00",
        zone="Europe/Helsinki",
    )
    recurrence.time = timezone.now().time()
    recurring.repeat(recurrence, by=by)
    return recurrence


def next_copy(recurrence: Recurrence) -> Campaign:
    recurrence = Recurrence.objects.get(pk=recurrence.pk)
    recurring._make_next(recurrence)
    return Campaign.objects.latest("pk")


def test_of_what_comes_again_one_approval_is_for_all_that_say_the_same(waiting, liisa, mikko):
    decide(waiting, liisa)
    recurrence = repeated(now_of(waiting), mikko)
    first = next_copy(recurrence)
    asked = first.state

    page = client_of(liisa).get(address(first)).content.decode()
    decide(first, liisa)
    second = next_copy(recurrence)

    assert (asked, second.state) == (CampaignState.AWAITING, CampaignState.SCHEDULED)
    assert "Each Monday" in page
    assert (now_of(first).approved_by, second.approved_by) == (liisa, liisa)


@pytest.mark.parametrize("change", [{"content": "Another"}, {"people": 100}])
def test_what_comes_again_is_asked_about_when_it_says_another_thing_or_reaches_more(
    waiting, liisa, mikko, change
):
    decide(waiting, liisa)
    recurrence = repeated(now_of(waiting), mikko)
    first = next_copy(recurrence)
    decide(first, liisa)
    Campaign.objects.filter(pk=waiting.pk).update(**change)
    Recurrence.objects.update(latest=waiting)

    assert next_copy(recurrence).state == CampaignState.AWAITING


def test_what_comes_again_is_asked_about_when_its_segment_has_changed(waiting, kahvila, liisa, mikko):
    """It may reach as many, and nobody of those who were approved."""
    segment = saved_segments.add(kahvila, name="All", text="city = Turku", by=mikko)
    Campaign.objects.update(segments=[segment.pk], scheduled_at=timezone.now())
    decide(waiting, liisa)
    recurrence = repeated(now_of(waiting), mikko)
    decide(next_copy(recurrence), liisa)

    saved_segments.edit(segment, revision=1, name="All", text="city = Oulu", by=mikko)

    assert next_copy(recurrence).state == CampaignState.AWAITING


def test_nobody_approves_their_own_since_they_approved_a_copy_that_another_scheduled(waiting, liisa, mikko):
    decide(waiting, liisa)
    recurrence = repeated(now_of(waiting), mikko)
    first = next_copy(recurrence)
    Campaign.objects.filter(pk=first.pk).update(created_by=liisa)
    decide(first, mikko)

    second = next_copy(recurrence)

    assert now_of(first).state == CampaignState.SCHEDULED
    assert (second.created_by, second.state) == (mikko, CampaignState.AWAITING)
