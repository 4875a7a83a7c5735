"""Campaigns of one connection that share an hour, or come after calls that wait already."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gateway import clock
from gateway.outbox import eta, seconds_for
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import schedule, sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled
from tests.factories import make_connection, make_contact
from tests.people import client_of


def scheduled(group, by, *, minutes: float, calls: int, name: str = "") -> Campaign:
    """For so many minutes ahead, as if it had so many calls."""
    send_at = clock.now() + timedelta(minutes=minutes)
    campaign = make_campaign(group, by, send_at=send_at, name=name)
    lifecycle.schedule(campaign, revision=campaign.revision, people=2, calls=calls, by=by)
    return campaign


def test_the_second_of_an_hour_begins_before_the_first(group, people, connected, mikko):
    first = scheduled(group, mikko, minutes=60, calls=257)
    second = scheduled(group, mikko, minutes=60, calls=257)

    assert [first.carries_time, second.carries_time] == [True, True]
    apart = first.begins_at - second.begins_at
    assert abs(apart.total_seconds() - seconds_for(257)) < 2


@pytest.mark.parametrize(("counts", "share"), [("connection", False), ("customer", True), ("client", True)])
def test_campaigns_of_two_people_whose_calls_count_together_share_the_hour(
    group, people, connected, mikko, liisa, settings, counts, share
):
    settings.SMARTDIALOG_LIMIT_COUNTS = counts
    make_connection(liisa)
    first = scheduled(group, mikko, minutes=60, calls=257)
    second = scheduled(group, liisa, minutes=60, calls=257)

    apart = (first.begins_at - second.begins_at).total_seconds()

    assert abs(apart - (seconds_for(257) if share else 0)) < 2


def test_what_another_has_waiting_is_in_the_way_where_it_counts_together(
    group, connected, mikko, liisa, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for _ in range(60):
        make_contact(group, first_name="Aino")
    make_connection(liisa)
    theirs = make_scheduled(group, liisa)
    sending.send_now(theirs.pk)
    asked = make_campaign(group, mikko, send_at=clock.now() + timedelta(minutes=3))

    alone = schedule.plan(asked, connected, calls=200)
    settings.SMARTDIALOG_LIMIT_COUNTS = "customer"
    beside = schedule.plan(asked, connected, calls=200)

    assert [each.what for each in alone.before] == []
    assert [each.what for each in beside.before] == [schedule.WAITING]


def test_where_the_hour_cannot_hold_it_says_which_can_and_what_is_in_the_way(group, people, connected, mikko):
    scheduled(group, mikko, minutes=9, calls=257, name="Kevät")
    campaign = make_campaign(group, mikko, send_at=clock.now() + timedelta(minutes=9))

    plan = schedule.plan(campaign, connected, calls=257)

    assert not plan.submission.carries_time
    assert plan.earliest
    assert plan.earliest >= clock.now() + timedelta(seconds=seconds_for(2 * 257) + 4 * 60)
    assert [window.what for window in plan.before] == ["Kevät"]


def test_the_page_says_so_before_it_is_scheduled(group, people, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for _ in range(150):
        make_contact(group, first_name="Aino")
    scheduled(group, mikko, minutes=12, calls=600, name="Kevät")
    campaign = make_campaign(group, mikko, send_at=clock.now() + timedelta(minutes=12))

    page = client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk])).content.decode()

    assert "It cannot all leave by that time" in page
    assert "Kevät" in page


def test_a_campaign_is_not_in_its_own_way(group, people, connected, mikko):
    campaign = scheduled(group, mikko, minutes=60, calls=257)

    again = schedule.plan(campaign, connected, calls=257)

    assert again.submission.carries_time
    assert abs(again.submission.begins_at - campaign.begins_at) < timedelta(seconds=5)


@pytest.mark.parametrize("order", [(3, 1, 2), (1, 2, 3)])
def test_due_ones_begin_one_after_the_other_the_oldest_hour_first(group, people, connected, mikko, order):
    made = {hours: make_scheduled(group, mikko) for hours in order}
    for hours, campaign in made.items():
        Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.now() - timedelta(minutes=hours))

    sending.advance_campaigns()

    firsts = [calls_of(made[hours])[0].pk for hours in (3, 2, 1)]
    assert firsts == sorted(firsts)


def test_each_is_in_the_outbox_before_the_next_is_judged(group, connected, mikko, settings):
    """Behind the first, the second has no time left to be early, so it waits for the hour."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for _ in range(60):
        make_contact(group, first_name="Aino")
    send_at = clock.now() + timedelta(seconds=100)
    for _ in range(2):
        campaign = make_scheduled(group, mikko, send_at=send_at)
        Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.now(), carries_time=True, calls=60)

    sending.advance_campaigns()

    first, second = Campaign.objects.order_by("pk")
    assert (first.state, second.state) == (CampaignState.SENDING, CampaignState.SCHEDULED)
    assert (second.begins_at, second.carries_time) == (send_at, False)
    assert eta(connected, calls=0) > clock.now()


def test_what_another_worker_has_yet_to_write_down_counts(group, people, connected, mikko):
    """Two that are due at once, each taken by a worker of its own."""
    first = make_scheduled(group, mikko)
    sending.begin(first)
    Campaign.objects.filter(pk=first.pk).update(calls=900, batches=200)
    assert schedule.unwritten_calls(connected) == 700

    second = scheduled(group, mikko, minutes=6, calls=5)
    Campaign.objects.filter(pk=second.pk).update(begins_at=clock.now(), carries_time=True)

    assert not sending.begin(Campaign.objects.get(pk=second.pk))
    assert Campaign.objects.get(pk=second.pk).state == CampaignState.SCHEDULED
