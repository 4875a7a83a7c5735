"""What somebody is named by in other things: searches, names of lists and files, forms, the trail."""

import unicodedata

import pytest
from django.contrib.sessions.models import Session

from accounts.models import AuditEvent
from accounts.sign_in import unsent_forms
from accounts.trail import audit
from contacts.bulk import action_runner
from contacts.bulk import erasing as bulk_erasing
from contacts.consent import opt_out_requests, opt_outs
from contacts.editing import crud
from contacts.erasure import erasing
from contacts.erasure.erasing import AnotherNumber
from contacts.importing import import_lifecycle
from contacts.models import (
    BulkAction,
    BulkState,
    BulkVerb,
    Contact,
    Erasure,
    Import,
    ImportRow,
    OptOutRequest,
    SavedFilter,
    Suppression,
)
from contacts.models.erased_numbers import erased_among
from contacts.tests.bulk_actions import begun
from contacts.tests.conftest import make_checked, make_import
from tests.factories import make_contact, suppress
from tests.people import client_of

PHONE, OTHERS = "+358409119753", "+358402222222"


@pytest.fixture
def person(group):
    return make_contact(group, phone=PHONE, first_name="Zyxqvia", last_name="Testiviidakko")


@pytest.mark.parametrize(
    "query", ["q=Zyxqvia", "q=0409119753", "q=%2B358409119753", "q=testiviidakko+zyxqvia"]
)
def test_an_action_that_searches_for_the_person_is_cancelled_and_forgets_it(
    kahvila, group, person, aino, aino_connected, query
):
    action = begun(BulkVerb.DEACTIVATE, group, aino, query="q=Zyxqvia")
    BulkAction.objects.filter(pk=action.pk).update(filter=query)

    erasing.erase([kahvila], PHONE, by=aino)
    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.filter) == ("cancelled", "")


def test_an_action_that_ended_meanwhile_has_ended_as_it_did(group, person, aino, aino_connected):
    action = begun(BulkVerb.DEACTIVATE, group, aino, query="q=Zyxqvia")
    BulkAction.objects.filter(pk=action.pk).update(state=BulkState.DONE)

    bulk_erasing._cancel(action)

    assert BulkAction.objects.get().state == BulkState.DONE


def test_a_list_and_a_file_that_bear_the_name_lose_it(kahvila, group, person, aino, aino_connected):
    SavedFilter.objects.create(user=aino, customer=kahvila, name="Zyxqvian lista", query="city=Oulu")
    SavedFilter.objects.create(user=aino, customer=kahvila, name="Hers", query="q=Zyxqvia")
    job = make_import(group, aino, "040;Ben\n", name="Zyxqvian lista.csv")
    audit.record(actor=aino, customer=kahvila, verb="import.cancelled", subject=job)

    erasing.erase([kahvila], PHONE, by=aino)

    [kept] = SavedFilter.objects.all()
    assert kept.name.startswith("[erased] lista")
    assert Import.objects.get().original_name == "[erased] lista.csv"
    assert "Zyxqvia" not in str(list(AuditEvent.objects.values_list("subject_text")))


def test_a_name_that_others_have_too_is_left_in_texts(kahvila, group, person, aino, aino_connected):
    make_contact(group, phone=OTHERS, first_name="Zyxqvia", last_name="Testiviidakko")
    SavedFilter.objects.create(user=aino, customer=kahvila, name="Zyxqvia Testiviidakko", query="q=Zyxqvia")

    erasing.erase([kahvila], PHONE, by=aino)

    assert SavedFilter.objects.get().name == "Zyxqvia Testiviidakko"
    assert Contact.objects.present().get().phone == OTHERS


@pytest.mark.parametrize("name", ["Åsa Öhmänen", "ÅSA ÖHMÄNEN", "Öhmänen, Åsa"])
def test_letters_that_a_mac_writes_in_parts_name_the_person_too(kahvila, group, aino, aino_connected, name):
    make_contact(group, phone=PHONE, first_name="Åsa", last_name="Öhmänen")
    job = make_import(group, aino, "040;Ben\n")
    Import.objects.filter(pk=job.pk).update(original_name=unicodedata.normalize("NFD", f"{name}.csv"))

    erasing.erase([kahvila], PHONE, by=aino)

    assert Import.objects.get().original_name == "[erased].csv"


