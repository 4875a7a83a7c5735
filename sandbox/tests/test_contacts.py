from uuid import UUID

import pytest
from django.test import Client

from sandbox import switches
from sandbox.models import Contact, Service
from sandbox.tests.callers import GROUP, KAHVILA, MARKETING, Caller, said

pytestmark = pytest.mark.django_db

LIST = f"/groupcontact/{KAHVILA}/{GROUP}"
MAIJA = f"{LIST}/%2B358401234567"
FIELDS = {
    "email": "maija@example.com",
    "firstName": "Maija",
    "gender": "Female",
    "birthYear": 1980,
    "customContactProperties": [{"name": "table", "value": "7"}],
}


def test_creating_a_contact_returns_a_bare_uuid(aino: Caller, group: Service) -> None:
    response = aino.create_contact("+358401234567", **FIELDS, active=False)

    assert response.status_code == 200
    assert UUID(response.json()) == group.contacts.get(phone="+358401234567", active=False).id


def test_a_contact_reads_back_without_active(aino: Caller) -> None:
    aino.create_contact("+358401234567", **FIELDS)

    shown = aino.call("GET", MAIJA).json()

    assert shown == FIELDS | {"phone": "+358401234567", "failedMessages": 0}


def test_a_national_number_is_read_in_the_first_region_that_fits(aino: Caller, group: Service) -> None:
    aino.create_contact("040 123 4567")
    aino.create_contact("333 123 4567", phoneNumberRegions=["FI", "IT"])

    assert sorted(group.contacts.values_list("phone", flat=True)) == ["+358401234567", "+393331234567"]
    assert aino.call("GET", f"{LIST}/3331234567?Region=IT").status_code == 200


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"phone": "12"}, "not a valid phone"),
        ({"phone": ""}, "phone is required"),
        ({"phone": "+358401234567", "gender": "female"}, "gender must be one of"),
        ({"phone": "+358401234567", "FirstName": "Maija"}, "FirstName is not a property"),
        ({"phone": "+358401234567", "birthYear": "1980"}, "birthYear must be"),
        ({"phone": "+358401234567", "birthYear": 2**40}, "birthYear must be"),
        ({"phone": "+358401234567", "phoneNumberRegions": ["XX"]}, "not a phone number region"),
        ({"firstName": "Maija"}, "phone is required"),
    ],
)
def test_a_bad_body_is_a_400_that_says_why(aino: Caller, change: dict[str, object], wanted: str) -> None:
    response = aino.call("POST", LIST, change)

    assert response.status_code == 400
    assert wanted in said(response)


def test_a_phone_that_is_there_is_refused_or_updated_by_switch(aino: Caller, group: Service) -> None:
    first = aino.create_contact("+358401234567").json()
    assert aino.create_contact("+358401234567").status_code == 400

    switches.change({"duplicate_contact": "upsert"})

    assert aino.create_contact("+358401234567", firstName="Maija").json() == first
    assert group.contacts.get().fields == {"firstName": "Maija"}


def test_an_update_replaces_everything_and_activates_when_it_says_nothing(
    aino: Caller, group: Service
) -> None:
    aino.create_contact("+358401234567", **FIELDS, active=False)

    assert aino.call("PUT", MAIJA, {"lastName": "M"}).json() is True

    contact = group.contacts.get()
    assert contact.fields == {"lastName": "M"}
    assert contact.active
    assert (contact.created_count, contact.updated_count) == (1, 1)


def test_with_the_switch_an_update_keeps_what_it_leaves_out(aino: Caller, group: Service) -> None:
    switches.change({"replace_on_update": False})
    aino.create_contact("+358401234567", **FIELDS, active=False)

    aino.call("PUT", MAIJA, {"firstName": "M"})

    assert group.contacts.get().fields == FIELDS | {"firstName": "M"}
    assert not group.contacts.get().active


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_contact_is_a_404(aino: Caller, method: str) -> None:
    assert aino.call(method, MAIJA, {} if method == "PUT" else None).status_code == 404


def test_with_the_switch_an_unknown_contact_is_a_plain_false(aino: Caller) -> None:
    switches.change({"unknown_contact": "false"})

    assert aino.call("DELETE", MAIJA).json() is False


def test_deleting_one_leaves_the_others(aino: Caller, group: Service) -> None:
    aino.create_contact("+358401234567")
    aino.create_contact("+358401234568")

    assert aino.call("DELETE", MAIJA).json() is True
    assert group.contacts.get().phone == "+358401234568"


@pytest.mark.parametrize("path", [LIST, f"{LIST}/"])
def test_deleting_without_a_phone_empties_the_group(aino: Caller, path: str) -> None:
    aino.create_contact("+358401234567")

    assert aino.call("DELETE", path).json() is True
    assert not Contact.objects.exists()


def test_a_service_that_is_no_group_is_a_404(aino: Caller) -> None:
    assert (
        aino.call("POST", f"/groupcontact/{KAHVILA}/{MARKETING}", {"phone": "+358401234567"}).status_code
        == 404
    )


def test_the_state_shows_every_group_with_its_contacts(aino: Caller, client: Client) -> None:
    aino.create_contact("+358401234567", firstName="Maija")

    groups = client.get("/_state?only=contacts").json()["contacts"]

    members = next(group for group in groups if group["group"] == GROUP)
    assert members["group_name"] == "Jäsenet"
    assert members["customer_name"] == "Kahvila Aalto"
    assert members["contacts"][0] | {"id": ""} == {
        "id": "",
        "phone": "+358401234567",
        "active": True,
        "firstName": "Maija",
        "created_count": 1,
        "updated_count": 0,
    }
    assert len(groups) == 4
