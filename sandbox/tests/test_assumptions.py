"""Each thing that the documents leave unsaid, with its switch thrown the other way."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from sandbox import switches
from sandbox.deliveries import due_work
from sandbox.deliveries.callbacks import record_attempt
from sandbox.deliveries.inbound import notification, receive
from sandbox.models import Callback, Contact, LedgerCall, Message, Recipient, Template
from sandbox.tests.callers import (
    CUSTOMER_SERVICE,
    GROUP,
    INBOUND,
    KAHVILA,
    MARKETING,
    OUTSIDER,
    Caller,
    said,
    sms,
)
from sandbox.tests.test_sign_in import REQUEST, answer_of, authorize_url

pytestmark = pytest.mark.django_db

MAIJA = "+358401234567"
CONTACTS = f"/groupcontact/{KAHVILA}/{GROUP}"


def reply(caller: Caller, inbound: Any, **changes: Any) -> Any:
    path = f"/messages/reply/{inbound.id}"
    return caller.call("POST", path, sms(**changes), Customer_Id=KAHVILA, Service_Id=CUSTOMER_SERVICE)


def test_every_switch_keeps_its_default_when_it_is_set_to_it() -> None:
    switches.change({switch.name: switch.default for switch in switches.SWITCHES})

    assert switches.current() == {switch.name: switch.default for switch in switches.SWITCHES}


@pytest.mark.parametrize("limit", ["recipients_limit", "sender_limit"])
def test_a_limit_that_no_document_names_can_be_set(aino: Caller, limit: str) -> None:
    switches.change({limit: 1})
    two = [{"Address": MAIJA}, {"Address": "+358401234568"}]

    assert "than 1 " in said(aino.send(Recipients=two, Sender="Aalto" if limit == "sender_limit" else "A"))


@pytest.mark.parametrize(("handling", "text"), [("keep", "Hei $(nimi)!"), ("empty", "Hei !")])
def test_an_unknown_placeholder_stays_or_goes(aino: Caller, handling: str, text: str) -> None:
    switches.change({"unknown_placeholder": handling})

    aino.send(Content="Hei $(nimi)!")

    assert Recipient.objects.get().text == text


def test_an_unknown_placeholder_can_be_refused(aino: Caller) -> None:
    switches.change({"unknown_placeholder": "refuse"})
    named = [{"Address": MAIJA, "Personalization": {"nimi": "Åsa"}}]

    assert "nimi" in said(aino.send(Content="Hei $(nimi)!"))
    assert aino.send(Content="Hei $(nimi)!", Recipients=named).status_code == 200


@pytest.mark.parametrize(("source", "address"), [("body", "+358401111111"), ("parent", MAIJA)])
def test_a_reply_goes_to_the_body_or_to_the_parent(aino: Caller, source: str, address: str) -> None:
    switches.change({"reply_recipients": source})
    inbound = receive(sender=MAIJA, address="+358451234567", text="Hei")

    reply(aino, inbound, Recipients=[{"Address": "+358401111111"}])

    assert Recipient.objects.get().address == address


def test_a_reply_to_whatsapp_goes_out_as_told_or_is_refused(aino: Caller) -> None:
    inbound = receive(sender=MAIJA, address="+358457000001", text="Hei")

    for kind in ("SMS", "WhatsApp", "refuse"):
        switches.change({"whatsapp_replies": kind})
        reply(aino, inbound)

    assert [message.kind for message in Message.objects.all()] == ["SMS", "WhatsApp"]


def test_a_fallback_that_was_asked_for_can_fail_to_come(aino: Caller) -> None:
    switches.change({"sms_fallback": "never", "delivery_seconds": 0})
    customer = aino.person.customers.get(id=KAHVILA)
    Template.objects.create(
        name="t", customer=customer, raw_content="Hei", review="approved", created_at=timezone.now()
    )
    body = {"TemplateName": "t", "Recipients": [{"Address": "+358401230001"}], "UseSmsFallback": True}
    aino.call("POST", "/messages/templates/whatsapp", body, Customer_Id=KAHVILA, Service_Id=MARKETING)

    due_work.deliver_due()

    assert Recipient.objects.get().error_code == "NotOnWhatsApp"


def test_reading_an_unknown_contact_can_be_an_empty_object(aino: Caller) -> None:
    switches.change({"unknown_contact_read": "empty"})

    assert aino.call("GET", f"{CONTACTS}/%2B358401234567").json() == {}


def test_a_contact_without_a_real_phone_can_be_kept_as_written(aino: Caller) -> None:
    switches.change({"invalid_contact_phone": "keep"})

    assert aino.create_contact("12").status_code == 200
    assert aino.call("DELETE", f"{CONTACTS}/12").json() is True
    assert not Contact.objects.exists()


def test_categories_ids_and_the_verdict_of_templates_can_be_others(aino: Caller) -> None:
    switches.change({"template_categories": "Issue Resolution, Marketing", "template_ids": "guid"})
    switches.change({"template_review_seconds": 1, "template_review_verdict": "rejected"})
    body = {"DisplayName": "Offer", "RawContent": "Hei", "Category": "Utility", "Language": "fi"}
    path = f"/whatsapp/templates/{KAHVILA}/%2B358457000001"

    assert "Issue Resolution" in said(aino.call("POST", path, body))
    assert aino.call("POST", path, body | {"Category": "Issue Resolution"}).status_code == 204
    switches.change({"clock_offset_seconds": 2})
    due_work.review_due()

    assert aino.call("GET", "/whatsapp/templates/categories").json() == ["Issue Resolution", "Marketing"]
    assert Template.objects.get().review == Template.Review.REJECTED
    assert len(Template.objects.get().name) == 36


def test_a_delivery_report_can_come_in_other_words_and_twice(aino: Caller) -> None:
    switches.change({"delivery_seconds": 0, "report_copies": 2, "report_words": "OK ERROR"})
    switches.change({"report_names": "id - msisdn state"})
    aino.send(DlrUrl="http://127.0.0.1:1/dlr?part=1")

    due_work.deliver_due()

    first, second = Callback.objects.values_list("url", flat=True)
    recipient = Recipient.objects.get()
    assert first == second
    assert parse_qs(urlsplit(first).query) == {
        "part": ["1"],
        "id": [str(recipient.id)],
        "msisdn": [MAIJA],
        "state": ["OK"],
    }


def test_a_message_can_be_reported_on_its_way_too(aino: Caller) -> None:
    switches.change({"delivery_seconds": 0, "report_on_the_way": True})
    aino.send(DlrUrl="http://127.0.0.1:1/dlr")

    due_work.deliver_due()

    urls = Callback.objects.values_list("url", flat=True)
    assert [parse_qs(urlsplit(url).query)["status"] for url in urls] == [["Buffered"], ["Delivered"]]


def test_a_callback_can_be_tried_more_often() -> None:
    callback = Callback(kind="notification", due_at=timezone.now())

    for _ in range(4):
        record_attempt(callback, "500", tries=5)

    assert callback.state == Callback.State.WAITING


def test_the_limit_may_not_say_when_to_come_again(aino: Caller) -> None:
    switches.change({"calls_per_minute": 0, "limit_says_when": False})

    response = aino.call("GET", "/customers")

    assert (response.status_code, response.headers.get("Retry-After")) == (429, None)


@pytest.mark.parametrize(
    ("wording", "kind", "content"),
    [
        ("problem", "application/problem+json", b'"title": "This sign-in has no access'),
        ("html", "text/html; charset=utf-8", b"<h1>403</h1>"),
        ("empty", "text/html; charset=utf-8", b""),
    ],
)
def test_a_refusal_is_worded_as_told(aino: Caller, wording: str, kind: str, content: bytes) -> None:
    switches.change({"error_body": wording})

    response = aino.call("GET", f"/services/{OUTSIDER}", ServiceType="OneWay")

    assert (response.status_code, response["Content-Type"]) == (403, kind)
    assert content in response.content


def test_a_missing_scope_and_another_customer_can_have_other_statuses(aino: Caller) -> None:
    switches.change({"missing_scope": "401", "other_customer": "404"})
    narrow = Caller("aino", scope="")

    assert narrow.call("GET", "/customers").status_code == 401
    assert aino.call("GET", f"/services/{OUTSIDER}", ServiceType="OneWay").status_code == 404


def test_pkce_can_be_required(client: Client) -> None:
    switches.change({"require_pkce": True})
    without = authorize_url().replace(f"code_challenge={REQUEST['code_challenge']}&", "")

    answer = answer_of(client.post(without, {"person": "aino", "password": "sandbox"}))

    assert answer["error_description"].startswith("AADB2C99059")


def test_what_the_contract_does_not_know_is_in_the_ledger_too(aino: Caller) -> None:
    aino.call("PATCH", "/customers")
    aino.call("GET", "/contacts")

    calls = LedgerCall.objects.values_list("operation", "method", "status")
    assert list(calls) == [("unknown", "PATCH", 405), ("unknown", "GET", 404)]


def test_a_switch_that_is_text_is_shown_as_it_stands(client: Client) -> None:
    switches.change({"report_words": "OK ERROR"})

    assert 'value="OK ERROR"' in client.get("/_control/").content.decode()


def test_ids_can_be_text_with_signs_that_have_to_be_escaped(aino: Caller) -> None:
    switches.change({"id_form": "odd"})

    customer = aino.call("GET", "/customers").json()["customerUsers"][0]["customerId"]
    segment = quote(customer.replace("/", "%2F"), safe="")  # the test client decodes what a server would not
    services = aino.call("GET", f"/services/{segment}", ServiceType="Group").json()

    assert customer.startswith("no/")
    assert all(one["id"].endswith("+ ?#%") for one in services)
    assert len(services) == 2


def kinds_of(caller: Caller) -> dict[str, list[str]]:
    return {
        kind: [one["name"] for one in caller.call("GET", f"/services/{KAHVILA}", ServiceType=kind).json()]
        for kind in ("OneWay", "TwoWay", "Group")
    }


def test_services_can_vanish_and_are_refused_then(aino: Caller) -> None:
    switches.change({"services_listed": "first"})
    assert kinds_of(aino)["Group"] == ["Jäsenet"]
    assert aino.send().status_code == 200

    switches.change({"services_listed": "none"})
    assert kinds_of(aino) == {"OneWay": [], "TwoWay": [], "Group": []}
    assert said(aino.send()) == "The customer has no such service"


def test_a_service_can_be_of_two_kinds_at_once(aino: Caller) -> None:
    switches.change({"services_in_two_kinds": True})

    kinds = kinds_of(aino)

    assert kinds["OneWay"] == kinds["TwoWay"] == ["Customer service", "Marketing messages", "Inbound 1234567"]
    both = aino.call("POST", "/messages", sms(), Customer_Id=KAHVILA, Service_Id=INBOUND)
    assert both.status_code == 200


@pytest.mark.parametrize(
    ("together", "statuses"),
    [("sign_in", [200, 429, 200, 200]), ("customer", [200, 429, 429, 200]), ("client", [200, 429, 429, 429])],
)
def test_the_limit_can_count_others_calls_too(
    aino: Caller, otto: Caller, together: str, statuses: list[int]
) -> None:
    switches.change({"calls_per_minute": 1, "limit_counts": together})
    path = f"/services/{KAHVILA}"
    calls = [(aino, path), (aino, path), (Caller("mikko"), path), (otto, f"/services/{OUTSIDER}")]

    assert [caller.call("GET", where, ServiceType="Group").status_code for caller, where in calls] == statuses


@pytest.mark.parametrize(
    ("spelling", "said_as"), [("spaces", "+358 40 1234567"), ("national", "040 1234567")]
)
def test_an_answer_may_spell_a_number_as_people_do(aino: Caller, spelling: str, said_as: str) -> None:
    switches.change({"answered_addresses": spelling})

    assert aino.send().json()["Recipients"][0]["Address"] == said_as


def test_a_time_may_have_to_be_ahead_by_more_than_it_is(aino: Caller) -> None:
    switches.change({"send_lead_seconds": 600})
    times = {minutes: timezone.now() + timedelta(minutes=minutes) for minutes in (5, 15)}

    answers = {minutes: aino.send(SendDateTime=at.isoformat()).status_code for minutes, at in times.items()}

    assert answers == {5: 400, 15: 200}


def test_an_empty_text_may_be_refused(aino: Caller) -> None:
    switches.change({"refuse_empty_texts": True})

    assert "email must not be empty" in said(aino.call("POST", CONTACTS, {"phone": MAIJA, "email": ""}))
    assert aino.call("POST", CONTACTS, {"phone": MAIJA}).status_code == 200


@pytest.mark.parametrize("status", ["200", "202", "204"])
def test_a_success_may_have_another_status(aino: Caller, status: str) -> None:
    switches.change({"success_status": status})

    answer = aino.send()

    assert (answer.status_code, bool(answer.content)) == (int(status), status != "204")
    assert aino.call("GET", "/customers").status_code == 200


def test_what_is_done_may_be_answered_by_an_object(aino: Caller) -> None:
    switches.change({"done_answers": "object"})
    assert aino.call("POST", CONTACTS, {"phone": MAIJA}).status_code == 200

    assert aino.call("PUT", f"{CONTACTS}/{quote(MAIJA)}", {"city": "Oulu"}).json() == {"success": True}
    assert aino.call("DELETE", f"{CONTACTS}/{quote(MAIJA)}").json() == {"success": True}


def test_all_people_of_a_message_may_have_its_id(aino: Caller) -> None:
    switches.change({"recipient_ids": "message"})

    sent = aino.send().json()

    assert {each["Id"] for each in sent["Recipients"]} == {sent["MessageId"]}


@pytest.mark.parametrize(
    ("ids", "is_parent"),
    [("message", True), *((each, False) for each in ("other", "none", "discussion", "zeros"))],
)
def test_a_notification_may_give_another_id_than_a_reply_names(ids: str, is_parent: bool) -> None:
    switches.change({"notification_ids": ids})
    inbound = receive(sender=MAIJA, address="+358451234567", text="Hei")

    assert (notification(inbound)["messageId"] == str(inbound.id)) == is_parent


def test_times_may_be_local_and_say_no_zone() -> None:
    switches.change({"times_without_zone": "Europe/Helsinki"})
    inbound = receive(sender=MAIJA, address="+358451234567", text="Hei")

    local = timezone.localtime(inbound.received_at, ZoneInfo("Europe/Helsinki"))
    assert str(notification(inbound)["timestamp"])[:16] == f"{local:%Y-%m-%dT%H:%M}"
