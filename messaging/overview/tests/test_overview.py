"""The first page: what is on it, for whom, at what cost."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.campaigns.models import CampaignState, RecipientState
from messaging.inbox.models import Direction, MessageState
from messaging.overview.tests.first_page import (
    HTMX,
    context,
    make_campaign,
    make_message,
    make_recipients,
    make_thread,
    page,
)
from tests.factories import make_contact
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_a_newcomer_is_led_to_a_first_campaign(connected, kahvila, mikko):
    words = page(mikko)

    for step in ["Import your contacts", "Write a WhatsApp template", "Send your first campaign"]:
        assert step in words
    assert "Nothing is being sent." not in words


def test_a_step_that_is_done_says_so_and_the_steps_end_with_a_campaign(connected, group, mikko):
    make_contact(group)
    assert [step.is_done for step in context(mikko)["steps"]] == [True, False, False]

    make_campaign(group)
    assert context(mikko)["steps"] == []


def test_a_viewer_sees_the_steps_and_presses_none(group, vera):
    words = page(vera)

    assert "Import your contacts" in words
    assert "Choose a group" not in words
    assert reverse("campaigns:new") not in words


def test_one_without_customers_is_told_where_they_come_from(connected, mikko):
    mikko.customers.clear()

    assert "No customer yet" in page(mikko)


def test_a_stranger_sees_nothing_of_it(group, number, otto):
    make_campaign(group, state=CampaignState.HELD, held_reason="Canary")
    make_message(make_thread(number, last_text="Canary"), state=MessageState.FAILED, error_text="Canary")
    make_recipients(make_campaign(group, name="Canary"), RecipientState.DELIVERED)

    words = page(otto)

    assert "Canary" not in words
    assert "Last 14 days" not in words


def test_what_is_being_sent_shows_how_far_it_is(connected, group, mikko):
    states = [RecipientState.PLANNED, RecipientState.ACCEPTED, RecipientState.FAILED]
    make_recipients(make_campaign(group), *states)

    assert "2 of 3" in page(mikko)


def test_what_goes_out_until_tomorrow_ends_is_listed_in_order(connected, group, mikko):
    today = timezone.localtime(timezone=ZoneInfo(mikko.time_zone))
    tomorrow = today.replace(hour=23, minute=59) + timedelta(days=1)
    for name, at in [("Late", tomorrow), ("Soon", timezone.now()), ("Far", tomorrow + timedelta(minutes=2))]:
        make_campaign(group, name=name, state=CampaignState.SCHEDULED, send_at=at)

    assert [campaign.name for campaign in context(mikko)["upcoming"]] == ["Soon", "Late"]


def test_who_wrote_and_was_not_read_is_shown_by_name(connected, group, number, mikko):
    make_contact(group, phone="+358401111111", first_name="Anna", last_name="Aalto")
    make_thread(number, address="+358401111111", last_text="Milloin avaatte?")
    make_thread(number, unanswered_since=None, last_text="Luettu jo")

    words = page(mikko)

    assert "Anna Aalto" in words
    assert "Milloin avaatte?" in words
    assert "Luettu jo" not in words


def test_all_waiting_threads_are_a_link_away(connected, number, mikko):
    for _ in range(8):
        make_thread(number)

    assert "All 8 that wait" in page(mikko)


def test_fourteen_days_are_drawn_and_said(connected, group, number, mikko):
    now = timezone.now()
    states = [
        RecipientState.ACCEPTED,
        RecipientState.DELIVERED,
        RecipientState.DELIVERED,
        RecipientState.FAILED,
    ]
    make_recipients(make_campaign(group, state=CampaignState.SENT), *states)
    make_recipients(make_campaign(group, begun_at=now - timedelta(days=20)), RecipientState.DELIVERED)
    make_message(make_thread(number))
    make_message(make_thread(number), direction=Direction.OUT)

    bars = context(mikko)["chart"].bars

    today = bars[-1].day
    assert len(bars) == 14
    assert (today.sent, today.delivered, today.failed, today.answered) == (3, 2, 1, 1)
    assert sum(bar.day.total for bar in bars) == 4
    assert (bars[-1].delivered, bars[-1].sent, bars[-1].failed) == (50, 25, 25)
    assert '<th scope="row">' in page(mikko)


def test_days_are_those_of_the_persons_own_clock(connected, number, mikko):
    mikko.time_zone = "Pacific/Kiritimati"
    mikko.save()
    make_message(make_thread(number))

    day = context(mikko)["chart"].bars[-1].day

    assert day.answered == 1
    assert day.date == timezone.localdate(timezone=ZoneInfo("Pacific/Kiritimati"))


def test_for_htmx_the_changing_part_comes_alone_with_the_rails_number(connected, number, mikko):
    make_thread(number)

    part = page(mikko, **HTMX)

    assert "overview__live" not in part
    assert 'id="unanswered" hx-swap-oob="true">1<' in part
    assert "<html" not in part


def test_a_page_that_looks_again_asks_nothing_for_a_chart_that_it_does_not_show(connected, number, mikko):
    make_thread(number)
    client = client_of(mikko)

    with CaptureQueriesContext(database) as part:
        client.get(reverse("overview"), **HTMX)
    with CaptureQueriesContext(database) as whole:
        client.get(reverse("overview"))

    assert [each["sql"] for each in whole if 'AS "day"' in each["sql"]]
    assert not [each["sql"] for each in part if 'AS "day"' in each["sql"]]


def test_it_takes_as_many_queries_when_full_as_when_nearly_empty(connected, group, number, mikko):
    def fill(times: int) -> None:
        for _ in range(times):
            make_recipients(make_campaign(group), RecipientState.PLANNED, RecipientState.DELIVERED)
            make_campaign(group, state=CampaignState.SCHEDULED, send_at=timezone.now())
            make_campaign(group, state=CampaignState.HELD)
            make_message(make_thread(number), direction=Direction.OUT, state=MessageState.FAILED)

    fill(1)
    few = queries(mikko)
    fill(6)

    assert queries(mikko) == few


def queries(person) -> int:
    browser = client_of(person)
    with CaptureQueriesContext(database) as captured:
        assert browser.get("/").status_code == 200
    return len(captured)
