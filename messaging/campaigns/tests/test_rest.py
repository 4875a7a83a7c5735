"""Nobody gets marketing again within so many days: they are left out, or get it on a later day, as chosen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gateway import clock
from gateway.models import Service
from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.quiet_days import Rest
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignRules, Recipient
from messaging.campaigns.tasks import advance_campaigns
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign, make_scheduled, make_template
from messaging.campaigns.tests.test_last_look import ANTON, MAIJA, claimed, numbers
from tests.factories import make_contact, make_service
from tests.later import later as later
from tests.people import client_of

WEEK = "Got marketing less than 7 days before"


def reach_before(
    group: Service, by, phone: str, *, days: int, state: str = "accepted", **fields: Any
) -> None:
    """An earlier campaign reached them."""
    earlier = make_campaign(group, by, state="sent", **fields)
    at = timezone.now() - timedelta(days=days)
    Recipient.objects.create(campaign=earlier, phone=phone, state=state, settled_at=at)


def left_out(campaign: Campaign) -> dict[str, int]:
    found = audience.count_audience(Reach.of(campaign), campaign.wording).left_out
    return {reason: number for reason, number in found.items() if "marketing" in reason}


@pytest.mark.parametrize("state", ["accepted", "delivered", "uncertain"])
def test_whom_marketing_reached_or_may_have_is_counted_left_out_and_told_so(
    group, people, connected, mikko, state
):
    reach_before(group, mikko, MAIJA, days=3, state=state)
    campaign = make_scheduled(group, mikko, rest_days=7)

    assert left_out(campaign) == {WEEK: 1}
    sending.send_now(campaign.pk)

    maija = campaign.recipients.get(phone=MAIJA)
    assert (maija.state, maija.reason) == ("skipped", WEEK)
    assert numbers(claimed(connected)) == [ANTON]


@pytest.mark.parametrize(
    ("before", "because"),
    [
        ({"days": 7}, "the same weekday a week later"),
        ({"days": 3, "state": "failed"}, "it did not reach them"),
        ({"days": 3, "state": "skipped"}, "they were left out"),
        ({"days": 3, "ad_message": False}, "it was no marketing"),
    ],
)
def test_nobody_rests_from_what_did_not_reach_them_as_marketing(group, people, mikko, before, because):
    reach_before(group, mikko, MAIJA, **before)

    assert left_out(make_campaign(group, mikko, rest_days=7)) == {}, because


@pytest.mark.parametrize(("category", "counts"), [("MARKETING", True), ("", True), ("Utility", False)])
def test_a_template_counts_as_marketing_unless_its_category_says_otherwise(
    group, people, mikko, category, counts
):
    template = make_template(group.customer, category=category)
    reach_before(group, mikko, MAIJA, days=3, channel="whatsapp", template=template)

    assert bool(left_out(make_campaign(group, mikko, rest_days=7))) is counts


def test_the_rule_of_the_customer_holds_for_marketing_and_the_longer_of_the_two(
    group, people, mikko, kahvila
):
    CampaignRules.objects.create(customer=kahvila, rest_days=7)
    reach_before(group, mikko, MAIJA, days=5)

    assert left_out(make_campaign(group, mikko)) == {WEEK: 1}
    assert left_out(make_campaign(group, mikko, rest_days=2)) == {WEEK: 1}
    assert left_out(make_campaign(group, mikko, ad_message=False)) == {}


def test_another_customers_campaign_keeps_nobody_from_ours(group, people, mikko, trattoria):
    reach_before(make_service(trattoria, kind="group"), mikko, MAIJA, days=1)

    assert left_out(make_campaign(group, mikko, rest_days=7)) == {}


def test_the_person_counts_over_the_spellings_of_their_number(group, people, mikko):
    make_contact(group, phone="+525512345678", first_name="Ana")
    reach_before(group, mikko, "+5215512345678", days=1)

    assert left_out(make_campaign(group, mikko, rest_days=7)) == {WEEK: 1}


def test_of_two_due_at_one_hour_the_second_sees_the_first(group, people, connected, mikko, later):
    """Each person gets one of them: nothing of the first has left when the second lists its people."""
    at = clock.now() + timedelta(hours=2)
    first = make_scheduled(group, mikko, rest_days=1, send_at=at, zone="UTC")
    second = make_scheduled(group, mikko, rest_days=1, send_at=at, zone="UTC")
    later(2 * 3600 + 1)

    advance_campaigns()

    assert first.recipients.filter(state="planned").count() == 2
    assert second.recipients.filter(state="planned").count() == 0
    assert second.recipients.filter(reason="Got marketing that day").count() == 2


def test_of_two_that_listed_each_other_the_first_has_them_and_the_other_sees_it_before_its_call(
    group, people, connected, mikko
):
    """As if both had listed at the same moment: neither has seen the other yet."""
    first = make_scheduled(group, mikko)
    second = make_scheduled(group, mikko)
    for each in (first, second):
        sending.send_now(each.pk)
    Campaign.objects.update(rest_days=7)

    assert numbers(claimed(connected)) == [MAIJA, ANTON]
    [call] = calls_of(first)
    answer(call)

    assert claimed(connected) is None
    assert second.recipients.filter(reason=WEEK, state="skipped").count() == 2


def test_who_has_to_rest_gets_it_at_that_time_of_a_later_day(group, people, connected, mikko, later):
    reach_before(group, mikko, MAIJA, days=5)
    campaign = make_scheduled(group, mikko, rest_days=7, too_soon="wait")
    assert left_out(campaign) == {}

    sending.send_now(campaign.pk)

    assert numbers(claimed(connected)) == [ANTON]
    assert claimed(connected) is None
    waiting = next(call for call in calls_of(campaign) if call.state == "waiting")
    assert waiting.due_at - clock.now() > timedelta(days=1, hours=23)
    later(2 * 86_400 + 60)
    assert numbers(claimed(connected)) == [MAIJA]


def test_whom_other_marketing_reaches_while_their_call_waits_waits_once_more(
    group, people, connected, mikko, later
):
    campaign = make_scheduled(group, mikko, rest_days=2, too_soon="wait")
    sending.send_now(campaign.pk)
    reach_before(group, mikko, MAIJA, days=0)

    assert numbers(claimed(connected)) == [ANTON]
    maija = campaign.recipients.get(phone=MAIJA)
    assert (maija.state, maija.batch) == ("planned", None)

    advance_campaigns()
    assert claimed(connected) is None
    later(2 * 86_400 + 60)
    assert numbers(claimed(connected)) == [MAIJA]


def test_the_check_says_how_many_are_left_out_and_how_many_get_it_later(group, people, mikko, connected):
    reach_before(group, mikko, MAIJA, days=5)
    campaign = make_campaign(group, mikko, rest_days=7)
    url = reverse("campaigns:edit", args=[campaign.pk])

    assert dict(client_of(mikko).get(url).context["summary"].left_out)[WEEK] == 1
    Campaign.objects.update(too_soon="wait")
    summary = client_of(mikko).get(url).context["summary"]
    assert (summary.waiting, summary.people) == (1, 2)


def test_the_late_look_asks_once_for_a_whole_call(
    group, people, connected, mikko, django_assert_max_num_queries
):
    rest = Rest(group.customer_id, 7, UTC, besides=None)

    with django_assert_max_num_queries(1):
        rest.reached([f"+35840{number:07}" for number in range(500)], at=clock.now())


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.integers(1, 30),
)
def test_the_first_day_after_resting_is_the_first_on_which_they_have_rested(moment, ago, days):
    rest, reached_at = Rest(1, days, UTC, besides=None), moment - ago

    found = rest.first_after(reached_at, moment)

    assert found.timetz() == moment.timetz()
    assert found >= moment
    assert (found.date() - reached_at.date()).days >= days
    assert found == moment or (found.date() - reached_at.date()).days == days


@pytest.mark.parametrize(("wording", "expected"), [(0, {}), (1, {WEEK: 1})])
def test_of_texts_that_are_tried_the_one_that_is_marketing_counts(
    group, kahvila, people, mikko, wording, expected
):
    service, marketing = (make_template(kahvila, category=each) for each in ("UTILITY", "MARKETING"))
    more = [{"content": "", "fallbacks": {}, "template": marketing.pk, "parameters": []}]
    reach_before(group, mikko, MAIJA, days=3, channel="whatsapp", template=service, more_texts=more)
    Recipient.objects.update(wording=wording)

    assert left_out(make_campaign(group, mikko, rest_days=7)) == expected
