"""The time left is told by the pace that is seen, not by the one that is allowed."""

import random
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from gateway import clock, outbox
from gateway.models import Call, Connection, Lane, Operation
from messaging.campaigns.dispatch import pausing, sending
from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.delivery_stats import stats_of
from messaging.campaigns.outcome.pace import pace_of
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled
from tests.factories import make_connection, make_contact, make_operation
from tests.people import client_of


@pytest.fixture
def sending_forty(group, people, connected, mikko, settings) -> Campaign:
    """A call for each person."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for _ in range(38):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def taken(connection: Connection, at: datetime, *, status: int = 200, lane: Lane = Lane.CAMPAIGN) -> None:
    held_until = at + timedelta(seconds=60)
    Call.objects.create(
        connection=connection,
        name="SendMessage",
        lane=lane,
        reserved_at=at,
        answered_at=at,
        held_until=held_until,
        status=status,
    )


def taken_each(connection: Connection, seconds: float, *, number: int) -> None:
    """Up to now, not quite evenly."""
    rng = random.Random(number)
    for ago in range(number):
        taken(connection, clock.now() - timedelta(seconds=seconds * ago + rng.uniform(0, seconds / 4)))


def left(campaign: Campaign) -> float:
    seconds = pace_of(campaign, stats_of(campaign)).seconds
    assert seconds is not None
    return seconds


@pytest.mark.parametrize("seconds", [0.8, 1.5, 3.0, 8.0])
def test_what_is_left_comes_true_within_a_fifth_at_whatever_pace(sending_forty, connected, seconds):
    taken_each(connected, seconds, number=min(20, int(55 / seconds)))

    assert left(sending_forty) == pytest.approx(40 * seconds, rel=0.2)


def test_before_enough_is_seen_it_is_told_by_what_is_allowed(sending_forty, connected):
    taken_each(connected, 5.0, number=3)

    assert left(sending_forty) == outbox.seconds_for(40)


def test_it_is_never_told_as_faster_than_is_allowed(sending_forty, connected):
    taken_each(connected, 0.01, number=20)

    assert left(sending_forty) == outbox.seconds_for(40)


def test_while_nothing_is_taken_any_more_it_grows(sending_forty, connected):
    for ago in range(30, 36):
        taken(connected, clock.now() - timedelta(seconds=ago))
        taken(connected, clock.now() - timedelta(seconds=ago - 30), status=503)

    assert left(sending_forty) > 40 * 5


def test_what_waits_before_it_counts_and_what_waits_behind_does_not(
    sending_forty, connected, group, mikko, aino
):
    behind = make_scheduled(group, mikko)
    sending.send_now(behind.pk)
    behind.refresh_from_db()
    make_operation(connected, lane=Lane.BULK)
    make_operation(make_connection(aino), lane=Lane.CAMPAIGN)

    assert left(sending_forty) == outbox.seconds_for(40)
    assert left(behind) == outbox.seconds_for(80)


def test_calls_that_are_not_written_yet_count(sending_forty, connected):
    """Of a WhatsApp campaign they may be more than its people would fill."""
    Campaign.objects.filter(pk=sending_forty.pk).update(state="planning", calls=100, listed_at=None)
    sending_forty.refresh_from_db()

    assert left(sending_forty) == outbox.seconds_for(100)


def test_the_page_says_how_many_have_it_and_how_many_a_minute(sending_forty, connected, mikko):
    page = reverse("campaigns:campaign", args=[sending_forty.pk])
    first = calls_of(sending_forty)[0]
    answer(first)
    Operation.objects.filter(pk=first.pk).update(state="done")
    taken_each(connected, 3.0, number=15)

    content = " ".join(client_of(mikko).get(page).content.decode().split())

    assert "1 of 40" in content
    assert "About 2 minutes left" in content
    assert "people a minute" in content


def test_of_a_paused_one_nothing_is_said(sending_forty, mikko):
    pausing.pause(sending_forty, by=mikko)
    sending_forty.refresh_from_db()

    assert pace_of(sending_forty, stats_of(sending_forty)).seconds is None
