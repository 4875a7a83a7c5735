"""SMS parts and what they cost: as SmartDialog counts them, beside our own count."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from gateway.models import Operation
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog.types import Sent, SentRecipient
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, ResultSettings
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, make_template
from messaging.campaigns.tests.test_delivery_reports import report
from messaging.campaigns.tests.test_last_look import ANTON, MAIJA
from tests.people import client_of

SETTINGS = reverse("result_settings:results")


def taken(campaign: Campaign, *, parts: int | None) -> Campaign:
    [operation] = calls_of(campaign)
    phones = [each["address"] for each in operation.payload["message"]["recipients"]]
    sent = Sent("message-1", parts, [SentRecipient(phone, f"id-{phone}") for phone in phones])
    handler_of(operation).done(QueuedCall(operation), sent)
    campaign.refresh_from_db()
    return campaign


def test_parts_are_counted_of_each_persons_own_text(group, people, connected, mikko):
    """Maija's takes one part; Антон's, in Unicode, two."""
    campaign = make_scheduled(group, mikko, content="Hei $(firstName)" + "a" * 70)
    sending.send_now(campaign.pk)

    taken(campaign, parts=1)

    assert (campaign.parts, campaign.parts_reported) == (1 + 2, 2)


def test_where_smartdialog_does_not_say_only_ours_count(sending_now):
    taken(sending_now, parts=None)

    assert (sending_now.parts, sending_now.parts_reported) == (2, 0)


def test_what_was_taken_by_an_earlier_try_counts_once(sending_now):
    [operation] = calls_of(sending_now)
    operation.attempts = 2

    handler_of(operation).done(QueuedCall(operation), Sent("message-1", 1, []))

    sending_now.refresh_from_db()
    assert (sending_now.parts, sending_now.parts_reported) == (2, 2)


def test_who_has_a_report_before_the_answer_counts(sending_now):
    report(sending_now, "Delivered", phone=MAIJA)

    taken(sending_now, parts=1)

    assert (sending_now.parts, sending_now.parts_reported) == (2, 2)


@pytest.mark.parametrize("state", ["unknown", "waiting"])
def test_a_call_that_reports_say_was_taken_counts_once(sending_now, state):
    """It timed out, and no answer of it ever comes."""
    [operation] = calls_of(sending_now)
    Operation.objects.filter(pk=operation.pk).update(state=state, attempts=1, possibly_accepted=True)

    for phone in (MAIJA, ANTON):
        report(sending_now, "Delivered", phone=phone)

    sending_now.refresh_from_db()
    assert (sending_now.parts, sending_now.parts_reported) == (2, 0)


def test_a_call_whose_report_came_while_it_was_in_flight_counts_once(sending_now):
    [operation] = calls_of(sending_now)
    Operation.objects.filter(pk=operation.pk).update(state="inflight", attempts=1)
    report(sending_now, "Delivered", phone=MAIJA)
    Operation.objects.filter(pk=operation.pk).update(state="unknown", possibly_accepted=True)
    operation.refresh_from_db()

    handler_of(operation).uncertain(QueuedCall(operation))

    sending_now.refresh_from_db()
    assert sending_now.parts == 2


def test_whatsapp_has_no_parts(group, people, connected, mikko):
    fields = {"channel": "whatsapp", "template": make_template(group.customer, body="Hei"), "content": ""}
    campaign = make_scheduled(group, mikko, **fields)
    sending.send_now(campaign.pk)
    for operation in calls_of(campaign):
        answer(operation)

    campaign.refresh_from_db()
    assert campaign.parts == 0


def test_the_result_says_what_it_cost_where_a_price_is_set(sending_now, mikko):
    page = reverse("campaigns:campaign", args=[sending_now.pk])
    taken(sending_now, parts=1)
    assert "Cost" not in client_of(mikko).get(page).content.decode()

    ResultSettings.objects.create(customer=sending_now.customer, price_per_part=Decimal("0.0525"))

    assert client_of(mikko).get(page).context["cost"] == "0.10 EUR"


def test_an_admin_sets_a_price_which_is_in_the_audit_trail(kahvila, trattoria, aino):
    client = client_of(aino)

    answered = client.post(SETTINGS, {"price_per_part": "0.05", "currency": "EUR"})

    assert answered.status_code == 302
    assert ResultSettings.of(kahvila).price_per_part == Decimal("0.05")
    assert ResultSettings.of(trattoria).price_per_part is None
    assert AuditEvent.objects.get(verb="result_settings.changed").after == {"price_per_part": "0.05"}


@pytest.mark.parametrize("price", ["-1", "a lot", "99999"])
def test_what_is_no_price_is_refused(kahvila, aino, price):
    answered = client_of(aino).post(SETTINGS, {"price_per_part": price, "currency": "EUR"})

    assert (answered.status_code, ResultSettings.objects.count()) == (422, 0)


def test_only_admins_see_prices_settings(kahvila, mikko, vera):
    for person in (mikko, vera):
        assert client_of(person).get(SETTINGS).status_code == 403
