"""Calls are written a little ahead of their turn, and of two campaigns the earlier one's come first."""

from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from gateway import clock, outbox
from gateway.models import Operation
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import next_calls, pausing, resending, schedule, sending
from messaging.campaigns.models import Campaign, CampaignState, RecipientState
from messaging.campaigns.outcome.delivery_stats import stats_of
from messaging.campaigns.outcome.pace import pace_of
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, refuse
from tests.factories import make_connection, make_contact, make_service, suppress
from tests.people import client_of

PEOPLE, AHEAD = 9, 3


@pytest.fixture(autouse=True)
def small(settings, monkeypatch) -> None:
    settings.SMARTDIALOG_BATCH_SIZE = 1
    settings.SMARTDIALOG_CALLS_PER_MINUTE = AHEAD
    monkeypatch.setattr(next_calls, "MINUTES_AHEAD", 1)
    monkeypatch.setattr(sending, "AT_ONCE", 2)


@pytest.fixture
def large(group, connected, mikko) -> Campaign:
    for _ in range(PEOPLE):
        make_contact(group, first_name="Aino")
    return make_scheduled(group, mikko, name="Large")


@pytest.fixture
def other_group(kahvila):
    return make_service(kahvila, kind="group")


def tick(campaign: Campaign) -> Campaign:
    sending.advance_campaigns()
    campaign.refresh_from_db()
    return campaign


def waiting(campaign: Campaign):
    return Operation.objects.filter(batch=campaign.batch, state="waiting")


def make(campaign: Campaign, number: int) -> list[str]:
    """The next calls of its connection are made; whom they reach."""
    own = Operation.objects.filter(connection=campaign.connection_id, batch__startswith="campaign:")
    made = list(own.filter(state="waiting", due_at__lte=clock.now()).order_by("lane", "pk")[:number])
    for each in made:
        answer(each)
    return list(chain.from_iterable(map(phones_of, made)))


def phones_of(call: Operation) -> list[str]:
    return [one["address"] for one in call.payload["message"]["recipients"]]


def test_of_many_calls_those_of_the_next_minutes_are_written(large):
    tick(large)

    assert (waiting(large).count(), large.state, large.batches) == (4, CampaignState.PLANNING, 4)
    assert large.calls_to_come == PEOPLE - 4
    assert large.recipients.count() == PEOPLE  # all are listed, and have the number of their call


def test_more_are_written_as_they_leave_and_each_person_is_reached_once(large):
    reached = []
    while tick(large).state != CampaignState.SENT:
        assert 0 < waiting(large).count() <= AHEAD + 1
        reached += make(large, 2)

    assert sorted(reached) == sorted(large.recipients.values_list("phone", flat=True))
    assert len(calls_of(large)) == len(reached) == PEOPLE


def test_it_is_shown_as_being_sent(large, mikko):
    tick(large)

    page = client_of(mikko).get(reverse("campaigns:list"), {"state": "sending"})

    assert [row[0] for row in page.context["rows"]] == [large]
    assert page.context["rows"][0][2].label == "Sending"
    assert page.context["states"] == [(CampaignState.SENDING, 1)]
    assert not client_of(mikko).get(reverse("campaigns:list"), {"state": "planning"}).context["rows"]


def test_what_is_left_tells_of_all_its_calls(large, mikko):
    tick(large)
    pausing.pause(large, by=mikko)

    asked = client_of(mikko).get(reverse("campaigns:resumption", args=[large.pk]))

    assert (asked.context["people"], asked.context["calls"]) == (PEOPLE, PEOPLE)


def test_while_it_is_paused_nothing_more_is_written(large, mikko):
    tick(large)
    make(large, 4)
    pausing.pause(large, by=mikko)

    assert tick(large).batches == 4

    pausing.resume(large, by=mikko)
    assert (tick(large).batches, waiting(large).count()) == (8, 4)


