"""What leaves for each operation: real requests to a fake adapter."""

import pytest
import requests

from gateway.smartdialog import errors
from gateway.smartdialog.client import Client
from gateway.smartdialog.contract import ENDPOINTS
from gateway.smartdialog.types import NewTemplate, TemplateButton, TemplateMessage
from gateway.tests.fake_adapter import FIELDS, SENT, SENT_CAMEL, SMS, Pretend, smartdialog

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


def test_only_two_operations_are_deprecated():
    assert [each.name for each in ENDPOINTS.values() if each.deprecated] == [
        "WhatsAppOptOut",
        "WhatsAppOptIn",
    ]