@pytest.mark.parametrize(
    ("last", "written"),
    [
        ("Virtanen", "Annika Virtasen"),
        ("Virtanen", "Virtaselle Annikalle"),
        ("Virtanen", "Annika Virtasta"),
        ("Testiviidakko", "Annika Testiviidakon"),
        ("Aalto", "Annika Aallolta"),
        ("Niemi", "Annika Niemen"),
        ("Kivimäki", "Annika Kivimäen"),
        ("Lahti", "Annika Lahden"),
        ("Lampi", "Annika Lammen"),
        ("Rasmus", "Annika Rasmuksen"),
        ("Öhmänen", "ANNIKA ÖHMÄSEN"),
    ],
)
def test_a_finnish_name_is_found_with_whatever_ending(kahvila, group, aino, aino_connected, last, written):
    make_contact(group, phone=PHONE, first_name="Annika", last_name=last)
    suppress(kahvila, phone=OTHERS, reason=f"Kuten {written} kanssa sovittiin")

    erasing.erase([kahvila], PHONE, by=aino)

    assert Suppression.objects.get().words == "Kuten [erased] kanssa sovittiin"


@pytest.mark.parametrize(
    "written", ["Zyx-Liisa Ek", "Zyx Liisa Ek", "Zyxliisa Ekin", "Zyx\u2011Liisa Ek", "Ek, Zyx \u2013Liisa"]
)
def test_a_name_is_found_whatever_stands_for_its_hyphen(kahvila, group, aino, aino_connected, written):
    make_contact(group, phone=PHONE, first_name="Zyx-Liisa", last_name="Ek")
    suppress(kahvila, phone=OTHERS, reason=f"Kuten {written} sanoi")

    erasing.erase([kahvila], PHONE, by=aino)

    assert Suppression.objects.get().words == "Kuten [erased] sanoi"


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_a_whole_name_in_one_field_is_found_in_texts(kahvila, group, aino, aino_connected, field):
    make_contact(group, phone=PHONE, **{field: "Zyxqvia Testiviidakko"})
    suppress(kahvila, phone=OTHERS, reason="As Testiviidakko Zyxqvia asked")

    erasing.erase([kahvila], PHONE, by=aino)

    assert Suppression.objects.get().words == "As [erased] asked"


def test_a_name_that_somebody_else_has_in_one_field_is_left_in_texts(kahvila, group, aino, aino_connected):
    make_contact(group, phone=PHONE, first_name="Anna", last_name="Maria")
    make_contact(group, phone=OTHERS, first_name="anna maria", last_name="Berg")
    suppress(kahvila, phone=OTHERS, reason="Anna Maria asked")

    erasing.erase([kahvila], PHONE, by=aino)

    assert Suppression.objects.get().words == "Anna Maria asked"


def test_a_row_that_has_the_name_alone_goes(kahvila, group, person, aino, aino_connected):
    make_checked(group, aino, ";Zyxqvia;Testiviidakko;;1980;\n;Ben;Berg;;;\n")

    erasing.erase([kahvila], PHONE, by=aino)

    assert "Ben" in str(ImportRow.objects.get().raw)


def test_a_form_that_waits_to_be_sent_goes_and_nobody_is_signed_out(kahvila, person, aino, aino_connected):
    browser = client_of(aino)
    session = browser.session
    fields = [["first_name", "Zyxqvia"], ["last_name", "Testiviidakko"], ["city", "Oulu"]]
    session[unsent_forms.SESSION_KEY] = {"person": aino.pk, "path": "/", "fields": fields, "had_file": False}
    session.save()

    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert erasure.held["Forms that staff have not sent, and notices they have not read"] == 1
    assert unsent_forms.SESSION_KEY not in Session.objects.get().get_decoded()
    assert browser.get("/").status_code == 200


