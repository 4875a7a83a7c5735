"""Of a person whose contact was deleted or renumbered before, or whom a text names in another spelling."""

import pytest
from django.core.serializers import serialize

from accounts.models import AuditEvent
from accounts.trail import audit
from contacts.editing import crud
from contacts.erasure import erasing, person_search
from contacts.erasure.contact_holders import OtherContacts
from contacts.erasure.identity import person_of
from contacts.erasure.registry import DataSubject
from contacts.models import Contact, Lookup
from contacts.tests.answers import take
from contacts.tests.bulk_actions import delete_one
from gateway.models import Operation, OperationState
from tests.factories import make_contact

PHONE, FORMER = "+358401234567", "+358401111111"


def left() -> str:
    models = (Contact, AuditEvent, Operation)
    return "".join(serialize("json", model.objects.all()) for model in models)


def test_who_was_deleted_before_leaves_no_name_in_calls_and_the_trail(kahvila, group, aino, aino_connected):
    contact = crud.add(group, phone=PHONE, values={"first_name": "Zyxqvia"}, by=aino)
    take(Operation.objects.get())
    contact.refresh_from_db()
    crud.edit(contact, values={"last_name": "Testiviidakko"}, revision=contact.revision, by=aino)
    take(Operation.objects.get(state=OperationState.WAITING))
    contact.refresh_from_db()
    delete_one(contact, by=aino)
    take(Operation.objects.get(state=OperationState.WAITING))
    assert "Zyxqvia" in left()

    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    erasure.refresh_from_db()
    assert erasure.finished_at
    for word in ("Zyxqvia", "Testiviidakko", PHONE):
        assert word not in left()


def test_who_has_another_number_now_is_not_erased_by_the_one_before(kahvila, group, aino, aino_connected):
    contact = make_contact(group, phone=FORMER, first_name="Anna")
    crud.edit(contact, values={}, revision=0, by=aino, phone=PHONE)

    erasing.erase([kahvila], FORMER, by=aino)

    assert Contact.objects.get().first_name == "Anna"
    assert Operation.objects.get(state=OperationState.WAITING).payload["phone"] == PHONE


def test_the_number_before_is_found_with_the_one_of_now(kahvila, group, aino, aino_connected):
    contact = make_contact(group, phone=FORMER)
    crud.edit(contact, values={}, revision=0, by=aino, phone=PHONE)

    assert person_search.numbers_for([kahvila], "040 123 4567") == [PHONE]


@pytest.mark.parametrize("name", ["Anna Virtanen", "virtanen anna", " ANNA  VIRTANEN "])
def test_somebody_is_found_by_the_exact_name(kahvila, clienti, group, name):
    make_contact(group, phone=PHONE, first_name="Anna", last_name="Virtanen")
    make_contact(group, first_name="Annamaria", last_name="Virtanen")
    make_contact(clienti, first_name="Anna", last_name="Virtanen")

    assert person_search.numbers_for([kahvila], name) == [PHONE]


@pytest.mark.parametrize("stored", ["O'Hara", "O’Hara"])
@pytest.mark.parametrize("asked", ["jose o’hara", "O'HARA JOSE", "Jose O`Hara"])
def test_a_name_is_found_whatever_apostrophe_it_has(kahvila, group, aino, aino_connected, stored, asked):
    make_contact(group, phone=PHONE, first_name="Jose", last_name=stored)
    Lookup.objects.create(group=group, phone=FORMER, found={"first_name": "Jose", "last_name": stored})

    assert person_search.numbers_for([kahvila], asked) == sorted([PHONE, FORMER])


@pytest.mark.parametrize("written", ["Jose O'Hara", "Jose O’Haran"])
def test_an_erased_name_is_told_of_whatever_apostrophe_it_has(kahvila, group, written):
    make_contact(group, phone=PHONE, first_name="Jose", last_name="O’Hara")
    make_contact(group, first_name="Ben", properties={"Friend": written})

    [told] = OtherContacts().held(person_of(kahvila, PHONE))
    assert told["Contact"] == "Ben"


@pytest.mark.parametrize("asked", ["Zyxqvia Åberg", "åberg, ZYXQVIA"])
def test_who_was_deleted_before_is_found_by_the_exact_name(kahvila, group, aino, aino_connected, asked):
    values = {"first_name": "Zyxqvia", "last_name": "Åberg"}
    contact = crud.add(group, phone=PHONE, values=values, by=aino)
    take(Operation.objects.get())
    contact.refresh_from_db()
    assert person_search.numbers_for([kahvila], asked) == [PHONE]

    delete_one(contact, by=aino)
    take(Operation.objects.get(state=OperationState.WAITING))

    assert not Contact.objects.exists()
    assert person_search.numbers_for([kahvila], "Zyxqvia Åberg") == [PHONE]


def test_who_was_looked_up_alone_is_found_by_name_and_email(kahvila, group):
    said = {"first_name": "Zyxqvia", "last_name": "Testiviidakko", "email": "zyx@example.com"}
    Lookup.objects.create(group=group, phone=PHONE, found=said)

    assert person_search.numbers_for([kahvila], "testiviidakko zyxqvia") == [PHONE]
    assert person_search.numbers_for([kahvila], "ZYX@example.com") == [PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "+358401234567",
        "00358 40 123 4567",
        "+358 40 765-none, 040 1234567",
        "040-123 45 67",
        "q=%2B358401234567",
        "to=%20358401234567&x",
        "358401234567",
        "+358 (40) 123/4567",
        "+358 (0)40 123 4567",
        "q=%2B358+40+123+4567",
        "040_123_4567",
        "040,123,4567",
        "040\u2212123\u22124567",
        "040\u00b7123\u00b74567",
        "040\u200b123\u20604567",
        "\u202a+358 40\u00a0123\u00a04567\u202c",
        "040 -- 123 -- 4567",
    ],
)
def test_a_text_names_the_number_in_whatever_spelling(kahvila, text):
    assert DataSubject(kahvila, PHONE).naming.found_in(text)


@pytest.mark.parametrize(
    "text", ["+3584012345678", "140 1234567", "0401234568", "35840123456", "1358401234567"]
)
def test_a_longer_or_another_number_is_not_the_persons(kahvila, text):
    assert not DataSubject(kahvila, PHONE).naming.found_in(text)


@pytest.mark.django_db
def test_the_trail_is_searched_for_every_spelling(kahvila, aino, aino_connected):
    audit.record(actor=aino, customer=kahvila, verb="thread.read", subject="thread:9", after=None)
    AuditEvent.objects.filter(verb="thread.read").update(subject_text="040 123 4567")

    erasing.erase([kahvila], PHONE, by=aino)

    assert "040 123 4567" not in left()
