import pytest

from sandbox import switches
from sandbox.models import Subscription
from sandbox.tests.callers import API, INBOUND, KAHVILA, MARKETING, Caller, said

pytestmark = pytest.mark.django_db

TRIGGER = {
    "name": "Dashboard",
    "actionType": "HttpRequest",
    "description": "Inbound messages",
    "options": {"endpointUrl": "http://127.0.0.1:8000/hooks/inbound/secret/", "httpVerb": "POST"},
}
PATH = f"/service/{INBOUND}/pipelines/actions"


def test_a_person_sees_their_customers_and_no_others(aino: Caller, otto: Caller) -> None:
    names = [one["customerName"] for one in aino.call("GET", "/customers").json()["customerUsers"]]

    assert names == ["Kahvila Aalto", "Trattoria Sole"]
    assert otto.call("GET", "/customers").json()["customerUsers"][0]["customerName"] == "Outsider Oy"


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ({"ServiceType": "OneWay"}, ["Customer service", "Marketing messages"]),
        ({"ServiceType": "OneWay", "AllowReplyMessage": "true"}, ["Customer service"]),
        ({"ServiceType": "OneWay", "AllowReplyMessage": "false"}, ["Marketing messages"]),
        ({"ServiceType": "TwoWay"}, ["Inbound 1234567"]),
        ({"ServiceType": "Group"}, ["Jäsenet", "Uutiskirje"]),
    ],
)
def test_services_are_listed_by_kind(aino: Caller, headers: dict[str, str], names: list[str]) -> None:
    services = aino.call("GET", f"/services/{KAHVILA}", **headers).json()

    assert [service["name"] for service in services] == names


@pytest.mark.parametrize(
    "headers", [{}, {"ServiceType": "Dialog"}, {"ServiceType": "OneWay", "AllowReplyMessage": "True"}]
)
def test_a_wrong_picker_header_is_a_400(aino: Caller, headers: dict[str, str]) -> None:
    assert aino.call("GET", f"/services/{KAHVILA}", **headers).status_code == 400


def test_a_trigger_is_created_with_its_location_and_deleted_there(aino: Caller) -> None:
    created = aino.call("POST", PATH, TRIGGER, Customer=KAHVILA)

    assert created.status_code == 201
    assert created["Location"].endswith(f"/actions/{created.json()['id']}")
    location = created["Location"].removeprefix(f"http://testserver{API}")
    assert aino.call("DELETE", location).status_code == 204
    assert aino.call("DELETE", location).status_code == 404
    assert not Subscription.objects.exists()


def test_a_stranger_cannot_delete_a_trigger(aino: Caller, otto: Caller) -> None:
    location = aino.call("POST", PATH, TRIGGER, Customer=KAHVILA)["Location"]

    assert otto.call("DELETE", location.removeprefix(f"http://testserver{API}")).status_code == 403


def test_the_location_can_be_left_out_by_switch(aino: Caller) -> None:
    switches.change({"trigger_location": False})

    assert "Location" not in aino.call("POST", PATH, TRIGGER, Customer=KAHVILA)


def test_a_trigger_needs_a_two_way_service_and_a_url(aino: Caller) -> None:
    one_way = aino.call("POST", f"/service/{MARKETING}/pipelines/actions", TRIGGER, Customer=KAHVILA)
    no_url = aino.call("POST", PATH, TRIGGER | {"options": {"httpVerb": "POST"}}, Customer=KAHVILA)

    assert "TwoWay" in said(one_way)
    assert "endpointUrl" in said(no_url)


def test_regions_have_two_letter_values_and_names(aino: Caller) -> None:
    regions = aino.call("GET", "/phonenumberregions").json()

    assert {"value": "FI", "name": "Finland"} in regions
    assert len(regions) > 200
    assert all(len(region["value"]) == 2 for region in regions)
