import pytest
from django.test import Client
from django.utils import timezone

from sandbox import clock, switches
from sandbox.models import Contact, Fault, LedgerCall, Person, SwitchSetting, Template
from sandbox.tests.callers import Caller

pytestmark = pytest.mark.django_db

JSON = "application/json"


def test_switches_are_read_and_set_as_json(client: Client) -> None:
    response = client.post("/_switches", {"content_limit": 5}, content_type=JSON)

    assert response.json()["switches"]["content_limit"] == 5
    assert client.get("/_switches").json()["switches"]["delivery_seconds"] == 1.0


@pytest.mark.parametrize(
    "change", [{"nothing": 1}, {"content_limit": "many"}, {"duplicate_contact": "maybe"}]
)
def test_a_wrong_switch_is_a_400_and_changes_nothing(client: Client, change: dict[str, object]) -> None:
    assert client.post("/_switches", {"calls_per_minute": 5} | change, content_type=JSON).status_code == 400
    assert not SwitchSetting.objects.exists()


def test_the_clock_is_moved_and_tokens_feel_it(aino: Caller, client: Client) -> None:
    client.post("/_clock", {"offset": 3000}, content_type=JSON)
    assert aino.call("GET", "/customers").status_code == 200

    client.post("/_clock", {"advance": 700}, content_type=JSON)

    assert aino.call("GET", "/customers").status_code == 401
    assert 3690 < (clock.now() - timezone.now()).total_seconds() < 3710


def test_a_reset_forgets_everything_but_people(aino: Caller, client: Client) -> None:
    aino.create_contact("+358401234567")
    switches.change({"calls_per_minute": 1})

    client.post("/_reset", {}, content_type=JSON)

    assert not Contact.objects.exists()
    assert not LedgerCall.objects.exists()
    assert switches.get("calls_per_minute") == 100
    assert Person.objects.count() == 5
    assert aino.call("GET", "/customers").status_code == 200


def test_a_reset_spares_what_it_is_told_to(aino: Caller, client: Client) -> None:
    aino.create_contact("+358401234567")

    client.post("/_reset", {"keep": ["contacts"]}, content_type=JSON)

    assert Contact.objects.exists()
    assert not LedgerCall.objects.exists()
    assert client.post("/_reset", {"keep": ["people"]}, content_type=JSON).status_code == 400


def test_the_control_page_shows_what_there_is(aino: Caller, client: Client) -> None:
    body = {"DisplayName": "Summer offer", "RawContent": "Hei", "Category": "Utility", "Language": "fi"}
    customer = aino.person.customers.get(name="Kahvila Aalto")
    aino.call("POST", f"/whatsapp/templates/{customer.id}/%2B358457000001", body)

    page = client.get("/_control/").content.decode()

    assert 'data-testid="approve-summer-offer"' in page
    assert "CreateWhatsappTemplate" in page
    assert "1/100" in page
    assert "CreateWhatsappTemplate" in client.get("/_control/traffic/").content.decode()


def test_a_template_is_only_approved_or_rejected(client: Client, aino: Caller) -> None:
    template = Template.objects.create(customer=aino.person.customers.first(), created_at=timezone.now())

    refused = client.post(f"/_control/templates/{template.id}/review/", {"verdict": "perhaps"})

    assert refused.status_code == 400


def test_the_switch_form_saves_boxes_numbers_and_defaults(client: Client) -> None:
    form = {switch.name: switch.default for switch in switches.SWITCHES if switch.default is not False}
    form |= {"calls_per_minute": "7", "list_all_templates": "on"}
    del form["trigger_location"]

    assert client.post("/_control/switches/", form).status_code == 303

    assert switches.get("calls_per_minute") == 7
    assert switches.get("list_all_templates")
    assert not switches.get("trigger_location")
    client.post("/_control/switches/", {"defaults": "1"})
    assert not SwitchSetting.objects.exists()


def test_a_wrong_number_in_the_switch_form_is_told(client: Client) -> None:
    response = client.post("/_control/switches/", {"calls_per_minute": "many"})

    assert response.status_code == 400
    assert "many" in response.content.decode()


def test_faults_are_added_and_removed_on_the_page(client: Client) -> None:
    client.post(
        "/_control/faults/", {"op": "SendMessage", "do": "429", "when": "nth", "n": "3", "retry_after": ""}
    )

    fault = Fault.objects.get()
    assert (fault.operation, fault.n, fault.retry_after) == ("SendMessage", 3, None)
    assert "429" in client.get("/_control/").content.decode()
    client.post(f"/_control/faults/{fault.id}/removal/")
    assert not Fault.objects.exists()


def happen(client: Client, **event: object) -> tuple[int, dict[str, object]]:
    response = client.post("/_events", event, content_type=JSON)
    return response.status_code, response.json()


def test_a_template_is_reviewed_by_an_event(client: Client, aino: Caller) -> None:
    Template.objects.create(
        name="offer_1",
        display_name="Offer",
        customer=aino.person.customers.first(),
        created_at=timezone.now(),
    )

    assert happen(client, type="review", template="Offer", verdict="approved")[1]["events"] == [
        {"reviewed": 1}
    ]
    assert Template.objects.get().review == Template.Review.APPROVED
    assert happen(client, type="review", template="offer_1", verdict="perhaps")[0] == 400


def test_a_sign_in_is_ended_by_an_event(client: Client, aino: Caller) -> None:
    assert happen(client, type="sign_in", person="aino", action="expire")[0] == 200

    assert aino.call("GET", "/customers").status_code == 401
    assert happen(client, type="sign_in", person="nobody", action="expire")[0] == 400
    assert happen(client, type="sign_in", person="aino", action="sell")[0] == 400
