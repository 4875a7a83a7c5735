"""Whom SmartDialog had before us: what people see of them, and decide."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.consent import propagation
from contacts.editing import crud, history
from contacts.errors import EditConflict
from contacts.models import BulkVerb, Contact, Import, ImportState, Suppression, SyncState
from contacts.sync import pushing, remote_merge
from contacts.tests.bulk_actions import done
from contacts.tests.conftest import plan_calls
from gateway.models import Operation
from gateway.smartdialog.types import RemoteContact
from tests.factories import make_contact, suppress
from tests.people import client_of

PHONE = "+358401111111"


def there(**fields: object) -> RemoteContact:
    blank = dict.fromkeys(
        ("email", "first_name", "last_name", "gender", "street_address", "zip_code", "city", "country_code"),
        "",
    )
    others = {"birth_year": None, "failed_messages": None, "properties": []}
    return RemoteContact(**{"phone": PHONE, **blank, **others, **fields})


@pytest.fixture
def job(group, mikko) -> Import:
    return Import.objects.create(group=group, created_by=mikko, state=ImportState.DONE, saved=1)


@pytest.fixture
def anna(group, job) -> Contact:
    """Met, and undecided."""
    fields = {"known_remotely": False, "sync_state": SyncState.WAITING}
    anna = make_contact(group, phone=PHONE, first_name="Anna", last_import=job, **fields)
    remote_merge.meet(
        anna, there(first_name="Anne", email="a@example.com", properties=[("Taso", "kulta")]), by=None
    )
    return anna


def test_what_we_say_wins_and_what_we_do_not_say_stays(anna):
    assert anna.values() == {
        "phone": PHONE,
        "first_name": "Anna",
        "email": "a@example.com",
        "property:Taso": "kulta",
    }
    assert anna.met == {"first_name": "Anne", "email": "a@example.com", "property:Taso": "kulta"}


def test_what_cannot_be_kept_here_is_sent_as_it_was(group, mikko, connected):
    contact = make_contact(group, phone=PHONE, active=False)
    remote_merge.meet(contact, there(email="no email"), by=None)
    crud.edit(contact, values={"first_name": "Anna"}, revision=contact.revision, by=mikko)

    sent = Operation.objects.get().payload["contact"]
    assert (contact.email, sent["email"], sent["first_name"]) == ("", "no email", "Anna")


def test_what_nobody_has_said_is_not_sent_empty(group):
    contact = make_contact(group, phone=PHONE, active=False)
    remote_merge.meet(contact, there(city="Oulu"), by=None)

    body = pushing.fields_of(contact).wire(with_phone=False)
    assert "email" not in body
    assert body["city"] == "Oulu"


def test_a_no_that_is_known_here_stays_and_nobody_is_asked(group):
    contact = make_contact(group, phone=PHONE, active=False)

    remote_merge.meet(contact, there(active=None), by=None)

    assert (contact.active, contact.undecided) == (False, False)


def test_nothing_is_changed_of_whom_is_undecided(anna, mikko, connected):
    with pytest.raises(EditConflict):
        crud.edit(anna, values={"first_name": "Anni"}, revision=anna.revision, by=mikko)
    with pytest.raises(EditConflict):
        crud.resend(anna, by=mikko)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("verb", "kinds"),
    [(BulkVerb.SEND, []), (BulkVerb.ACTIVATE, ["contact.update"]), (BulkVerb.DEACTIVATE, ["contact.update"])],
)
def test_many_are_decided_at_once_and_sent_only_then(anna, group, mikko, connected, verb, kinds):
    agreed = {"words": "Said so on the phone", "dated": "2026-11-12"} if verb == BulkVerb.ACTIVATE else {}
    done(verb, group, mikko, query="state=undecided", **agreed)
    plan_calls(connected)

    assert list(Operation.objects.values_list("kind", flat=True)) == kinds
    anna.refresh_from_db()
    assert anna.undecided == (not kinds)
    assert anna.active == (verb == BulkVerb.ACTIVATE)
    assert anna.imported_revision != anna.revision or not kinds


def test_the_sheet_asks_and_takes_the_answer(anna, mikko, connected):
    browser = client_of(mikko)
    sheet = browser.get(reverse("contacts:contact", args=[anna.pk])).content.decode()
    assert "In SmartDialog before" in sheet
    assert "a@example.com" in sheet

    browser.post(reverse("contacts:decision", args=[anna.pk]), {"active": "yes"})

    anna.refresh_from_db()
    assert (anna.active, anna.undecided, anna.sync_state) == (True, False, SyncState.WAITING)
    assert Operation.objects.get().kind == "contact.update"


def test_the_history_tells_what_was_there(anna):
    [step] = history.of_contact(anna)

    assert ("First name", "Anne", "Anna") in step.changes
    assert ("Email", "", "a@example.com") in step.changes


def test_the_import_says_how_many_were_met_and_lists_them(anna, job, mikko):
    browser = client_of(mikko)

    page = browser.get(reverse("contacts:import_page", args=[job.pk])).content.decode()
    listed = browser.get(reverse("contacts:import_met", args=[job.pk])).content.decode()

    assert "1 contact of this import was at SmartDialog before" in page
    assert "SmartDialog does not say whether 1 of them gets messages" in page
    assert "Anne" in listed
    assert "Undecided" in listed


def test_the_list_costs_the_same_for_many(anna, group, job, mikko):
    browser, url = client_of(mikko), reverse("contacts:import_met", args=[job.pk])

    def queries() -> int:
        with CaptureQueriesContext(database) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    few = queries()
    for number in range(10):
        make_contact(group, last_import=job, met={"city": f"City {number}"})
    assert queries() == few


def test_whose_number_opted_out_elsewhere_is_not_made_active_by_a_decision(anna, kahvila, mikko, connected):
    Suppression.objects.create(customer=kahvila, phone=anna.phone, source="message")

    with pytest.raises(EditConflict, match="opted out"):
        crud.decide(anna, active=True, by=mikko)

    anna.refresh_from_db()
    assert (anna.active, anna.undecided) == (False, True)


def test_an_opt_out_decides_about_them_and_reaches_smartdialog(anna, kahvila, connected):
    suppress(kahvila, phone=anna.phone)

    anna.refresh_from_db()
    [call] = Operation.objects.all()
    assert (anna.active, anna.undecided) == (False, False)
    assert (call.kind, call.payload["contact"]["active"]) == ("contact.update", False)


def test_an_opt_out_that_is_removed_decides_about_them_everywhere(anna, kahvila, connected):
    propagation.allow(kahvila, [anna.phone], by=None)

    anna.refresh_from_db()
    assert (anna.active, anna.undecided) == (True, False)
