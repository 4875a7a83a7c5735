"""Many contacts at once over real HTTP: saved, verified, and a group emptied by one call."""

import pytest
from django.urls import reverse

from accounts.models import User
from contacts.bulk import action_lifecycle, action_runner
from contacts.editing import crud
from contacts.listing import TableQuery
from contacts.listing.selection import Selection
from contacts.models import BulkAction, BulkState, BulkVerb, Contact
from gateway.models import Call, Service
from gateway.outbox.draining import drain
from tests.integration.conftest import Browser

pytestmark = pytest.mark.django_db

PHONES = ("+358401230001", "+358401230002", "+358401230003")


@pytest.fixture
def person(mikko_signed_in: User, settings) -> User:
    settings.BULK_GRACE = 0
    return mikko_signed_in


@pytest.fixture
def group(person: User) -> Service:
    """With three people whom SmartDialog knows."""
    group = Service.objects.groups().get(name="Jäsenet")
    for phone in PHONES:
        crud.add(group, phone=phone, values={"first_name": "Maija", "city": "Oulu"}, by=person)
    drain(person.connection.pk)
    assert states(group) == {"synced"}
    return group


def states(group: Service) -> set[str]:
    return set(Contact.objects.filter(group=group).values_list("sync_state", flat=True))


def carry(browser: Browser, group: Service, person: User, verb: str) -> BulkAction:
    """As a person and the workers do."""
    shown = action_lifecycle.price(BulkVerb(verb), Selection(group, TableQuery()))
    form = {"verb": verb, "matching": "yes", "filter": "", "agreed": len(PHONES)}
    form |= {"fingerprint": shown.fingerprint, "typed": shown.to_type}
    assert browser.client.post(reverse("contacts:bulk", args=[group.pk]), form).status_code == 302
    action = BulkAction.objects.latest("pk")
    for _ in range(2):
        action_runner.run(action.pk)
        drain(person.connection.pk)
    action_lifecycle.sweep()
    action.refresh_from_db()
    return action


def test_a_group_is_verified_and_who_differs_there_is_marked(browser, sandbox, group, person):
    Contact.objects.filter(group=group, phone=PHONES[0]).update(city="Turku")

    action = carry(browser, group, person, "verify")

    assert (action.state, action.done) == (BulkState.DONE, 3)
    differing = Contact.objects.get(sync_state="failed")
    assert (differing.phone, "city" in differing.sync_error) == (PHONES[0], True)
    assert not Contact.objects.filter(group=group, verified_at=None).exists()


def test_a_group_is_emptied_by_one_call_and_then_nobody_is_there(browser, sandbox, group, person):
    action = carry(browser, group, person, "delete")

    assert (action.state, action.done) == (BulkState.DONE, 3)
    assert Call.objects.filter(operation__batch=action.batch).count() == 1
    assert not Contact.objects.filter(group=group).exists()
    arrivals = [call for call in sandbox.get("/_ledger")["calls"] if call["method"] == "DELETE"]
    assert len(arrivals) == 1