def test_who_says_no_while_others_get_it_is_in_no_call(kahvila, large):
    tick(large)
    last = large.recipients.order_by("-batch").values_list("phone", flat=True)[0]
    suppress(kahvila, phone=last)

    while tick(large).state != CampaignState.SENT:
        make(large, 2)

    assert large.recipients.get(phone=last).state == RecipientState.SKIPPED
    assert last not in chain.from_iterable(map(phones_of, calls_of(large)))


def test_cancelled_nobody_who_is_in_no_call_yet_gets_it(large, mikko):
    tick(large)
    make(large, 1)

    lifecycle.cancel(large, by=mikko)

    states = list(large.recipients.order_by("batch").values_list("state", flat=True))
    assert states == [RecipientState.ACCEPTED] + [RecipientState.SKIPPED] * (PEOPLE - 1)
    assert (tick(large).batches, waiting(large).exists()) == (4, False)


def test_sent_to_the_rest_after_that_each_gets_it_once(large, mikko, settings):
    settings.CAMPAIGN_GRACE = 0
    tick(large)
    make(large, 1)
    lifecycle.cancel(large, by=mikko)

    resending.resend(large, [resending.Missed.REST], by=mikko)
    while tick(large).state != CampaignState.SENT:
        make(large, 2)

    assert set(large.recipients.values_list("state", flat=True)) == {RecipientState.ACCEPTED}
    made = [call for call in calls_of(large) if call.state == "done"]
    assert sorted(chain.from_iterable(map(phones_of, made))) == sorted(
        large.recipients.values_list("phone", flat=True)
    )


def test_one_that_has_outgrown_what_was_agreed_is_held_before_its_turn_comes(large, other_group, mikko):
    """Its hour may be long gone by the time that others have left."""
    tick(large)
    for _ in range(3):
        make_contact(other_group, first_name="Aino")
    small = make_scheduled(other_group, mikko)
    Campaign.objects.filter(pk=small.pk).update(people=1)

    tick(small)

    assert waiting(large).count()
    assert (small.state, calls_of(small)) == (CampaignState.HELD, [])
    assert "for 1 person, and 3 would get it now" in small.held_reason


def test_a_campaign_that_begins_later_is_listed_and_waits_for_its_turn(large, other_group, mikko):
    tick(large)
    make_contact(other_group, first_name="Onni")
    small = make_scheduled(other_group, mikko, name="Small")

    assert (tick(small).recipients.count(), calls_of(small)) == (1, [])
    while tick(large).state == CampaignState.PLANNING:
        assert not calls_of(small)
        make(large, 2)

    tick(small)
    assert [call.payload["number"] for call in calls_of(small)] == [1]
    assert max(waiting(large).values_list("pk", flat=True)) < waiting(small).get().pk


def test_its_own_task_does_not_put_it_before_the_earlier_one(large, other_group, mikko):
    tick(large)
    make(large, 4)  # so that the earlier one is below what is written ahead
    Operation.objects.filter(pk=Operation.objects.order_by("-pk")[0].pk).update(state="waiting")
    make_contact(other_group, first_name="Onni")
    small = make_scheduled(other_group, mikko)

    sending.send_now(small.pk)

    assert not calls_of(small)


@pytest.mark.parametrize("fields", [{"paused_at": timezone.now()}, {"state": CampaignState.HELD}])
def test_it_does_not_wait_for_one_that_stands_still(large, other_group, mikko, fields):
    tick(large)
    Campaign.objects.filter(pk=large.pk).update(**fields)
    make_contact(other_group, first_name="Onni")

    small = tick(make_scheduled(other_group, mikko))

    assert (len(calls_of(small)), small.state) == (1, CampaignState.SENDING)


def test_a_rest_that_is_let_go_comes_after_what_began_before_that(large, other_group, mikko):
    tick(large)
    make_contact(other_group, first_name="Onni")
    small = make_scheduled(other_group, mikko)
    Campaign.objects.filter(pk=large.pk).update(paused_at=timezone.now())
    sending.begin(small)
    let_go = {"rest_begun_at": clock.after(1), "turn_at": clock.after(1)}
    Campaign.objects.filter(pk=large.pk).update(paused_at=None, **let_go)

    sending.enqueue_batches(small.pk)

    assert len(calls_of(small)) == 1


