import pytest
from django.test import Client

from sandbox import switches
from sandbox.models import OptIn, Recipient, Template
from sandbox.tests.callers import KAHVILA, MARKETING, Caller, said

pytestmark = pytest.mark.django_db

IDENTITY = "%2B358457000001"
CREATE = f"/whatsapp/templates/{KAHVILA}/{IDENTITY}"
LIST = f"/whatsapp/templates/{KAHVILA}"
OFFER = {
    "DisplayName": "Summer offer",
    "RawContent": "Hei {{1}}, tervetuloa {{2}}!",
    "Category": "Marketing",
    "Language": "fi",
    "Buttons": [{"Type": "QuickReply", "Label": "Tulen", "Data": "Tulen"}],
}


@pytest.fixture
def offer(aino: Caller) -> Template:
    assert aino.call("POST", CREATE, OFFER).status_code == 204
    return Template.objects.get()


@pytest.fixture
def approved(offer: Template, client: Client) -> Template:
    client.post(f"/_control/templates/{offer.id}/review/", {"verdict": "approved"})
    offer.refresh_from_db()
    return offer


def send(caller: Caller, template: str, *parameters: str, **changes: object) -> object:
    body = {"TemplateName": template, "Recipients": [{"Address": "+358401234567"}]}
    body |= {"BodyParameters": list(parameters)} | changes
    headers = {"Customer_Id": KAHVILA, "Service_Id": MARKETING}
    return caller.call("POST", "/messages/templates/whatsapp", body, **headers)


def test_creating_a_template_answers_nothing_and_awaits_review(aino: Caller, offer: Template) -> None:
    assert offer.review == Template.Review.PENDING
    assert offer.name.startswith("summer_offer_")
    assert aino.call("GET", LIST).json() == []


def test_an_approved_template_is_listed_by_id_name_and_content(aino: Caller, approved: Template) -> None:
    listed = {
        "id": approved.name,
        "displayName": "Summer offer",
        "extensionParameters": {"rawContent": OFFER["RawContent"]},
    }

    assert aino.call("GET", LIST).json() == [listed]
    assert aino.call("GET", f"{LIST}?TemplateId={approved.name}").json() == [listed]
    assert aino.call("GET", f"{LIST}?TemplateId=another").json() == []


def test_a_rejected_template_is_not_listed_unless_a_switch_lists_all(
    aino: Caller, offer: Template, client: Client
) -> None:
    client.post(f"/_control/templates/{offer.id}/review/", {"verdict": "rejected"})
    assert aino.call("GET", LIST).json() == []

    switches.change({"list_all_templates": True})

    assert len(aino.call("GET", LIST).json()) == 1


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"Language": "fi_FI"}, "2-character"),
        ({"Category": "Shipping Update"}, "Category must be one of"),
        ({"DisplayName": "x" * 101}, "longer than 100"),
        ({"Buttons": [{"Type": "Url", "Data": "https://a.fi"}, {"Type": "Call", "Data": "1"}]}, "one Type"),
        ({"Buttons": [{"Type": "QuickReply", "Data": "x" * 21}]}, "longer than 20"),
        ({"Buttons": [{"Type": "Flow"}]}, "Type must be one of"),
    ],
)
def test_a_bad_template_is_a_400_that_says_why(aino: Caller, change: dict[str, object], wanted: str) -> None:
    response = aino.call("POST", CREATE, OFFER | change)

    assert response.status_code == 400
    assert wanted in said(response)


def test_an_identity_that_is_not_the_customers_is_a_400(aino: Caller) -> None:
    path = f"/whatsapp/templates/{KAHVILA}/%2B358457000003"

    assert aino.call("POST", path, OFFER).status_code == 400


def test_sending_fills_the_variables_and_answers_in_camel_case(aino: Caller, approved: Template) -> None:
    reply = send(aino, approved.name, "Maija", "perjantaina").json()

    assert reply.keys() == {"messageId", "messagePartCount", "recipients"}
    assert reply["recipients"][0].keys() == {"address", "id"}
    assert Recipient.objects.get().text == "Hei Maija, tervetuloa perjantaina!"


def test_sending_needs_an_approved_template_and_all_its_parameters(aino: Caller, offer: Template) -> None:
    assert "no approved template" in said(send(aino, offer.name, "Maija", "pe"))
    Template.objects.update(review=Template.Review.APPROVED)

    assert "needs 2 BodyParameters" in said(send(aino, offer.name, "Maija"))
    assert said(send(aino, offer.name, "a", "b", Sender="Aalto")) == "Sender is not a property of the body"


def test_the_pickers_answer_in_the_contracts_shapes(aino: Caller) -> None:
    assert aino.call("GET", "/whatsapp/templates/categories").json() == [
        "Marketing",
        "Utility",
        "Authentication",
    ]
    identities = aino.call("GET", f"/whatsapp/identities/{KAHVILA}").json()
    assert identities == [{"inputSource": {"address": "+358457000001"}}]


def test_consent_is_given_and_taken_back(aino: Caller, otto: Caller) -> None:
    path = f"/whatsapp/opt-in/sender/{IDENTITY}/recipient/%2B358401234567"

    assert aino.call("POST", path).status_code == 204
    assert OptIn.objects.get().opted_in
    assert aino.call("DELETE", path).status_code == 204
    assert not OptIn.objects.get().opted_in
    assert otto.call("POST", path).status_code == 403


def test_the_deprecated_opt_ins_may_be_gone(aino: Caller) -> None:
    switches.change({"whatsapp_opt_ins": "gone"})

    path = f"/whatsapp/opt-in/sender/{IDENTITY}/recipient/%2B358401234567"
    assert [aino.call(each, path).status_code for each in ("POST", "DELETE")] == [404, 404]
