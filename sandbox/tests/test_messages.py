from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from sandbox import switches
from sandbox.api.texts import part_count, personalise, without_unicode
from sandbox.deliveries.inbound import notification, receive
from sandbox.models import Message, Recipient, RememberedRequest
from sandbox.tests.callers import API, CUSTOMER_SERVICE, KAHVILA, MARKETING, Caller, said, sms

pytestmark = pytest.mark.django_db

MAIJA = "+358401234567"
AALTO = "+358451234567"


def test_a_send_answers_in_pascal_case_with_an_id_for_each_address(aino: Caller) -> None:
    reply = aino.send(Recipients=[{"Address": MAIJA}, {"Address": "+358401234568"}]).json()

    assert reply.keys() == {"MessageId", "MessagePartCount", "Recipients"}
    assert [one["Address"] for one in reply["Recipients"]] == [MAIJA, "+358401234568"]
    assert {one["Id"] for one in reply["Recipients"]} == {str(one.id) for one in Recipient.objects.all()}


def test_each_recipient_reads_a_text_of_their_own(aino: Caller) -> None:
    aino.send(
        Content="Hei $(name), pöytä $(table)",
        Recipients=[{"Address": MAIJA, "Personalization": {"name": "Maija $(table)", "age": 7}}],
    )

    assert Recipient.objects.get().text == "Hei Maija $(table), pöytä $(table)"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"Content": "x" * 1001}, "longer than 1000"),
        ({"Content": ""}, "Content is required"),
        ({"Sender": "x" * 21}, "longer than 20"),
        ({"Protocol": "MMS"}, "Protocol must be one of"),
        ({"Recipients": []}, "Recipients is empty"),
        ({"Recipients": [{"Address": "123"}]}, "not a valid phone"),
        ({"Recipients": [{"address": MAIJA}]}, "Address is required"),
        ({"recipients": []}, "recipients is not a property"),
        ({"SendDateTime": "2020-01-01T10:00:00Z"}, "in the past"),
        ({"SendDateTime": "tomorrow"}, "SendDateTime must be"),
        ({"SendDateTime": "2030-01-01T10:00:00"}, "SendDateTime must be"),
        ({"DlrUrl": "/hooks/"}, "absolute URL"),
        ({"CustomerData": "x" * 256}, "longer than 255"),
        ({"AdMessage": "true"}, "AdMessage must be"),
        ({"Content": "日本", "UnicodeCharacterHandlingPolicy": "Strict"}, "Unicode"),
    ],
)
def test_a_bad_send_is_a_400_that_says_why(aino: Caller, change: dict[str, object], wanted: str) -> None:
    response = aino.send(**change)

    assert response.status_code == 400
    assert wanted in said(response)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"a":1,"a":2}', '{"Content":NaN}', '{"Content":"\\ud800"}', "[" * 99999]
)
def test_a_body_that_is_not_an_object_in_json_is_a_400(aino: Caller, body: str) -> None:
    headers = {"Customer-Id": KAHVILA, "Service-Id": MARKETING}
    response = aino.client.post(f"{API}/messages", body, content_type="application/json", headers=headers)

    assert response.status_code == 400


def test_one_bad_address_can_be_left_out_by_switch(aino: Caller) -> None:
    switches.change({"bad_recipient": "skip"})

    reply = aino.send(Recipients=[{"Address": "1"}, {"Address": MAIJA}]).json()

    assert [one["Address"] for one in reply["Recipients"]] == [MAIJA]


def test_a_request_id_is_taken_once_a_customer(aino: Caller) -> None:
    assert aino.send(RequestId="r").status_code == 200

    again = aino.send(RequestId="r")

    assert again.status_code == 400
    assert said(again) == "Duplicate request id"
    assert Message.objects.count() == 1


def test_a_refused_send_does_not_use_its_request_id_up(aino: Caller) -> None:
    assert aino.send(RequestId="r", Content="").status_code == 400
    assert aino.send(RequestId="r").status_code == 200


def test_a_duplicate_can_be_an_empty_success_by_switch(aino: Caller) -> None:
    switches.change({"duplicate_request_id": "empty_success"})
    first = aino.send(RequestId="r").json()

    second = aino.send(RequestId="r").json()

    assert second["MessageId"] == first["MessageId"]
    assert second["Recipients"] == []