def test_a_property_that_a_file_named_after_the_person_is_renamed(
    kahvila, group, person, aino, aino_connected
):
    other = make_contact(group, phone=OTHERS, properties={PHONE: "x", "Level": "Gold"})
    job = make_import(group, aino, "040;Ben\n")
    Import.objects.filter(pk=job.pk).update(mapping=["phone", f"property:{PHONE}"])

    erasing.erase([kahvila], PHONE, by=aino)

    other.refresh_from_db()
    assert other.properties == {"[erased]": "x", "Level": "Gold"}


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("+525512345678", "+5215512345678"),
        ("+5215512345678", "+525512345678"),
        ("+5511961234567", "+551161234567"),
        ("+5491123456789", "+541123456789"),
    ],
)
def test_one_phone_in_two_spellings_is_one_person(kahvila, group, aino, aino_connected, kept, asked):
    make_contact(group, phone=kept, first_name="Zyxqvia", known_remotely=False)
    suppress(kahvila, phone=kept)

    erasing.erase([kahvila], asked, by=aino)

    assert not Contact.objects.exists()
    assert not Suppression.objects.exists()
    assert erased_among(kahvila, [kept, asked]) == {kept, asked}


def test_a_file_brings_nobody_back_who_wanted_no_messages(kahvila, group, person, aino, aino_connected):
    suppress(kahvila, phone=PHONE)
    erasing.erase([kahvila], PHONE, by=aino)

    job = make_checked(group, aino, "040 911 9753;Zyxqvia\n")
    import_lifecycle.confirm(job, by=aino)

    assert "Zyxqvia" not in str(list(ImportRow.objects.values()))
    assert not Contact.objects.present().exists()


def test_a_no_holds_when_somebody_who_was_erased_comes_back(kahvila, person, aino, aino_connected):
    suppress(kahvila, phone=PHONE)
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)
    assert not Suppression.objects.exists()

    with pytest.raises(AnotherNumber):
        erasing.allow_back(erasure, by=aino, phone=OTHERS)
    assert erased_among(kahvila, [PHONE]) == {PHONE}
    assert erasing.allow_back(erasure, by=aino, phone=PHONE)

    assert opt_outs.stopped_among(kahvila, [PHONE]) == {PHONE}
    assert Suppression.objects.get().reason == "Asked for it in a message to us before they were erased"


def test_who_never_said_no_comes_back_without_their_number(kahvila, person, aino, aino_connected):
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert erasing.allow_back(erasure, by=aino)

    assert not Suppression.objects.exists()


def test_the_page_asks_for_the_number_of_who_said_no(kahvila, person, aino, aino_connected):
    suppress(kahvila, phone=PHONE)
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)
    browser, page = client_of(aino), f"/settings/erasure/{erasure.pk}/"

    assert b"They wanted no messages" in browser.get(page).content
    browser.post(f"{page}lifting/", {"phone": "040 222 2222"})
    assert Erasure.objects.in_force().exists()
    browser.post(f"{page}lifting/", {"phone": "040 911 9753"})
    assert not Erasure.objects.in_force().exists()


def test_the_number_before_is_shown_with_that_of_now(kahvila, group, person, aino, aino_connected):
    crud.edit(person, values={}, revision=0, by=aino, phone=OTHERS)

    page = client_of(aino).get("/settings/erasure/", {"q": OTHERS}).content.decode()
    chosen = client_of(aino).get("/settings/erasure/", {"q": PHONE}).content.decode()

    assert "their number before" in page
    assert f"?phone={OTHERS.replace('+', '%2B')}" in chosen


def test_a_request_of_a_sender_that_nobody_could_read_is_found_by_the_number_in_it(
    kahvila, aino, aino_connected
):
    for sender in (f"{PHONE} / {OTHERS}", f"{OTHERS} / {OTHERS}1"):
        opt_out_requests.keep(kahvila, sender, words="ei enää", place="us", unreadable=True)

    erasing.erase([kahvila], PHONE, by=aino)

    assert [each.phone for each in OptOutRequest.objects.all()] == [f"{OTHERS} / {OTHERS}1"]
