"""What leaves for each operation, and which error each answer becomes: real requests to a fake adapter."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response

from gateway import errors
from gateway.api import SmartDialog
from gateway.client import Client, retry_after
from gateway.contract import ENDPOINTS
from gateway.types import (
    ContactFields,
    NewTemplate,
    SmsMessage,
    TakenRecipient,
    TemplateButton,
    TemplateMessage,
)

Answering = Callable[[PreparedRequest], tuple[int, Any]]


class Pretend(BaseAdapter):
    def __init__(self, answer: Answering, headers: dict[str, str]) -> None:
        super().__init__()
        self.answer, self.headers, self.requests, self.sent_with = answer, headers, [], []

    def send(self, request, **kwargs):
        self.requests.append(request)
        self.sent_with.append(kwargs)
        status, body = self.answer(request)
        response = Response()
        response.status_code, response.request, response.url = status, request, request.url
        response.headers.update(self.headers)
        response.raw = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return response

    def close(self) -> None:
        pass


def smartdialog(status: int, body: Any, **headers: str) -> tuple[SmartDialog, Pretend]:
    session, adapter = requests.Session(), Pretend(lambda _: (status, body), headers)
    session.mount("http://", adapter)
    return SmartDialog(Client("token", session=session)), adapter


FIELDS = ContactFields(phone="+358401234567", active=False, first_name="Åsa", properties=[["Taso", "kulta"]])
SENT = {"MessageId": "m", "MessagePartCount": 1, "Recipients": [{"Address": "+358401234567", "Id": "r"}]}
SENT_CAMEL = {
    "messageId": "m",
    "messagePartCount": 1,
    "recipients": [{"address": "+358401234567", "id": "r"}],
}
SMS = SmsMessage(
    "Kahvila",
    "Hei $(firstName)",
    [TakenRecipient("+358401234567", {"firstName": "Åsa"})],
    request_id="q",
    ad_message=False,
)

CALLS = [
    ("GetUserCustomers", lambda api: api.customers(), {"customerUsers": []}, "/customers", {}),
    (
        "SendMessage",
        lambda api: api.send_message(customer="c", service="s", message=SMS),
        SENT,
        "/messages",
        {"Customer-Id": "c", "Service-Id": "s"},
    ),
    (
        "SendReplyMessage",
        lambda api: api.reply_to_message(customer="c", service="s", parent="p/1", message=SMS),
        SENT,
        "/messages/reply/p%2F1",
        {"Customer-Id": "c", "Service-Id": "s"},
    ),
    (
        "SendDiscussionReplyMessage",
        lambda api: api.reply_to_discussion(customer="c", thread="t", content="Hei"),
        SENT | {"ThreadId": "t"},
        "/messages/discussion/reply",
        {"CustomerId": "c"},
    ),
    (
        "NewMessage",
        lambda api: api.subscribe(
            customer="c", service="s", name="n", description="d", endpoint_url="http://x/"
        ),
        {"id": "a"},
        "/service/s/pipelines/actions",
        {"Customer": "c"},
    ),
    (
        "GetCustomerServices",
        lambda api: api.services(customer="c", kind="OneWay", allow_reply=True),
        [],
        "/services/c",
        {"ServiceType": "OneWay", "AllowReplyMessage": "true"},
    ),
    (
        "DeleteTrigger",
        lambda api: api.unsubscribe(pipeline="p", action="a"),
        b"",
        "/pipelines/p/actions/a",
        {},
    ),
    (
        "GetCustomerWhatsAppTemplates",
        lambda api: api.templates(customer="c", template="t"),
        [],
        "/whatsapp/templates/c?TemplateId=t",
        {},
    ),
    (
        "CreateWhatsappTemplate",
        lambda api: api.create_template(
            customer="c",
            identity="+358401",
            template=NewTemplate(
                "n", "Hei {{1}}", "Utility", "fi", [TemplateButton("Url", "Avaa", "https://a.fi")]
            ),
        ),
        b"",
        "/whatsapp/templates/c/%2B358401",
        {},
    ),
    (
        "GetWhatsappTemplateCategories",
        lambda api: api.template_categories(),
        ["Utility"],
        "/whatsapp/templates/categories",
        {},
    ),
    (
        "SendWhatsappTemplateMessage",
        lambda api: api.send_template(
            customer="c", service="s", message=TemplateMessage("t", ["+358401234567"], ["Åsa"])
        ),
        SENT_CAMEL,
        "/messages/templates/whatsapp",
        {"Customer-Id": "c", "Service-Id": "s"},
    ),
    (
        "GetCustomerWhatsappIdentities",
        lambda api: api.whatsapp_identities(customer="c"),
        [{"inputSource": {"address": "+358401"}}],
        "/whatsapp/identities/c",
        {},
    ),
    (
        "WhatsAppOptOut",
        lambda api: api.opt_out(sender="+1", recipient="+2"),
        b"",
        "/whatsapp/opt-in/sender/%2B1/recipient/%2B2",
        {},
    ),
    (
        "WhatsAppOptIn",
        lambda api: api.opt_in(sender="+1", recipient="+2"),
        b"",
        "/whatsapp/opt-in/sender/%2B1/recipient/%2B2",
        {},
    ),
    (
        "GetGroupContact",
        lambda api: api.get_contact(customer="c", group="g", phone="+358401234567", region="FI"),
        {"phone": "+358401234567"},
        "/groupcontact/c/g/%2B358401234567?Region=FI",
        {},
    ),
    (
        "DeleteGroupContact",
        lambda api: api.delete_contact(customer="c", group="g", phone="+358401234567"),
        True,
        "/groupcontact/c/g/%2B358401234567",
        {},
    ),
    (
        "UpdateGroupContact",
        lambda api: api.update_contact(customer="c", group="g", phone="+358401234567", contact=FIELDS),
        True,
        "/groupcontact/c/g/%2B358401234567",
        {},
    ),
    (
        "DeleteAllGroupContacts",
        lambda api: api.delete_all_contacts(customer="c", group="g"),
        True,
        "/groupcontact/c/g",
        {},
    ),
    (
        "CreateGroupContact",
        lambda api: api.create_contact(customer="c", group="g", contact=FIELDS),
        "0e6c6b52-59b2-4f2f-8f43-d2a2d40a3f4b",
        "/groupcontact/c/g",
        {},
    ),
    (
        "GetPhoneNumberRegions",
        lambda api: api.phone_regions(),
        [{"value": "FI", "name": "Finland"}],
        "/phonenumberregions",
        {},
    ),
]


def test_the_table_of_calls_covers_all_twenty_operations():
    assert sorted(name for name, *_ in CALLS) == sorted(ENDPOINTS)


@pytest.mark.parametrize(("name", "call", "body", "path", "headers"), CALLS, ids=[each[0] for each in CALLS])
def test_each_operation_leaves_exactly_as_the_contract_says(name, call, body, path, headers, settings):
    settings.SMARTDIALOG_API_URL = "http://smartdialog.test/v1"
    api, adapter = smartdialog(ENDPOINTS[name].success, body)

    call(api)

    (request,) = adapter.requests
    assert (request.method, request.url) == (ENDPOINTS[name].method, f"http://smartdialog.test/v1{path}")
    assert request.headers["Authorization"] == "Bearer token"
    assert {key: request.headers.get(key) for key in headers} == headers


def test_active_is_always_said_and_the_phone_only_on_create():
    assert FIELDS.wire(with_phone=False)["active"] is False
    assert "phone" not in FIELDS.wire(with_phone=False)
    assert FIELDS.wire(with_phone=True)["phone"] == "+358401234567"


def test_false_is_a_value_and_empty_is_not():
    assert SMS.wire()["AdMessage"] is False
    assert "SendDateTime" not in SMS.wire()


@pytest.mark.parametrize(
    "phone", ["", " ", ".", "..", "/", "%2F", "+", "0", "+" + "1" * 200, "12345", "+358?x", "+358#"]
)
def test_a_phone_that_is_none_never_becomes_a_call(phone):
    api, adapter = smartdialog(200, True)

    with pytest.raises(errors.Unsendable):
        api.delete_contact(customer="c", group="g", phone=phone)

    assert adapter.requests == []


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"errorMessage": "Bad"}, errors.Refused),
        (401, b"", errors.Unauthorized),
        (403, b"<html>no</html>", errors.Refused),
        (429, b"", errors.Throttled),
        (500, b"<html>oh</html>", errors.ServerFault),
        (204, b"", errors.UnexpectedResponse),
        (302, b"", errors.UnexpectedResponse),
        (200, b"{", errors.UnexpectedResponse),
        (200, b"[" * 100_000, errors.UnexpectedResponse),
        (200, {"customerusers": []}, errors.UnexpectedResponse),
        (200, [], errors.UnexpectedResponse),
    ],
)
def test_an_answer_outside_the_contract_is_a_named_error(status, body, expected):
    api, _ = smartdialog(status, body)

    with pytest.raises(expected):
        api.customers()


def test_the_platforms_own_words_are_kept():
    api, _ = smartdialog(400, {"errorMessage": "Duplicate request id"})

    with pytest.raises(errors.Refused) as caught:
        api.send_message(customer="c", service="s", message=SMS)

    assert caught.value.words == "Duplicate request id"
    assert caught.value.may_be_of_a_repeat


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0", 0.0), ("-1", 0.0), (None, None), ("soon", None), ("86400", 86400.0)],
)
def test_retry_after_is_read_in_each_of_its_forms(value, seconds):
    assert retry_after(value) == seconds


@pytest.mark.parametrize(
    "change",
    [
        {"Recipients": {"Address": "+358401234567"}},
        {"Recipients": [{"Address": {"a": 1}, "Id": "r"}]},
        {"MessageId": None, "Recipients": [{"Address": "+358401234567", "Id": {"a": 1}}]},
    ],
)
def test_a_value_of_another_kind_is_never_taken_for_an_answer(change):
    api, _ = smartdialog(200, SENT | change)

    with pytest.raises(errors.UnexpectedResponse):
        api.send_message(customer="c", service="s", message=SMS)


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        *[(each, True) for each in (True, "true", {"success": True}, 1, None, [])],
        *[(each, False) for each in (False, "false")],
    ],
)
def test_what_only_says_that_it_is_done_may_say_so_in_any_form(answer, taken):
    api, _ = smartdialog(200, answer)
    where = {"customer": "c", "group": "g"}

    assert api.update_contact(**where, phone="+358401234567", contact=FIELDS) is taken
    assert api.delete_contact(**where, phone="+358401234567") is taken
    assert api.delete_all_contacts(**where) is taken
    assert isinstance(api.create_contact(**where, contact=FIELDS), str)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"birthYear": "1980"}, {"birth_year": 1980}),
        ({"birthYear": ""}, {"birth_year": None}),
        ({"failedMessages": "3"}, {"failed_messages": 3}),
        ({"zipCode": 33100}, {"zip_code": "33100"}),
        ({"phone": 358401234567}, {"phone": "358401234567"}),
        ({"customContactProperties": [{"name": "Taso", "value": 7}]}, {"properties": [("Taso", "7")]}),
    ],
)
def test_a_contacts_numbers_and_texts_may_be_written_as_the_other(told, read):
    api, _ = smartdialog(200, {"phone": "+358401234567"} | told)

    found = api.get_contact(customer="c", group="g", phone="+358401234567")

    assert {name: getattr(found, name) for name in read} == read


@pytest.mark.parametrize(
    "told", [{"birthYear": "soon"}, {"city": ["Oulu"]}, {"zipCode": True}, {"active": "no"}]
)
def test_a_contact_of_which_something_cannot_be_read_is_not_read(told):
    api, _ = smartdialog(200, {"phone": "+358401234567"} | told)

    with pytest.raises(errors.OddShape):
        api.get_contact(customer="c", group="g", phone="+358401234567")


def test_words_that_no_database_can_keep_are_mended():
    api, _ = smartdialog(400, {"errorMessage": "Bad\0 \ud800"})

    with pytest.raises(errors.Refused) as caught:
        api.customers()

    assert caught.value.words == "Bad ?"


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"CustomerId": "c", "Service-Id": "s"}, {}),
        ({"Customer-Id": "c"}, {}),
        ({"Customer-Id": "c", "Service-Id": "s", "Region": "FI"}, {}),
        ({"Customer-Id": "c", "Service-Id": "s"}, {"Region": "FI"}),
    ],
)
def test_a_call_that_does_not_carry_what_the_contract_says_never_leaves(headers, query):
    session, adapter = requests.Session(), Pretend(lambda _: (200, SENT), {})
    session.mount("http://", adapter)

    with pytest.raises(errors.Unsendable):
        Client("token", session=session).call("SendMessage", headers=headers, query=query, body={})

    assert adapter.requests == []


def test_a_netrc_on_the_host_does_not_replace_the_token(settings, tmp_path, monkeypatch):
    settings.SMARTDIALOG_API_URL = "http://smartdialog.test/v1"
    (tmp_path / "netrc").write_text("machine smartdialog.test login somebody password else")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    api, adapter = smartdialog(200, {"customerUsers": []})

    api.customers()

    assert adapter.requests[0].headers["Authorization"] == "Bearer token"


def test_certificates_that_the_environment_names_are_used(settings, monkeypatch):
    settings.SMARTDIALOG_API_URL = "http://smartdialog.test/v1"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/company.pem")
    api, adapter = smartdialog(200, {"customerUsers": []})

    api.customers()

    assert adapter.sent_with[0]["verify"] == "/etc/ssl/company.pem"


@pytest.mark.parametrize("value", ["9" * 400, "9" * 4, "Wed, 21 Oct 2999 07:28:00 GMT", "٣"])
def test_retry_after_never_breaks_the_clock(value):
    assert (retry_after(value) or 0) <= 7 * 24 * 3600


def test_only_two_operations_are_deprecated():
    assert [each.name for each in ENDPOINTS.values() if each.deprecated] == [
        "WhatsAppOptOut",
        "WhatsAppOptIn",
    ]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_another_status_of_success_is_one_unless_a_page_comes_with_it(status):
    template = NewTemplate(display_name="a", content="b", category="Utility", language="fi")
    for body in (b"", b"{}"):
        api, adapter = smartdialog(status, body)
        api.create_template(customer="c", identity="i", template=template)
        assert len(adapter.requests) == 1

    api, _ = smartdialog(200, b"<html>Sign in to the network</html>")
    with pytest.raises(errors.UnexpectedResponse):
        api.create_template(customer="c", identity="i", template=template)
