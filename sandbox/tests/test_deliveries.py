from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from sandbox import switches
from sandbox.deliveries import due_work
from sandbox.deliveries.callbacks import CallbackSender, attempt, record_attempt
from sandbox.deliveries.reports import with_query
from sandbox.models import Callback, Recipient, Subscription, Template
from sandbox.tests.callers import INBOUND, KAHVILA, MARKETING, Caller
from sandbox.tests.processes import Hook

pytestmark = pytest.mark.django_db

MAIJA = "+358401234567"
AALTO = "+358451234567"


@pytest.fixture(autouse=True)
def at_once(db: None) -> None:
    switches.change({"delivery_seconds": 0})


def test_a_message_travels_before_it_arrives(aino: Caller) -> None:
    switches.change({"delivery_seconds": 60})
    aino.send()
    assert due_work.deliver_due() == 0

    switches.change({"clock_offset_seconds": 61})

    assert due_work.deliver_due() == 1
    assert Recipient.objects.get().state == Recipient.State.DELIVERED


def test_a_scheduled_message_waits_for_its_time(aino: Caller) -> None:
    later = timezone.now() + timedelta(hours=2)
    aino.send(SendDateTime=later.isoformat().replace("+00:00", "Z"))
    assert due_work.deliver_due() == 0

    switches.change({"clock_offset_seconds": 7201})

    assert due_work.deliver_due() == 1


def test_a_report_keeps_the_urls_own_query_and_adds_what_happened(aino: Caller) -> None:
    aino.send(DlrUrl="http://127.0.0.1:1/dlr/?key=a%20b")
    due_work.deliver_due()

    callback, recipient = Callback.objects.get(), Recipient.objects.get()
    query = parse_qs(urlsplit(callback.url).query)

    assert callback.method == "GET"
    assert callback.url.startswith("http://127.0.0.1:1/dlr/?key=a%20b&recipientId=")
    assert query["recipientId"] == [str(recipient.id)]
    assert query["messageId"] == [str(recipient.message_id)]
    assert query["address"] == [MAIJA]
    assert query["status"] == ["Delivered"]
    assert query["timestamp"][0].endswith("Z")


def test_a_number_that_ends_in_four_zeros_fails(aino: Caller) -> None:
    aino.send(Recipients=[{"Address": "+358401230000"}], DlrUrl="http://127.0.0.1:1/dlr")
    due_work.deliver_due()

    query = parse_qs(urlsplit(Callback.objects.get().url).query)

    assert query["status"] == ["Failed"]
    assert query["errorCode"] == ["AbsentSubscriber"]


@pytest.mark.parametrize(("fallback", "state"), [(True, "Delivered"), (False, "Failed")])
def test_a_number_without_whatsapp_gets_an_sms_when_asked(aino: Caller, fallback: bool, state: str) -> None:
    customer = aino.person.customers.get(id=KAHVILA)
    Template.objects.create(
        name="t", customer=customer, identity=customer.whatsapp_number, raw_content="Hei", review="approved",
        created_at=timezone.now(),
    )  # fmt: skip
    body = {"TemplateName": "t", "Recipients": [{"Address": "+358401230001"}], "UseSmsFallback": fallback}
    aino.call("POST", "/messages/templates/whatsapp", body, Customer_Id=KAHVILA, Service_Id=MARKETING)

    due_work.deliver_due()

    assert Recipient.objects.get().state == state
    assert Recipient.objects.get().as_sms is fallback


def test_templates_can_pass_review_by_themselves(aino: Caller) -> None:
    switches.change({"template_review_seconds": 30})
    created_at = timezone.now() - timedelta(seconds=31)
    Template.objects.create(customer=aino.person.customers.first(), created_at=created_at)

    due_work.review_due()

    assert Template.objects.get().review == Template.Review.APPROVED


def test_a_callback_is_tried_three_times_with_pauses_between() -> None:
    callback = Callback(kind="notification", due_at=timezone.now())

    for expected in ("waiting", "waiting", "given up"):
        due_before = callback.due_at
        record_attempt(callback, "500", tries=3)
        assert callback.state == expected
        assert callback.due_at > due_before or expected == "given up"


def test_any_2xx_ends_a_callback() -> None:
    callback = Callback(due_at=timezone.now())

    record_attempt(callback, "204", tries=3)

    assert (callback.state, callback.tries) == ("done", 1)


def test_another_machine_is_never_called() -> None:
    assert attempt(Callback(method="GET", url="http://192.0.2.1/dlr")).startswith("refused")


def test_a_callback_carries_its_method_and_body(hook: Hook) -> None:
    hook.statuses = [503]

    assert attempt(Callback(method="POST", url=f"{hook.url}/in", body={"a": 1})) == "503"
    assert hook.heard == [("POST", "/in", {"a": 1})]


def test_an_inbound_event_notifies_every_subscription(client: Client) -> None:
    for path in ("one", "two"):
        Subscription.objects.create(service_id=INBOUND, name="x", url=f"http://127.0.0.1:1/{path}")
    event = {"type": "inbound", "from": MAIJA, "to": AALTO, "text": "Hei", "repeat": 2}

    made = client.post("/_events", event, content_type="application/json").json()["events"][0]

    assert Callback.objects.count() == 4
    assert Callback.objects.first().body | {"timestamp": ""} == {  # type: ignore[union-attr]
        "sender": MAIJA,
        "recipient": AALTO,
        "content": "Hei",
        "timestamp": "",
        "protocol": "SMS",
        "attachments": [],
        "messageId": made["messageId"],
    }


def test_delivery_and_forged_events_go_out_as_told(aino: Caller, client: Client) -> None:
    sent = aino.send(DlrUrl="http://127.0.0.1:1/dlr").json()
    events = [
        {"type": "delivery", "recipientId": sent["Recipients"][0]["Id"], "status": "Buffered", "repeat": 3},
        {
            "type": "delivery",
            "messageId": sent["MessageId"],
            "address": MAIJA,
            "status": "Expired",
            "delay": 60,
        },
        {"type": "forged", "method": "GET", "url": "http://127.0.0.1:1/dlr", "query": {"status": "Odd"}},
    ]

    client.post("/_events", events, content_type="application/json")

    urls = list(Callback.objects.values_list("url", flat=True))
    assert [("Buffered" in url, "Expired" in url, "Odd" in url) for url in urls] == [
        *[(True, False, False)] * 3,
        (False, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize(
    "event", [{"type": "miracle"}, {"type": "inbound"}, {"type": "inbound", "from": "1", "to": "2"}]
)
def test_an_event_that_makes_no_sense_is_a_400(client: Client, event: dict[str, str]) -> None:
    assert client.post("/_events", event, content_type="application/json").status_code == 400


def test_a_query_is_added_to_an_address_without_one() -> None:
    assert with_query("http://a/b", {"c": "+1"}) == "http://a/b?c=%2B1"


def test_behind_a_firewall_nothing_arrives_and_it_is_given_up(hook: Hook) -> None:
    switches.change({"callbacks_arrive": False, "callback_tries": 1})
    Callback.objects.create(method="GET", url=hook.url, due_at=timezone.now())
    sender = CallbackSender()

    assert sender.start_due() == 1
    while Callback.objects.get().state == Callback.State.WAITING:
        sender.settle()

    assert (hook.heard, Callback.objects.get().outcome) == ([], "no answer")
