"""A group that others have used before us, over real HTTP: who is there is taken in, and given back.

Whatever SmartDialog does with a creation of somebody who is there: refuse it, or write over them.
"""

from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import User
from contacts.consent import opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.editing import crud
from contacts.importing import checking, import_lifecycle, saving, undoing
from contacts.importing.import_lifecycle import Upload
from contacts.models import BulkVerb, ConsentSource, Contact, Import, ImportState, Suppression
from contacts.sync import lookups
from contacts.tests.bulk_actions import done
from gateway.models import Operation, Service
from gateway.outbox.draining import drain
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.types import ContactFields
from tests.people import client_of
from tests.sandbox_process import Sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_who_is_there")]

ANNA, BEN = "+358401110001", "+358401110002"
FILE = b"Puhelin;Etunimi\n+358401110001;Anne\n+358401110002;Ben\n"
THERE = {
    "email": "anna@example.com",
    "lastName": "Virtanen",
    "city": "Oulu",
    "birthYear": 1980,
    "customContactProperties": [{"name": "Taso", "value": "kulta"}],
}


@pytest.fixture(params=["refuse", "upsert", "known to refuse"])
def with_who_is_there(request: pytest.FixtureRequest, sandbox: Sandbox, mikko_signed_in: User) -> str:
    """Known to refuse: nobody is looked up before they are created."""
    switch = "upsert" if request.param == "upsert" else "refuse"
    sandbox.post("/_switches", {"duplicate_contact": switch}).raise_for_status()
    Service.objects.update(keeps_who_is_there=True if request.param == "known to refuse" else None)
    return switch


@pytest.fixture
def group(mikko_signed_in: User) -> Service:
    return Service.objects.groups().get(name="Jäsenet")


@pytest.fixture
def anna(group: Service, mikko_signed_in: User, sandbox: Sandbox) -> None:
    """At SmartDialog before us, with all her fields and no messages."""
    api = SmartDialog(Client(mikko_signed_in.connection.access_token))
    fields = ContactFields(
        phone=ANNA,
        active=False,
        first_name="Anna",
        last_name="Virtanen",
        email="anna@example.com",
        city="Oulu",
        birth_year=1980,
        properties=[["Taso", "kulta"]],
    )
    api.create_contact(customer=group.customer.remote_id, group=group.remote_id, contact=fields)