def test_calls_that_wait_for_a_later_hour_keep_nothing_from_being_written(large, other_group, mikko):
    make_contact(other_group, first_name="Onni")
    small = make_scheduled(other_group, mikko)
    for _ in range(3):
        tick(large)
        waiting(large).update(due_at=clock.after(3600))

    assert (large.state, waiting(large).count()) == (CampaignState.SENDING, PEOPLE)
    assert len(calls_of(small)) == 1


def test_another_persons_connection_is_not_kept_waiting(large, other_group, kahvila, aino):
    tick(large)
    make_connection(aino)
    make_contact(other_group, first_name="Onni")

    small = tick(make_scheduled(other_group, aino))

    assert len(calls_of(small)) == 1
    assert Contact.objects.count() == PEOPLE + 1


def test_one_that_is_sent_again_comes_after_what_began_before_that(large, other_group, mikko, settings):
    settings.CAMPAIGN_GRACE = 0
    while tick(large).state != CampaignState.SENT:
        for each in waiting(large):
            refuse(each)
    for _ in range(PEOPLE):
        make_contact(other_group, first_name="Onni")
    second = tick(make_scheduled(other_group, mikko))

    resending.resend(large, [resending.Missed.FAILED], by=mikko)
    while tick(second).state == CampaignState.PLANNING:
        assert not waiting(large).exists()
        make(second, 2)

    assert waiting(tick(large)).exists()


def test_the_earlier_one_comes_first_while_its_people_are_still_listed(large, other_group, mikko):
    sending.begin(large)
    make_contact(other_group, first_name="Onni")
    small = make_scheduled(other_group, mikko)

    sending.send_now(small.pk)  # by another worker

    assert not calls_of(small)


def test_the_earlier_one_comes_first_while_its_next_calls_are_to_be_written(large, other_group, mikko):
    tick(large)
    make(large, AHEAD + 1)  # all that are written
    make_contact(other_group, first_name="Onni")
    small = make_scheduled(other_group, mikko)

    sending.send_now(small.pk)

    assert not calls_of(small)


def test_one_that_cannot_go_on_keeps_nobody_waiting_for_long(large, other_group, mikko, later):
    sending.begin(large)
    make_contact(other_group, first_name="Onni")
    later(16 * 60)
    small = make_scheduled(other_group, mikko)

    sending.send_now(small.pk)

    assert len(calls_of(small)) == 1


def test_the_time_left_counts_the_calls_of_who_comes_first(large, other_group, mikko):
    tick(large)
    make_contact(other_group, first_name="Onni")
    small = tick(make_scheduled(other_group, mikko))

    assert pace_of(small, stats_of(small)).seconds == outbox.seconds_for(PEOPLE + 1)
    assert pace_of(large, stats_of(large)).seconds == outbox.seconds_for(PEOPLE)


def test_the_time_left_counts_no_calls_that_wait_for_another_day(large, other_group, mikko):
    while tick(large).state == CampaignState.PLANNING:
        waiting(large).update(due_at=clock.after(24 * 3600))
    waiting(large).update(due_at=clock.after(24 * 3600))
    make_contact(other_group, first_name="Onni")
    small = tick(make_scheduled(other_group, mikko))

    assert pace_of(small, stats_of(small)).seconds == outbox.seconds_for(1)


def test_sent_again_to_some_the_calls_of_all_others_are_not_told_as_to_come(large, mikko, settings):
    settings.CAMPAIGN_GRACE = 0
    tick(large)
    refuse(calls_of(large)[0])
    make(large, 1)
    lifecycle.cancel(large, by=mikko)

    resending.resend(large, [resending.Missed.FAILED], by=mikko)
    large.refresh_from_db()

    assert large.calls_to_come == 1


def test_another_is_planned_behind_all_that_is_sent_again(large, mikko, settings, connected):
    settings.CAMPAIGN_GRACE = 0
    tick(large)
    lifecycle.cancel(large, by=mikko)
    resending.resend(large, [resending.Missed.REST], by=mikko)

    assert schedule.unwritten_calls(connected) == PEOPLE
