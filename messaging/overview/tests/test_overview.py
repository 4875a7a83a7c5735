"""The first page: what is on it, for whom, at what cost."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import belongings, user_admin
from accounts.models import Role
from contacts.models import Import, ImportState
from gateway.models import (
    Connection,
    ConnectionState,
    HookEvent,
    HookKind,
    HookSubscription,
    OperationState,
    ServiceKind,
    SubscriptionState,
)
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from messaging.inbox import decisions
from messaging.inbox.models import Direction, Message, MessageState, Thread
from messaging.overview.attention import attention_items
from messaging.whatsapp.models import Template, TemplateState
from tests.factories import make_connection, make_contact, make_operation, make_service
from tests.markup import markup
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def connected(mikko):
    return make_connection(mikko)


@pytest.fixture
def lea(kahvila):
    lea = make_person("Lea", Role.MARKETER, kahvila)
    make_connection(lea)
    return lea


@pytest.fixture
def group(kahvila):
    return make_service(kahvila, kind=ServiceKind.GROUP, name="Jäsenet")


@pytest.fixture
def number(kahvila):
    return make_service(kahvila, kind=ServiceKind.TWO_WAY)


def page(person, **headers: str) -> str:
    response = client_of(person).get("/", **headers)
    assert response.status_code == 200
    return markup(response)


def context(person) -> dict:
    return client_of(person).get("/").context


def make_campaign(group, **fields) -> Campaign:
    defaults = {"name": "Joulukampanja", "content": "Hei", "state": CampaignState.SENDING}
    campaign = Campaign.objects.create(customer=group.customer, group=group, **(defaults | fields))
    if campaign.is_under_way or campaign.state == CampaignState.SENT:
        Campaign.objects.filter(pk=campaign.pk).update(begun_at=fields.get("begun_at", timezone.now()))
    return campaign


def make_recipients(campaign: Campaign, *states: RecipientState) -> None:
    first = Recipient.objects.count()
    Recipient.objects.bulk_create(
        Recipient(campaign=campaign, phone=f"+35840{first + number:07}", state=state)
        for number, state in enumerate(states)
    )


def make_thread(number, **fields) -> Thread:
    """It waits for an answer."""
    defaults = {
        "address": f"+35850{Thread.objects.count():07}",
        "last_message_at": timezone.now(),
        "unanswered_since": timezone.now(),
    }
    return Thread.objects.create(customer=number.customer, service=number, **(defaults | fields))


def make_message(thread: Thread, **fields) -> Message:
    defaults = {"direction": Direction.IN, "content": "Hei", "at": timezone.now()}
    return Message.objects.create(thread=thread, **(defaults | fields))


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


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (ConnectionState.RECONNECT, "Your SmartDialog sign-in has ended"),
        (ConnectionState.PAUSED, "Your calls are paused"),
    ],
)
def test_a_connection_that_rests_needs_its_person(connected, kahvila, mikko, state, title):
    connected.state = state
    connected.save()

    assert title in page(mikko)


def test_one_who_never_connected_is_asked_to(kahvila, mikko):
    assert "You are not connected to SmartDialog" in page(mikko)


def test_newcomers_wait_for_admins_only(nina, aino, mikko):
    assert "1 person waits for your approval" in page(aino)
    assert "for your approval" not in page(mikko)


def test_what_needs_somebody_is_listed_each_with_its_way(connected, group, number, mikko):
    held = make_campaign(group, state=CampaignState.HELD, held_reason="The group is empty.")
    thread = make_thread(number, unanswered_since=None)
    make_message(thread, direction=Direction.OUT, state=MessageState.FAILED, error_text="No such number.")
    Template.objects.create(customer=group.customer, state=TemplateState.FAILED)
    job = Import.objects.create(
        group=group, original_name="a.csv", stored_name="a", state=ImportState.CHECKED, created_by=mikko
    )

    urls = [item.url for item in context(mikko)["attention"]]

    assert urls == [
        reverse("campaigns:campaign", args=[held.pk]),
        reverse("inbox:thread", args=[thread.pk]),
        reverse("whatsapp:list"),
        reverse("contacts:import_page", args=[job.pk]),
    ]
    assert "No such number." in page(mikko)


def test_a_campaign_that_stood_still_says_why_and_that_it_is_paused(connected, group, mikko):
    campaign = make_campaign(group, paused_at=timezone.now(), pause_reason="It stood still for two hours.")
    make_recipients(campaign, RecipientState.PLANNED)

    words = page(mikko)

    assert f"{campaign} is paused" in words
    assert "It stood still for two hours." in words
    assert "Preparing" not in words


def test_admins_are_told_whose_work_is_held_and_others_are_not(connected, group, mikko, aino, lea):
    make_operation(connected, customer=group.customer)
    assert "What Mikko began" not in page(aino)

    user_admin.set_active(mikko, active=False, by=aino)
    assert "What Mikko began is held" in page(aino)
    assert "What Mikko began" not in page(lea)

    belongings.hand_over(mikko, to=lea, by=aino)
    assert "What Mikko began" not in page(aino)


def test_an_answer_that_may_have_been_sent_says_so_until_it_is_sent_anew(connected, number, mikko):
    message = make_message(make_thread(number), direction=Direction.OUT, state=MessageState.UNCERTAIN)
    assert "may have been sent" in page(mikko)

    Message.objects.filter(pk=message.pk).update(tried_again=True)
    assert "may have been sent" not in page(mikko)


def test_failures_of_one_thread_do_not_hide_those_of_others(connected, number, mikko):
    failed = {"direction": Direction.OUT, "state": MessageState.FAILED}
    for each in [make_thread(number, address=f"+35840111111{digit}") for digit in range(7)]:
        make_message(each, **failed)
    for _ in range(30):
        make_message(Thread.objects.get(address="+358401111111"), **failed)

    words = page(mikko)

    assert words.count("did not arrive") == 6
    assert "31 answers to +358 40 1111111 did not arrive" in words
    assert "Answers to 2 more people did not arrive" in words


def test_what_a_person_has_dismissed_needs_nobody(connected, number, mikko):
    message = make_message(make_thread(number), direction=Direction.OUT, state=MessageState.FAILED)
    assert "An answer to" in page(mikko)

    decisions.dismiss(message, by=mikko)
    assert "An answer to" not in page(mikko)


def test_failed_calls_are_counted_and_those_of_answers_are_not_counted_twice(connected, kahvila, mikko):
    make_operation(connected, customer=kahvila, state=OperationState.FAILED)
    make_operation(connected, customer=kahvila, state=OperationState.FAILED, kind="inbox.reply")
    make_operation(connected, customer=kahvila, state=OperationState.UNKNOWN)

    words = page(mikko)

    assert "1 call failed" in words
    assert "1 change may not have reached SmartDialog" in words


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


def test_a_long_wait_that_smartdialog_asks_for_is_told(mikko, connected):
    words = "SmartDialog takes no calls before 26 November 12:00."
    for minutes, told in ((16, [words]), (14, [])):
        until = timezone.now() + timedelta(minutes=minutes)
        Connection.objects.update(blocked_until=until, consecutive_failures=1, last_failure_text=words)

        assert [item.text for item in attention_items(mikko, None)] == told


@pytest.mark.parametrize("state", [SubscriptionState.REVOKED, SubscriptionState.FAILED])
def test_messages_that_no_longer_arrive_are_told_until_they_do(mikko, kahvila, number, connected, state):
    hook = {"customer": kahvila, "service": number, "kind": HookKind.INBOUND}
    HookSubscription.objects.create(**hook, state=state, digest="a")
    assert f"Messages to {number} do not arrive" in [each.title for each in attention_items(mikko, kahvila)]

    HookSubscription.objects.create(**hook, state=SubscriptionState.ACTIVE, digest="b")

    assert not attention_items(mikko, kahvila)


def test_an_admin_is_told_that_no_delivery_report_ever_came(kahvila, mikko, aino, connected, settings):
    settings.PUBLIC_URL = "https://messages.example.com"
    campaign = sent_campaign(kahvila, ago=timedelta(hours=2), people=5)

    [item] = [each for each in attention_items(aino, kahvila) if "No delivery report" in each.title]
    assert item.title == f"No delivery report came for {campaign}"
    assert "https://messages.example.com/hooks/" in item.text
    assert not any("No delivery report" in each.title for each in attention_items(mikko, kahvila))


@pytest.mark.parametrize(
    ("ago", "people", "reported"),
    [
        (timedelta(minutes=50), 5, False),
        (timedelta(days=8), 5, False),
        (timedelta(hours=2), 4, False),  # their phones may be off
        (timedelta(hours=2), 5, True),
    ],
)
def test_silence_that_may_be_nothing_is_not_told(kahvila, aino, ago, people, reported):
    sent_campaign(kahvila, ago=ago, people=people)
    if reported:
        subscription = HookSubscription.objects.create(
            customer=kahvila, kind=HookKind.DELIVERY, secret="s", digest="d"
        )
        HookEvent.objects.create(subscription=subscription)

    assert not any("No delivery report" in each.title for each in attention_items(aino, kahvila))


def sent_campaign(customer, *, ago: timedelta, people: int) -> Campaign:
    when = timezone.now() - ago
    group = make_service(customer=customer, kind=ServiceKind.GROUP)
    campaign = make_campaign(group, state=CampaignState.SENT, begun_at=when, finished_at=when)
    for number in range(people):
        Recipient.objects.create(
            campaign=campaign, phone=f"+35840000000{number}", state=RecipientState.ACCEPTED
        )
    return campaign