@pytest.fixture
def job(group, anna, mikko_signed_in, tmp_path: Path, settings) -> Import:
    """Of Anna under another name, and of somebody new."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return imported(group, mikko_signed_in)


def imported(group: Service, by: User) -> Import:
    job = import_lifecycle.upload(Upload("people.csv", [FILE]), group=group, by=by)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])
    checking.check(job.pk)
    job.refresh_from_db()
    import_lifecycle.confirm(job, by=by)
    saving.save(job.pk)
    return carried(job, by)


def carried(job: Import, by: User) -> Import:
    """All its calls are made."""
    for _ in range(5):
        drain(by.connection.pk)
    import_lifecycle.sweep()
    job.refresh_from_db()
    return job


def take_back(job: Import, by: User) -> Import:
    undoing.begin(job, by=by)
    undoing.undo(job.pk)
    return carried(job, by)


def at_smartdialog(sandbox: Sandbox, phone: str) -> dict | None:
    """In the group that others have used."""
    groups = sandbox.state(only="contacts")["contacts"]
    theirs = (group["contacts"] for group in groups if group["group_name"] == "Jäsenet")
    found = [each for contacts in theirs for each in contacts if each["phone"] == phone]
    return found[0] if found else None


def has(sandbox: Sandbox, **fields: object) -> bool:
    there = at_smartdialog(sandbox, ANNA) or {}
    return all(there.get(name) == value for name, value in {**THERE, **fields}.items())


def test_an_import_writes_over_nobody_whom_smartdialog_had(job, sandbox):
    contact = Contact.objects.get(phone=ANNA)

    assert has(sandbox, active=False, firstName="Anna", updated_count=0)
    assert at_smartdialog(sandbox, BEN)["firstName"] == "Ben"
    assert (contact.first_name, contact.last_name, contact.email) == ("Anne", "Virtanen", "anna@example.com")
    assert (contact.birth_year, contact.properties) == (1980, {"Taso": "kulta"})


def test_it_is_seen_what_smartdialog_does_with_who_is_there(job, sandbox, group, with_who_is_there):
    group.refresh_from_db()
    assert group.keeps_who_is_there == (with_who_is_there == "refuse")
    assert at_smartdialog(sandbox, BEN)["created_count"] == (1 if group.keeps_who_is_there else 2)


def test_whether_they_get_messages_is_asked_and_until_then_they_get_none(job, group):
    assert job.state == ImportState.DONE
    assert [each.phone for each in Contact.objects.filter(group=group).messageable()] == [BEN]
    assert Contact.objects.get(undecided=True).phone == ANNA


@pytest.mark.parametrize("active", [True, False])
def test_what_is_decided_is_merged_and_sent(job, sandbox, mikko_signed_in, active):
    crud.decide(Contact.objects.get(phone=ANNA), active=active, by=mikko_signed_in)
    carried(job, mikko_signed_in)

    assert has(sandbox, active=active, firstName="Anne")
    assert Contact.objects.get(phone=ANNA).sync_state == "synced"


def test_taking_back_before_anything_is_decided_changes_nobody_there(job, sandbox, mikko_signed_in):
    take_back(job, mikko_signed_in)

    assert has(sandbox, active=False, firstName="Anna", updated_count=0)
    assert at_smartdialog(sandbox, BEN) is None
    assert not Contact.objects.exists()
    assert job.undone == {"deleted": 1, "restored": 0, "left_alone": 0, "given_back": 1}


def test_taking_back_gives_back_what_was_there(job, sandbox, mikko_signed_in):
    crud.decide(Contact.objects.get(phone=ANNA), active=False, by=mikko_signed_in)
    carried(job, mikko_signed_in)
    take_back(job, mikko_signed_in)

    assert has(sandbox, active=False, firstName="Anna")
    assert at_smartdialog(sandbox, BEN) is None
    assert not Contact.objects.exists()


def test_a_no_that_smartdialog_tells_of_is_kept(group, anna, sandbox, mikko_signed_in, tmp_path, settings):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    sandbox.post("/_switches", {"read_says_active": True}).raise_for_status()

    imported(group, mikko_signed_in)

    contact = Contact.objects.get(phone=ANNA)
    assert has(sandbox, active=False, firstName="Anne")
    assert (contact.active, contact.undecided, contact.sync_state) == (False, False, "synced")
    assert Suppression.objects.get(phone=ANNA).customer == group.customer


def test_a_form_that_meets_somebody_asks_before_it_writes(group, anna, sandbox, mikko_signed_in):
    contact = crud.add(group, phone=ANNA, values={"first_name": "Anne", "active": True}, by=mikko_signed_in)
    for _ in range(3):
        drain(mikko_signed_in.connection.pk)

    contact.refresh_from_db()
    assert has(sandbox, active=False, firstName="Anna", updated_count=0)
    assert (contact.undecided, contact.city) == (True, "Oulu")


def test_an_edit_while_the_creation_is_on_its_way_writes_over_nobody(group, anna, sandbox, mikko_signed_in):
    """The creation, or the look before it, may have left already."""
    contact = crud.add(group, phone=ANNA, values={"first_name": "Anne"}, by=mikko_signed_in)
    Operation.objects.filter(subject=f"contact:{contact.pk}").update(attempts=1)
    crud.edit(contact, values={"first_name": "Annika"}, revision=contact.revision, by=mikko_signed_in)
    for _ in range(4):
        drain(mikko_signed_in.connection.pk)

    contact.refresh_from_db()
    assert has(sandbox, active=False, firstName="Anna", updated_count=0)
    assert (contact.first_name, contact.undecided) == ("Annika", True)


@pytest.mark.parametrize("spelling", ["digits", "zeros"])
def test_whom_smartdialog_had_is_met_however_it_spells_the_number(
    group, anna, sandbox, mikko_signed_in, spelling
):
    sandbox.post("/_switches", {"answered_addresses": spelling}).raise_for_status()
    crud.add(group, phone=ANNA, values={"first_name": "Anne"}, by=mikko_signed_in)
    for _ in range(3):
        drain(mikko_signed_in.connection.pk)

    assert Contact.objects.get().city == "Oulu"


def drained(by: User) -> None:
    for _ in range(5):
        drain(by.connection.pk)


@pytest.fixture
def newsletter(mikko_signed_in: User) -> Service:
    return Service.objects.groups().get(name="Uutiskirje")


@pytest.mark.parametrize("verb", [BulkVerb.COPY, BulkVerb.MOVE])
def test_whoever_is_copied_to_where_they_are_already_is_merged_and_asked_about(
    group, newsletter, anna, sandbox, mikko_signed_in, settings, verb
):
    settings.BULK_GRACE = 0
    crud.add(newsletter, phone=ANNA, values={"first_name": "Anne", "city": "Turku"}, by=mikko_signed_in)
    drained(mikko_signed_in)

    action = done(verb, newsletter, mikko_signed_in, query="", target=group.pk, into=group.name)
    drained(mikko_signed_in)

    contact = Contact.objects.get(group=group)
    assert has(sandbox, active=False, firstName="Anna", updated_count=0)
    assert (contact.undecided, contact.first_name, contact.city) == (True, "Anne", "Turku")
    assert (contact.last_name, contact.met["city"]) == ("Virtanen", "Oulu")
    told = client_of(mikko_signed_in).get(reverse("contacts:bulk_action", args=[action.pk])).content.decode()
    assert "1 contact was in Jäsenet at SmartDialog before" in told


def test_whoever_gets_the_number_of_somebody_there_writes_over_nobody(group, anna, sandbox, mikko_signed_in):
    contact = crud.add(group, phone=BEN, values={"first_name": "Ben"}, by=mikko_signed_in)
    drained(mikko_signed_in)
    contact.refresh_from_db()

    crud.edit(contact, values={}, revision=contact.revision, by=mikko_signed_in, phone=ANNA)
    drained(mikko_signed_in)

    contact.refresh_from_db()
    assert has(sandbox, active=False, firstName="Anna", updated_count=0)
    assert (contact.undecided, contact.first_name, contact.city) == (True, "Ben", "Oulu")
    assert at_smartdialog(sandbox, BEN)["firstName"] == "Ben"

    crud.decide(contact, active=False, by=mikko_signed_in)
    drained(mikko_signed_in)

    assert has(sandbox, active=False, firstName="Ben")
    assert at_smartdialog(sandbox, BEN) is None


def test_a_no_that_is_known_here_reaches_whoever_is_taken_in(group, anna, sandbox, mikko_signed_in):
    sandbox.post("/_switches", {"read_says_active": True}).raise_for_status()
    api = SmartDialog(Client(mikko_signed_in.connection.access_token))
    ben = ContactFields(phone=BEN, active=True, first_name="Ben", city="Oulu")
    api.create_contact(customer=group.customer.remote_id, group=group.remote_id, contact=ben)
    opt_outs.opt_out(group.customer, BEN, Evidence(ConsentSource.MESSAGE, words="STOP"))

    lookups.start_lookups(group, phones=[BEN], by=mikko_signed_in)
    drained(mikko_signed_in)
    propagation.sweep()
    drained(mikko_signed_in)

    there = at_smartdialog(sandbox, BEN)
    assert (there["active"], there["firstName"], there["city"]) == (False, "Ben", "Oulu")
