"""A campaign that goes to some first, where not everybody can have it at that moment."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from gateway import clock
from messaging.campaigns.composing.stages_form import NO_OWN_TIME
from messaging.campaigns.composing.unfinished import lacks
from messaging.campaigns.dispatch import sending, stages
from messaging.campaigns.models import FIRST, REST, Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled, post, press
from messaging.campaigns.tests.conftest import text as further
from messaging.campaigns.tests.stages import HOUR, advance, called, now_of
from messaging.campaigns.tests.test_last_look import claimed, numbers
from messaging.campaigns.tests.test_rest import reach_before
from tests.factories import make_contact
from tests.later import later as later
from tests.people import client_of

RESTING = {"rest_days": 7, "too_soon": "wait"}
OWN = {"when": "later", "date": date.today() + timedelta(days=3), "time": "09:00", "own_time": "on"}


def test_who_has_to_rest_is_not_among_the_first_and_holds_up_nobody(group, ten, connected, mikko, later):
    for phone in ten[:7]:
        reach_before(group, mikko, phone, days=1)
    campaign = make_scheduled(group, mikko, **RESTING, first_share=50, wait_minutes=60)

    waiting = advance(campaign)

    first = campaign.recipients.filter(stage=FIRST)
    assert set(first.values_list("phone", flat=True)) == set(ten[7:]) == set(called(campaign))
    assert waiting.is_waiting_for_rest
    later(HOUR + 10)
    sending.advance_campaigns()
    sending.advance_campaigns()
    later(7 * 24 * HOUR)
    advance(campaign)
    assert all(number == 1 for number in called(campaign).values())
    assert set(called(campaign)) == set(ten)


@pytest.mark.parametrize("more_texts", [[], [further("Moi!")]])
def test_whom_other_marketing_reaches_before_their_call_joins_the_rest(
    group, ten, connected, mikko, later, more_texts
):
    campaign = make_scheduled(
        group, mikko, **RESTING, first_share=50, wait_minutes=60, more_texts=more_texts, first_if_unclear=True
    )
    sending.send_now(campaign.pk)
    reached = campaign.recipients.filter(stage=FIRST).values_list("phone", flat=True)[0]
    reach_before(group, mikko, reached, days=0)

    while call := claimed(connected):
        assert reached not in numbers(call)
        type(call).objects.filter(pk=call.pk).update(state="done")
    campaign.recipients.filter(stage=FIRST).update(state="accepted")

    assert advance(campaign).is_waiting_for_rest
    put_off = campaign.recipients.get(phone=reached)
    assert (put_off.stage, put_off.state) == (REST, "planned")
    later(HOUR + 10)
    sending.advance_campaigns()
    assert [call.due_at > clock.after(86_400) for call in calls_of(campaign) if reached in numbers(call)][-1]


def test_a_time_of_their_own_and_some_first_are_not_chosen_together(filled, mikko):
    staged = {**filled, **OWN, "first_share": "20", "wait_minutes": "60"}

    assert NO_OWN_TIME in post(mikko, staged, action="send").content.decode()
    assert not Campaign.objects.exclude(state="draft").exists()
    press(mikko, {**staged, "when": "now"})
    assert Campaign.objects.get().state == CampaignState.SCHEDULED


def test_a_draft_with_both_is_sent_neither_from_its_count_nor_to_come_again(group, people, connected, mikko):
    fields = {"own_time": True, "send_at": clock.after(86_400), "zone": "Europe/Helsinki"}
    campaign = make_campaign(group, mikko, **fields, first_share=50, wait_minutes=60)

    assert lacks(campaign) == NO_OWN_TIME
    counted = client_of(mikko).post(reverse("campaigns:count", args=[campaign.pk]), follow=True)
    assert NO_OWN_TIME in counted.content.decode()
    again = client_of(mikko).get(reverse("campaigns:repeats", args=[campaign.pk]), follow=True)
    assert NO_OWN_TIME in again.content.decode()
    campaign.own_time = False
    assert lacks(campaign) == ""


def test_one_that_was_scheduled_with_both_is_held(group, people, connected, mikko):
    make_contact(group, phone="+819012345678", first_name="Yuki")
    campaign = make_scheduled(
        group, mikko, own_time=True, send_at=clock.after(86_400), zone="Europe/Helsinki"
    )
    Campaign.objects.update(first_share=50, wait_minutes=60, begins_at=clock.now())

    sending.advance_campaigns()

    held = now_of(campaign)
    assert (held.state, "give up one of the two" in held.held_reason) == (CampaignState.HELD, True)
    assert stages.waiting(held).count() == 0
