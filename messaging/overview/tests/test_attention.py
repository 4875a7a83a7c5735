"""What needs a person, told to whom it needs, and until it is done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.people import offboarding, user_admin
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
from messaging.inbox.models import Direction, Message, MessageState, Thread
from messaging.inbox.replies import decisions
from messaging.inbox.team import notes
from messaging.overview.attention import attention_items
from messaging.overview.tests.first_page import (
    context,
    make_campaign,
    make_message,
    make_recipients,
    make_thread,
    page,
)
from messaging.whatsapp.models import Template, TemplateState
from tests.factories import make_operation, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (ConnectionState.RECONNECT, "Your SmartDialog sign-in has ended"),
        (ConnectionState.PAUSED, "Your sending is paused"),
    ],
)
def test_a_connection_that_rests_needs_its_person(connected, kahvila, mikko, state, title):
    connected.state = state
    connected.save()

    assert title in page(mikko)


def test_one_who_never_connected_is_asked_to(kahvila, mikko):
    assert "You are not connected to SmartDialog" in page(mikko)


def test_who_is_mentioned_is_told_until_they_have_looked(connected, number, kahvila, mikko, aino):
    thread = make_thread(number)
    notes.write(thread, f"@{mikko} katso", by=aino)
    assert "1 note mentions you" in page(mikko)
    assert "mentions you" not in page(aino)

    notes.see(thread, by=mikko)

    assert "mentions you" not in page(mikko)


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

    offboarding.hand_over(mikko, to=lea, by=aino)
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
    assert "/inbox/?show=failed" in words


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


def test_a_long_wait_that_smartdialog_asks_for_is_told(mikko, connected):
    words = "SmartDialog takes no calls before 26 November 12:00."
    for minutes, told in ((16, [words]), (14, [])):
        until = timezone.now() + timedelta(minutes=minutes)
        Connection.objects.update(blocked_until=until, consecutive_failures=1, last_failure_text=words)

        assert [item.text for item in attention_items(mikko, None)] == told


def test_what_goes_wrong_with_calls_is_told_in_its_own_words_and_nobody_is_said_to_be_silent(
    mikko, connected
):
    words = "SmartDialog answered in a way we could not read."
    Connection.objects.update(consecutive_failures=2, last_failure_text=words)

    [told] = attention_items(mikko, None)

    assert (told.title, told.text) == ("Calls to SmartDialog fail", words)


@pytest.mark.parametrize("state", [SubscriptionState.REVOKED, SubscriptionState.FAILED])
def test_messages_that_no_longer_arrive_are_told_until_they_do(mikko, kahvila, number, connected, state):
    hook = {"customer": kahvila, "service": number, "kind": HookKind.INBOUND}
    HookSubscription.objects.create(**hook, state=state, digest="a")
    assert f"Messages to {number} do not arrive" in [each.title for each in attention_items(mikko, kahvila)]

    HookSubscription.objects.create(**hook, state=SubscriptionState.ACTIVE, digest="b")

    assert not attention_items(mikko, kahvila)


def test_messages_that_were_asked_for_and_never_confirmed_are_told(mikko, kahvila, number, connected):
    hook = HookSubscription.objects.create(
        customer=kahvila, service=number, kind=HookKind.INBOUND, state=SubscriptionState.ASKED, digest="a"
    )
    assert not attention_items(mikko, kahvila)

    HookSubscription.objects.filter(pk=hook.pk).update(created_at=timezone.now() - timedelta(hours=2))

    assert f"Messages to {number} do not arrive yet" in [
        each.title for each in attention_items(mikko, kahvila)
    ]


def test_messages_that_nobody_ever_asked_for_are_told_once_somebody_is_written_to(
    mikko, kahvila, number, group, connected
):
    title = f"Messages to {number} were never asked for"
    assert title not in page(mikko)
    [step] = [each for each in context(mikko)["steps"] if each.title == "Receive messages"]
    assert not step.is_done

    make_campaign(group)

    assert title in page(mikko)


def test_the_way_to_more_failed_answers_is_a_list_of_nothing_else(connected, number, mikko):
    failed, fine = make_thread(number), make_thread(number)
    make_message(failed, direction=Direction.OUT, state=MessageState.FAILED)
    make_message(fine, direction=Direction.OUT, state=MessageState.SENT)

    listed = client_of(mikko).get("/inbox/?show=failed")

    assert [row.thread for row in listed.context["page"].rows] == [failed]
    assert "Not delivered" in markup(listed)
    assert client_of(mikko).get("/inbox/?show=all").content.decode().count("thread__failed") == 1
    decisions.dismiss(Message.objects.get(thread=failed), by=mikko)
    assert not client_of(mikko).get("/inbox/?show=failed").context["page"].rows


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


def test_a_message_that_could_not_be_read_is_told_to_everybody(kahvila, aino, mikko):
    hook = HookSubscription.objects.create(
        customer=kahvila,
        service=make_service(kahvila, kind=ServiceKind.TWO_WAY),
        kind=HookKind.INBOUND,
        secret="s",
        digest="d",
    )
    for state in ("quarantined", "failed", "done"):
        HookEvent.objects.create(subscription=hook, body=b"x", state=state)

    assert title_of_unread(aino, kahvila) == title_of_unread(mikko, kahvila) == ["2 messages"]


def title_of_unread(user, customer) -> list[str]:
    titles = [each.title for each in attention_items(user, customer)]
    return [
        title.partition(" from people")[0] for title in titles if "from people could not be read" in title
    ]


def sent_campaign(customer, *, ago: timedelta, people: int) -> Campaign:
    when = timezone.now() - ago
    group = make_service(customer=customer, kind=ServiceKind.GROUP)
    campaign = make_campaign(group, state=CampaignState.SENT, begun_at=when, finished_at=when)
    for number in range(people):
        Recipient.objects.create(
            campaign=campaign, phone=f"+35840000000{number}", state=RecipientState.ACCEPTED
        )
    return campaign
