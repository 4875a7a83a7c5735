"""A number that nobody in a group has: looked up at SmartDialog by one call, and adopted by none."""

from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.consent import propagation
from contacts.erasure import contact_holders
from contacts.erasure.registry import DataSubject
from contacts.models import Contact, Lookup, LookupState, SyncState
from contacts.sync import lookups
from contacts.tests.erasures import make_erased
from gateway import clock
from gateway.models import Lane, Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog.errors import Refused
from gateway.smartdialog.types import RemoteContact
from tests.factories import make_contact, suppress
from tests.people import client_of

PHONE = "+358409999999"
HTMX = {"HTTP_HX_REQUEST": "true"}
THERE = RemoteContact(
    phone=PHONE,
    email="liisa@example.fi",
    first_name="Liisa",
    last_name="Virtanen",
    gender="Female",
    birth_year=1984,
    street_address="",
    zip_code="",
    city="Turku",
    country_code="FIN",
    failed_messages=0,
    properties=[("Level", "Gold")],
)


@pytest.fixture
def asked(group, mikko, connected) -> Lookup:
    return lookups.start_lookup(group, phone=PHONE, by=mikko)


@pytest.fixture
def found(asked) -> Lookup:
    handler_of(call()).done(QueuedCall(call()), THERE)
    asked.refresh_from_db()
    return asked


def call() -> Operation:
    return Operation.objects.get(kind="contact.find", state=OperationState.WAITING)


def refuse(error: Refused) -> None:
    operation = call()
    Operation.objects.filter(pk=operation.pk).update(state=OperationState.FAILED)
    operation.refresh_from_db()
    handler_of(operation).refused(QueuedCall(operation), error)


def page_of(lookup: Lookup, person, **headers) -> str:
    return client_of(person).get(reverse("contacts:lookup", args=[lookup.pk]), **headers).content.decode()


def adoption(lookup: Lookup, person):
    return client_of(person).post(reverse("contacts:lookup_adoption", args=[lookup.pk]), follow=True)


def erase(group) -> None:
    make_erased(group.customer, PHONE)


@pytest.mark.parametrize("text", ["040 999 9999", PHONE, "0409999999"])
def test_a_search_for_a_number_that_nobody_has_offers_to_look_it_up(group, mikko, text):
    make_contact(group)

    table = client_of(mikko).get(reverse("contacts:group", args=[group.pk]), {"q": text}).content.decode()

    assert "Look this number up at SmartDialog" in table
    assert f'value="{PHONE}"' in table


@pytest.mark.parametrize("text", ["0409", "Liisa", "", "040 100 0001"])
def test_any_other_search_offers_nothing(group, mikko, text):
    make_contact(group)

    table = client_of(mikko).get(reverse("contacts:group", args=[group.pk]), {"q": text})

    assert b"Look this number up" not in table.content


def test_a_viewer_is_offered_nothing(group, vera):
    make_contact(group)

    table = client_of(vera).get(reverse("contacts:group", args=[group.pk]), {"q": PHONE})

    assert b"Nobody matches" in table.content
    assert b"Look this number up" not in table.content


def test_the_form_asks_for_the_number_in_it_by_one_urgent_call(group, mikko, connected):
    browser = client_of(mikko)
    for _ in range(2):
        answer = browser.post(reverse("contacts:lookups", args=[group.pk]), {"phone": "040 999 9999"})

    lookup = Lookup.objects.get()
    assert answer.url == reverse("contacts:lookup", args=[lookup.pk])
    assert (call().lane, call().payload["phone"]) == (Lane.INTERACTIVE, PHONE)
    assert "Asking SmartDialog" in page_of(lookup, mikko)


def test_a_number_that_is_none_comes_back_with_what_was_typed(group, mikko, connected):
    form = {"phone": "12", "first_name": "Liisa"}

    answer = client_of(mikko).post(reverse("contacts:lookups", args=[group.pk]), form).content.decode()

    assert 'value="12"' in answer
    assert 'value="Liisa"' in answer
    assert not Operation.objects.exists()


TYPED = {
    "phone": PHONE,
    "first_name": "Liisa",
    "birth_year": "84",
    "property_name": ["Level", ""],
    "property_value": ["Gold", ""],
}


def typed_by(person, group) -> str:
    """And not at SmartDialog: the address of the form to go on with. "Gets messages" was unticked."""
    client_of(person).post(reverse("contacts:lookups", args=[group.pk]), TYPED)
    refuse(Refused("No such contact.", status=404))
    return f"{reverse('contacts:new', args=[group.pk])}?{Lookup.objects.get().query}"


