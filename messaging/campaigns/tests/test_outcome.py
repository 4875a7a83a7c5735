"""The result of a campaign: its numbers, who is behind them, when they got it, and all of it as a file."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from contacts.models import Suppression
from gateway.models import ServiceKind
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from messaging.campaigns.outcome import recipient_counts, responses
from messaging.campaigns.outcome.delivery_curve import delivery_curve, kept_curve
from messaging.campaigns.outcome.delivery_stats import stats_of, status_badge
from messaging.campaigns.outcome.reasons import in_words
from messaging.campaigns.reporting.delivery_reports import TWICE
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.opt_outs.intents import Intent
from tests.factories import make_service, suppress
from tests.people import client_of


@pytest.fixture
def sent(sending_now) -> Campaign:
    """Maija and Anton have it; Nimetön was left out, as were two more."""
    answer(calls_of(sending_now)[0])
    sending_now.recipients.filter(state=RecipientState.ACCEPTED).update(
        state=RecipientState.DELIVERED, settled_at=timezone.now() + timedelta(minutes=2)
    )
    sending_now.refresh_from_db()
    return sending_now


def page_of(campaign: Campaign, query: str = "") -> str:
    return reverse("campaigns:campaign", args=[campaign.pk]) + query


def write(campaign: Campaign, phone: str, *, at=None, intent: str = "") -> None:
    service = make_service(campaign.customer, kind=ServiceKind.TWO_WAY)
    at = at or timezone.now() + timedelta(minutes=5)
    thread = Thread.objects.create(
        customer=campaign.customer, service=service, address=phone, last_message_at=at
    )
    thread.messages.create(direction=Direction.IN, content="Kiitos!", at=at, intent=intent)


def shown(campaign: Campaign, user, query: str) -> list[str]:
    page = client_of(user).get(page_of(campaign, query)).context["page"]
    return sorted(each.phone for each in page.rows)


def test_who_wrote_after_it_has_answered_and_who_wrote_stop_has_not(sent, people):
    write(sent, people[0].phone)
    write(sent, people[1].phone, intent=Intent.STOP)
    write(sent, people[2].phone)  # who was left out

    assert [each.phone for each in responses.answered(sent)] == [people[0].phone]


def test_an_answer_before_it_or_long_after_it_is_none(sent, people):
    write(sent, people[0].phone, at=sent.begun_at - timedelta(minutes=1))
    write(sent, people[1].phone, at=sent.begun_at + timedelta(days=responses.DAYS, minutes=1))

    assert responses.of(sent) == responses.Responses(answered=0, opted_out=0)


def test_a_message_to_another_customer_answers_nothing(sent, people, trattoria):
    other = make_service(trattoria, kind=ServiceKind.TWO_WAY)
    at = timezone.now()
    thread = Thread.objects.create(
        customer=trattoria, service=other, address=people[0].phone, last_message_at=at
    )
    Message.objects.create(thread=thread, direction=Direction.IN, content="Ciao", at=at)

    assert not responses.answered(sent).exists()


def test_many_campaigns_count_what_each_counts_by_itself(sent, people, group, mikko):
    later = sent.begun_at + timedelta(days=3)
    second = make_campaign(group, mikko, state="sent", begun_at=later, send_at=later + timedelta(hours=1))
    none = make_campaign(group, mikko, state="sent", begun_at=later)
    second.recipients.create(phone=people[0].phone, state=RecipientState.DELIVERED)
    second.recipients.create(phone=people[1].phone, state=RecipientState.FAILED)
    write(sent, people[0].phone, at=second.send_at)  # in the days of both
    write(sent, people[1].phone, at=second.send_at + timedelta(microseconds=1))
    write(sent, people[2].phone, at=sent.begun_at + timedelta(days=responses.DAYS))
    suppress(sent.customer, phone=people[0].phone)
    Suppression.objects.update(since=second.send_at - timedelta(seconds=1))

    campaigns = [sent, second, none]
    found = responses.of_many(sent.customer, campaigns)

    assert found == {each.pk: responses.of(each) for each in campaigns}
    assert [(each.answered, each.opted_out) for each in found.values()] == [(2, 1), (1, 0), (0, 0)]


def test_who_opts_out_after_it_counts_once_and_is_shown(sent, people, mikko):
    suppress(sent.customer, phone=people[0].phone)

    assert responses.of(sent).opted_out == 1
    assert shown(sent, mikko, "?state=opted_out") == [people[0].phone]


def test_the_figures_say_how_many_of_whom(sent, people, mikko):
    sent.recipients.filter(phone=people[1].phone).update(state=RecipientState.FAILED, reason="No")
    write(sent, people[0].phone)

    found = client_of(mikko).get(page_of(sent)).context["figures"]

    assert [(each.label, each.number, each.note.partition(",")[0]) for each in found] == [
        ("Delivered", 1, "50 % of 2"),
        ("Failed", 1, "50 %"),
        ("Answered", 1, "50 %"),
        ("Opted out", 0, "0 %"),
    ]


def test_people_are_found_by_name_and_by_any_part_of_their_number(sent, people, mikko):
    assert shown(sent, mikko, "?q=meikä") == [people[0].phone]
    assert shown(sent, mikko, "?q=0400 000 002") == [people[1].phone]
    assert shown(sent, mikko, "?q=0002") == [people[1].phone]
    assert shown(sent, mikko, "?q=nobody") == []


def test_each_reason_is_a_filter_in_words_with_the_code_behind(sent, people, mikko):
    kept = "It could not be delivered (AbsentSubscriber)."
    sent.recipients.filter(phone=people[1].phone).update(state=RecipientState.FAILED, reason=kept)

    answered = client_of(mikko).get(page_of(sent, f"?reason={kept}"))

    assert [each.phone for each in answered.context["page"].rows] == [people[1].phone]
    assert "The phone was off or out of reach." in answered.content.decode()
    assert 'title="AbsentSubscriber"' in answered.content.decode()


@pytest.mark.parametrize(
    ("kept", "words", "code"),
    [
        ("It could not be delivered (E42).", "It could not be delivered.", "E42"),
        ("The network rejected it.", "The network rejected it.", ""),
        ("Not yours (of Arena).", "Not yours (of Arena).", ""),
        (TWICE, TWICE, ""),
        ("", "", ""),
    ],
)
def test_a_reason_that_holds_no_code_stays_as_it_is(kept, words, code):
    reason = in_words(kept)

    assert (reason.words, reason.code) == (words, code)


@pytest.mark.parametrize("junk", ["?state=odd", "?state=%00", "?before=x", "?state[]=failed"])
def test_junk_filters_nothing(sent, mikko, junk):
    assert len(shown(sent, mikko, junk)) == 5


def test_the_next_page_and_the_export_keep_the_filter(sent, people, mikko, monkeypatch):
    monkeypatch.setattr("messaging.campaigns.views.results.RECIPIENTS", 1)

    content = client_of(mikko).get(page_of(sent, "?state=delivered&q=0400")).content.decode()

    assert "state=delivered&amp;q=0400&amp;before=" in content
    assert f"{reverse('campaigns:export', args=[sent.pk])}?state=delivered&amp;q=0400" in content


def exported(campaign: Campaign, user, query: str = "") -> list[list[str]]:
    answered = client_of(user).post(reverse("campaigns:export", args=[campaign.pk]) + query)
    text = b"".join(answered.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_the_file_has_the_text_that_each_got(sent, people, mikko):
    header, *rows = exported(sent, mikko)

    texts = {number: text for _, number, *_, text in rows}
    assert header == ["Name", "Number", "State", "Since", "Reason", "Code", "Text"]
    assert len(rows) == 5
    assert texts[people[0].phone] == "Hei Maija, kahvi 1 e"
    assert texts[people[2].phone] == ""


def test_the_file_has_only_whom_the_filter_leaves_and_says_so_in_the_audit_trail(sent, people, mikko):
    rows = exported(sent, mikko, "?state=delivered&q=maija")[1:]

    assert [number for _, number, *_ in rows] == [people[0].phone]
    assert AuditEvent.objects.get(verb="campaign.exported").after == {"state": "delivered"}


def test_the_file_comes_in_pieces_and_leaves_nobody_out(sent, mikko, monkeypatch):
    monkeypatch.setattr("messaging.campaigns.outcome.reached_people.CHUNK", 2)

    assert len(exported(sent, mikko)) == 1 + 5


def test_the_file_calls_who_has_no_report_as_the_page_does(sent, people, mikko):
    sent.recipients.filter(phone=people[0].phone).update(state=RecipientState.ACCEPTED)
    assert {row[2] for row in exported(sent, mikko, "?q=maija")[1:]} == {"Accepted"}

    long_ago = timezone.now() - timedelta(days=30)
    Campaign.objects.update(finished_at=long_ago, begun_at=long_ago, scheduled_at=long_ago)

    assert {row[2] for row in exported(sent, mikko, "?q=maija")[1:]} == {"No report"}


def test_of_whom_was_erased_the_file_says_no_text(sent, people, mikko):
    sent.recipients.filter(phone=people[0].phone).update(phone="erased 1", values=[], contact=None)

    [row] = [row for row in exported(sent, mikko) if row[1] == "erased 1"]

    assert (row[0], row[-1]) == ("", "")


def test_a_stranger_exports_nothing_nor_does_a_viewer(sent, vera, otto):
    url = reverse("campaigns:export", args=[sent.pk])

    assert client_of(otto).post(url).status_code == 404
    assert client_of(vera).post(url).status_code == 403


def test_without_a_report_for_long_a_message_is_unknown_and_says_so(sent, people, mikko, settings):
    sent.recipients.filter(phone=people[1].phone).update(state=RecipientState.ACCEPTED)
    hours = timedelta(hours=settings.CAMPAIGN_UNKNOWN_HOURS)
    assert (stats_of(sent).accepted, stats_of(sent).unknown) == (1, 0)

    Campaign.objects.update(
        finished_at=timezone.now() - hours - timedelta(minutes=1), begun_at=timezone.now() - hours * 2
    )
    sent.refresh_from_db()

    stats = stats_of(sent)
    assert (stats.accepted, stats.unknown, stats.total) == (0, 1, 5)
    assert "No report" in client_of(mikko).get(page_of(sent)).content.decode()


@pytest.mark.parametrize(
    ("delivered", "failed", "words", "tone"),
    [
        (94, 6, "Sent, 94 % delivered", "positive"),
        (999, 1, "Sent, 99 % delivered", "positive"),
        (1, 1, "Sent, 50 % delivered", "warning"),
        (100, 0, "Sent, 100 % delivered", "positive"),
    ],
)
def test_the_state_is_good_news_while_few_failed(sent, delivered, failed, words, tone):
    stats = type(stats_of(sent))(delivered=delivered, failed=failed)

    badge = status_badge(Campaign(state=CampaignState.SENT), stats)

    assert (badge.label, badge.tone) == (words, tone)


def test_the_curve_ends_at_all_who_have_it(sent):
    curve = delivery_curve(sent)

    assert (curve.percent, curve.drawn.split()[-2:]) == (100, ["560.0,0.0", "560.0,100.0"])
    assert timedelta(minutes=1) <= curve.half_after <= timedelta(minutes=3)


def test_of_many_people_the_curve_reads_some(sent, monkeypatch):
    """Every fourth is read, and has it."""
    monkeypatch.setattr("messaging.campaigns.outcome.delivery_curve.PEOPLE_SAMPLED", 100)
    sent.recipients.all().delete()
    Recipient.objects.bulk_create(
        Recipient(
            campaign=sent,
            phone=f"+35840{number:07}",
            batch=1,
            state=RecipientState.FAILED if number % 4 else RecipientState.DELIVERED,
            settled_at=timezone.now(),
        )
        for number in range(400)
    )

    curve = delivery_curve(sent)

    assert curve.percent == 100
    assert len(curve.drawn.split()) <= 100 + 2


def test_a_curve_is_kept_until_somebody_comes_to_another_state(sent, django_assert_num_queries):
    counts = recipient_counts.by_state_and_reason(sent)
    drawn = kept_curve(sent, counts)
    with django_assert_num_queries(0):
        assert kept_curve(sent, counts) == drawn

    one = sent.recipients.filter(state=RecipientState.DELIVERED).first()
    one.settle(RecipientState.FAILED, "")
    one.save()

    assert drawn.percent == 100
    assert kept_curve(sent, recipient_counts.by_state_and_reason(sent)).percent == 50


def test_the_page_asks_as_much_for_many_people_as_for_few(sent, mikko, django_assert_num_queries):
    client = client_of(mikko)
    client.get(page_of(sent))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(sent))
    asked = len(few)
    Recipient.objects.bulk_create(
        Recipient(campaign=sent, phone=f"+35850{number:07}", batch=1, state="failed", reason=f"No {number}")
        for number in range(90)
    )
    client.get(page_of(sent))

    with django_assert_num_queries(asked):
        assert client.get(page_of(sent)).status_code == 200
    assert asked <= 13


def test_nothing_delivered_draws_no_curve(sending_now):
    assert delivery_curve(sending_now) is None