def test_a_request_id_is_forgotten_after_seven_days(aino: Caller) -> None:
    aino.send(RequestId="r")
    RememberedRequest.objects.update(accepted_at=timezone.now() - timedelta(days=7, seconds=1))

    assert aino.send(RequestId="r").status_code == 200


def test_a_reply_answers_the_message_that_a_phone_wrote(aino: Caller, client: Client) -> None:
    inbound = receive(sender=MAIJA, address=AALTO, text="Hei")
    headers = {"Customer_Id": KAHVILA, "Service_Id": CUSTOMER_SERVICE}

    response = aino.call("POST", f"/messages/reply/{inbound.id}", sms(Sender=AALTO), **headers)

    replies = client.get("/_state?only=replies").json()["replies"]
    assert response.status_code == 200
    assert replies[0]["answered_by"] == [response.json()["MessageId"]]


def test_a_reply_needs_a_service_that_allows_it_and_a_message_that_exists(aino: Caller) -> None:
    inbound = receive(sender=MAIJA, address=AALTO, text="Hei")

    closed = aino.call(
        "POST", f"/messages/reply/{inbound.id}", sms(), Customer_Id=KAHVILA, Service_Id=MARKETING
    )
    headers = {"Customer_Id": KAHVILA, "Service_Id": CUSTOMER_SERVICE}
    unknown = aino.call("POST", f"/messages/reply/{uuid4()}", sms(), **headers)

    assert (closed.status_code, unknown.status_code) == (400, 404)


@pytest.mark.parametrize(
    ("told", "in_answer", "in_notification"),
    [("discussion", False, False), ("replies", True, False), ("everywhere", True, True)],
)
def test_a_switch_says_what_names_a_discussion(
    aino: Caller, told: str, in_answer: bool, in_notification: bool
) -> None:
    switches.change({"thread_ids": told})
    inbound = receive(sender=MAIJA, address=AALTO, text="Hei")
    headers = {"Customer_Id": KAHVILA, "Service_Id": CUSTOMER_SERVICE}

    reply = aino.call("POST", f"/messages/reply/{inbound.id}", sms(), **headers).json()

    thread = str(inbound.thread_id)
    assert reply.get("ThreadId") == (thread if in_answer else None)
    assert notification(inbound).get("threadId") == (thread if in_notification else None)
    assert "ThreadId" not in aino.send().json()


@pytest.mark.parametrize(("switch", "kept"), [("keep", True), ("drop", False)])
def test_a_file_may_be_left_out_of_an_sms(aino: Caller, switch: str, kept: bool) -> None:
    switches.change({"sms_attachments": switch})

    assert aino.send(AttachmentUri="https://example.com/a.png").status_code == 200

    assert bool(Message.objects.get().attachment) == kept


def test_an_sms_with_a_file_may_be_refused(aino: Caller) -> None:
    switches.change({"sms_attachments": "refuse"})

    assert "AttachmentUri" in said(aino.send(AttachmentUri="https://example.com/a.png"))
    assert aino.send().status_code == 200


def test_a_discussion_reply_goes_to_the_phone_of_the_thread(aino: Caller) -> None:
    thread = receive(sender=MAIJA, address=AALTO, text="Hei").thread
    assert thread
    body = {"ThreadId": str(thread.id), "Content": "Moi"}

    reply = aino.call("POST", "/messages/discussion/reply", body, CustomerId=KAHVILA).json()

    assert reply["ThreadId"] == str(thread.id)
    assert reply["Recipients"][0]["Address"] == MAIJA
    body["ThreadId"] = str(uuid4())
    assert aino.call("POST", "/messages/discussion/reply", body, CustomerId=KAHVILA).status_code == 404


def test_placeholders_are_filled_in_one_pass() -> None:
    assert personalise("$(a) $(b) $()", {"a": "$(b)", "b": 2}) == "$(b) 2 $()"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ž" * 70, 1),
        ("ž" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_by_the_alphabet_in_use(text: str, parts: int) -> None:
    assert part_count(text) == parts


def test_replacing_unicode_keeps_what_sms_can_carry() -> None:
    assert without_unicode("Žižek – “ä” 日") == 'Zizek - "ä"  '