def test_what_was_typed_is_still_there_when_smartdialog_does_not_have_the_number(group, mikko, connected):
    form = client_of(mikko).get(typed_by(mikko, group)).context["form"]

    assert (form["phone"].value(), form["first_name"].value(), form["birth_year"].value()) == (
        PHONE,
        "Liisa",
        "84",
    )
    assert form["active"].value() is False
    assert form.property_rows() == [("Level", "Gold"), ("", "")]


def test_what_was_typed_outlives_another_try(group, mikko, connected):
    url = typed_by(mikko, group)
    client_of(mikko).post(reverse("contacts:lookups", args=[group.pk]), {"phone": PHONE})

    assert client_of(mikko).get(url).context["form"]["first_name"].value() == "Liisa"


def test_what_was_typed_is_for_nobody_else(group, mikko, aino, connected):
    form = client_of(aino).get(typed_by(mikko, group)).context["form"]

    assert (form["phone"].value(), form["first_name"].value()) == (PHONE, None)


def test_adopting_says_that_what_was_typed_is_left_out(found, mikko):
    Lookup.objects.update(typed={"first_name": "Lisa"})

    assert "without what was typed" in page_of(found, mikko)


def test_a_number_that_somebody_here_has_costs_no_call(group, mikko, connected):
    anna = make_contact(group, phone=PHONE)

    answer = client_of(mikko).post(reverse("contacts:lookups", args=[group.pk]), {"phone": PHONE})

    assert answer.url == reverse("contacts:contact", args=[anna.pk])
    assert not Operation.objects.exists()


def test_what_smartdialog_has_is_shown_field_by_field_as_page_and_fragment(found, mikko):
    for text in (page_of(found, mikko), page_of(found, mikko, **HTMX)):
        for value in ["Liisa", "Virtanen", "Female", "1984", "Turku", "FIN", "Level", "Gold"]:
            assert value in text
        assert "Add to this group’s list" in text
    assert not page_of(found, mikko, **HTMX).lstrip().startswith("<!doctype")


def test_it_is_adopted_without_a_call(found, mikko):
    Operation.objects.update(state=OperationState.DONE)

    adoption(found, mikko)

    liisa = Contact.objects.get(phone=PHONE)
    assert (liisa.first_name, liisa.birth_year, liisa.properties) == ("Liisa", 1984, {"Level": "Gold"})
    assert (liisa.undecided, liisa.known_remotely, liisa.active) == (True, True, False)
    assert liisa.verified_at
    assert list(Contact.objects.matching("gold")) == [liisa]
    assert Operation.objects.count() == 1
    assert AuditEvent.objects.get(verb="contact.found").after["city"] == "Turku"
    assert "Found at SmartDialog, and added" in page_of_contact(liisa, mikko)


def page_of_contact(contact: Contact, person) -> str:
    return client_of(person).get(reverse("contacts:contact", args=[contact.pk])).content.decode()


def test_what_cannot_be_kept_is_named_and_left_out(found, mikko):
    Lookup.objects.update(found={"city": "Turku", "birth_year": "12", "first_name": "x" * 5000})

    assert page_of(found, mikko).count("cannot be kept here") == 2
    adoption(found, mikko)

    liisa = Contact.objects.get(phone=PHONE)
    assert (liisa.city, liisa.birth_year, liisa.first_name) == ("Turku", None, "")


def test_adopting_does_not_overrule_a_wish_for_no_messages(group, found, mikko):
    suppress(group.customer, phone=PHONE, reason="Answered STOP")

    assert "stay without messages" in page_of(found, mikko)
    adoption(found, mikko)

    assert not Contact.objects.get(phone=PHONE).active


@pytest.mark.parametrize("active", [None, True])
def test_smartdialog_is_told_who_wants_no_messages_of_whoever_is_adopted(group, found, mikko, active):
    Operation.objects.update(state=OperationState.DONE)
    suppress(group.customer, phone=PHONE, reason="Answered STOP")
    Lookup.objects.update(active=active)

    answer = adoption(found, mikko).content.decode()
    propagation.sweep()

    liisa = Contact.objects.get(phone=PHONE)
    told = Operation.objects.get(kind="contact.update")
    assert (liisa.active, liisa.undecided) == (False, False)
    assert (told.payload["contact"]["active"], told.payload["contact"]["city"]) == (False, "Turku")
    assert "SmartDialog is told" in answer


def test_adopting_does_not_bring_back_somebody_who_was_erased(group, found, mikko):
    erase(group)

    answer = adoption(found, mikko)

    assert b"asked to be erased" in answer.content
    assert not Contact.objects.exists()


def test_somebody_who_was_erased_is_not_looked_up(group, mikko, connected):
    erase(group)

    answer = client_of(mikko).post(reverse("contacts:lookups", args=[group.pk]), {"phone": PHONE})

    assert b"asked to be erased" in answer.content
    assert not Operation.objects.exists()


@pytest.mark.parametrize("state", [SyncState.SYNCED, SyncState.DELETING])
def test_adopting_leaves_somebody_who_is_here_meanwhile_alone(group, found, mikko, state):
    anna = make_contact(group, phone=PHONE, first_name="Anna", sync_state=state)

    adoption(found, mikko)

    anna.refresh_from_db()
    assert (anna.first_name, anna.sync_state) == ("Anna", state)


def test_a_number_that_smartdialog_does_not_have_leads_to_the_form_with_it(asked, group, mikko):
    refuse(Refused("Not found.", status=404))

    asked.refresh_from_db()
    assert asked.state == LookupState.ABSENT
    form = reverse("contacts:new", args=[group.pk]) + "?phone=%2B358409999999"
    assert form in page_of(asked, mikko)
    assert f'value="{PHONE}"' in client_of(mikko).get(form).content.decode()
    assert not Operation.objects.filter(state=OperationState.FAILED).exists()


def test_a_failed_lookup_says_why_and_can_be_tried_again(asked, group, mikko):
    refuse(Refused("The group is locked.", status=422))

    assert "The group is locked." in page_of(asked, mikko)
    client_of(mikko).post(reverse("contacts:lookups", args=[group.pk]), {"phone": PHONE})

    asked.refresh_from_db()
    assert (asked.state, asked.error) == (LookupState.ASKING, "")
    assert call()
    assert not Operation.objects.filter(state=OperationState.FAILED).exists()


def test_a_lookup_is_its_customers_own_and_no_viewers(found, otto, vera):
    urls = [
        reverse("contacts:lookup", args=[found.pk]),
        reverse("contacts:lookup_adoption", args=[found.pk]),
        reverse("contacts:lookups", args=[found.group_id]),
    ]

    assert client_of(otto).get(urls[0]).status_code == 404
    assert client_of(vera).get(urls[0]).status_code == 403
    for url in urls[1:]:
        assert client_of(otto).post(url, {"phone": PHONE}).status_code == 404
        assert client_of(vera).post(url, {"phone": PHONE}).status_code == 403
    assert not Contact.objects.exists()


def test_what_nobody_adopted_is_not_kept(found):
    lookups.prune(clock.after(-7 * 86_400))
    assert Lookup.objects.exists()

    Lookup.objects.update(asked_at=clock.after(-8 * 86_400))
    lookups.prune(clock.after(-7 * 86_400))
    assert not Lookup.objects.exists()


def test_what_was_looked_up_of_a_person_is_told_and_erased(found, kahvila):
    person = DataSubject(kahvila, PHONE)

    assert contact_holders.LookupHolder().held(person)[0]["City"] == "Turku"
    assert contact_holders.LookupHolder().subjects(person) == [f"lookup:{found.pk}"]
    contact_holders.LookupHolder().erase(person, None)
    assert not Lookup.objects.exists()


def test_what_was_typed_is_shown_to_whom_it_concerns(group, mikko, connected):
    typed_by(mikko, group)

    [held] = contact_holders.LookupHolder().held(DataSubject(customer=group.customer, phone=PHONE))

    assert held["First name, as typed"] == "Liisa"
    assert held["Level, as typed"] == "Gold"


MEXICO, BEFORE_2020 = "+525512345678", "+5215512345678"


def test_a_number_that_is_written_in_two_ways_is_asked_for_in_both(group, mikko, connected):
    lookups.start_lookups(group, phones=[MEXICO], by=mikko)
    refuse(Refused("Nobody", status=404))
    assert call().payload["spelling"] == BEFORE_2020

    handler_of(call()).done(QueuedCall(call()), replace(THERE, phone=BEFORE_2020, active=True))

    contact = Contact.objects.get()
    assert (contact.phone, contact.first_name) == (BEFORE_2020, "Liisa")


def test_two_lookups_of_one_person_end_as_one(group, mikko, connected):
    for phone in (BEFORE_2020, MEXICO):
        lookups.start_lookup(group, phone=phone, by=mikko)
    Operation.objects.filter(payload__phone=BEFORE_2020).delete()
    refuse(Refused("Nobody", status=404))

    handler_of(call()).done(QueuedCall(call()), replace(THERE, phone=BEFORE_2020))

    assert [(each.phone, each.state) for each in Lookup.objects.all()] == [(BEFORE_2020, LookupState.FOUND)]


def test_a_number_that_is_there_in_no_spelling_is_absent(group, mikko, connected):
    asked = lookups.start_lookup(group, phone=MEXICO, by=mikko)
    for _ in range(2):
        refuse(Refused("Nobody", status=404))

    asked.refresh_from_db()
    assert asked.state == LookupState.ABSENT
    assert not Operation.objects.filter(state__in=["waiting", "failed"]).exists()
