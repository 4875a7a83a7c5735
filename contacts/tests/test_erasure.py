"""A person who asks is erased, here and at SmartDialog, and is not brought back."""

import pytest
from django.core.serializers import serialize
from django.urls import reverse

from accounts.models import AuditEvent, subject_key
from accounts.trail import audit
from contacts.bulk import action_lifecycle, action_runner
from contacts.editing import crud
from contacts.erasure import erasing
from contacts.listing.selection import Selection
from contacts.models import BulkPart, BulkVerb, Contact, Erasure, SavedFilter, Suppression
from contacts.models.erased_numbers import erased_among
from contacts.tests.answers import refuse
from contacts.tests.conftest import make_saved, plan_calls
from contacts.tests.erasures import PHONE, everything, settle
from gateway.models import Lane, Operation, OperationState
from gateway.rate_limit import ledger
from gateway.sign_in.connections import NotConnected
from gateway.smartdialog.errors import Refused
from tests.factories import make_connection, make_contact, make_operation, make_service, suppress
from tests.people import client_of


def test_a_person_is_erased_from_every_group_and_nothing_of_them_is_left(
    kahvila, group, mikko, aino, aino_connected
):
    carrier = make_connection(mikko)
    make_saved(group, mikko, "040 123 4567;Annamaria;Aalto;anna@example.com;1980;Kulta\n0401234567;Twice\n")
    plan_calls(carrier)
    make_contact(make_service(kahvila, kind="Group"), phone=PHONE, first_name="Annamaria")
    suppress(kahvila, phone=PHONE, reason="Asked", by=mikko)

    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert not Contact.objects.present().filter(phone=PHONE).exists()
    assert "Annamaria" not in everything()
    assert erasure.held == {
        "Contacts": 2,
        "Rows of imported files": 2,
        "Record of consent": 1,
        "Entries of the audit trail": 3,
        "Calls to SmartDialog that name the person": 2,
    }
    settle(erasure)
    assert erasing.finish_erasure(erasure)
    left = everything()
    assert (PHONE in left, "0401234567" in left, "040 123 4567" in left) == (False, False, False)


def test_other_people_are_left_as_they_are(kahvila, group, anna, aino, mikko, aino_connected):
    ben = make_contact(group, phone="+358402222222", first_name="Ben")
    suppress(kahvila, phone=ben.phone, reason="Asked", by=mikko)
    ben.refresh_from_db()
    before = serialize("json", [ben, *Suppression.objects.all(), *AuditEvent.objects.all()])

    erasing.erase([kahvila], PHONE, by=aino)

    ben.refresh_from_db()
    kept = AuditEvent.objects.exclude(verb="person.erased")
    assert serialize("json", [ben, *Suppression.objects.all(), *kept]) == before


def test_smartdialog_is_told_once_for_each_group_and_only_then_is_the_number_forgotten(
    kahvila, group, anna, aino, aino_connected
):
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    [call] = Operation.objects.filter(batch=erasure.batch)
    assert (call.kind, call.payload["phone"]) == ("contact.delete", PHONE)
    erasing.sweep()
    erasure.refresh_from_db()
    assert (erasure.finished_at, erasure.phone) == (None, PHONE)
    settle(erasure)
    erasing.sweep()
    erasure.refresh_from_db()
    assert erasure.finished_at
    assert (erasure.phone, erasure.subjects, Contact.objects.count()) == ("", [], 0)
    assert Operation.objects.get().payload == {}


def test_what_smartdialog_refuses_to_delete_waits_for_a_person_and_is_shown(
    kahvila, group, anna, aino, aino_connected
):
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)
    refuse(Operation.objects.get(), Refused("Not allowed.", status=403))

    assert not erasing.finish_erasure(erasure)

    assert Operation.objects.get().payload["phone"] == PHONE
    assert not Contact.objects.present().exists(), "nobody may message them again"
    report = client_of(aino).get(reverse("erasure:erasure", args=[erasure.pk]))
    assert b"SmartDialog did not delete the person" in report.content
    settle(erasure)
    assert erasing.finish_erasure(erasure)


def test_a_call_in_flight_keeps_what_it_needs_until_it_is_over(kahvila, group, anna, aino, aino_connected):
    crud.resend(anna, by=aino)
    Operation.objects.update(state=OperationState.INFLIGHT, attempts=1)
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)
    flying = Operation.objects.get(state=OperationState.INFLIGHT)
    assert flying.payload["phone"] == PHONE

    Operation.objects.filter(pk=flying.pk).update(state=OperationState.DONE)
    settle(erasure)

    assert erasing.finish_erasure(erasure)
    assert set(Operation.objects.values_list("payload__phone", flat=True)) == {None}


def test_nobody_is_erased_whom_smartdialog_could_not_be_told_of(kahvila, group, anna, aino):
    with pytest.raises(NotConnected):
        erasing.erase([kahvila], PHONE, by=aino)

    assert (Contact.objects.present().count(), Erasure.objects.count()) == (1, 0)


def test_only_the_customers_own_erased_numbers_are_known_until_that_is_lifted(
    kahvila, trattoria, anna, aino, aino_connected, django_assert_num_queries
):
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert erased_among(kahvila, [PHONE, "+358402222222"]) == {PHONE}
    with django_assert_num_queries(1):
        assert erased_among(trattoria, [PHONE]) == set()
    assert erasing.allow_back(erasure, by=aino)
    assert erased_among(kahvila, [PHONE]) == set()


def test_another_key_knows_nobody(kahvila, anna, aino, aino_connected, settings):
    erasing.erase([kahvila], PHONE, by=aino)
    settings.ERASURE_KEY = "another"

    assert erased_among(kahvila, [PHONE]) == set()


def test_the_trail_of_a_longer_number_is_of_somebody_else(kahvila, anna, aino, mikko, aino_connected):
    suppress(kahvila, phone=f"{PHONE}8", reason="Asked", by=mikko)
    other = audit.record(actor=mikko, customer=kahvila, verb="number.opted_out", subject=f"{PHONE}8")

    erasing.erase([kahvila], PHONE, by=aino)

    other.refresh_from_db()
    assert other.subject_text == f"{PHONE}8"


def test_what_was_before_a_change_of_many_goes_for_the_one_who_asks(
    kahvila, group, anna, aino, aino_connected, settings
):
    settings.BULK_GRACE = 0
    anna.properties = {"Level": "Salainen"}
    anna.save()
    ben = make_contact(group, phone="+358402222222", properties={"Level": "Iron"})
    everybody = Selection.from_query(group, {})
    action = action_lifecycle.begin(
        BulkVerb.SET_PROPERTY,
        everybody,
        agreed=action_lifecycle.price(BulkVerb.SET_PROPERTY, everybody),
        options={"name": "Level", "value": "Gold"},
        by=aino,
    )
    action_runner.run(action.pk)

    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert erasure.held["Changes made to many contacts at once"] == 1
    assert BulkPart.objects.get().changes == {str(ben.pk): "Iron"}


def test_a_list_that_is_kept_by_the_persons_number_or_email_goes_and_no_other(
    kahvila, mikko, anna, aino, aino_connected
):
    for name, query in {
        "her number": "q=040+123+4567",
        "her email": "q=Anna%40example.com",
        "another": "q=040+123+4568",
        "another email": "q=johanna%40example.com",
        "opted out": "state=out&q=4567",
    }.items():
        SavedFilter.objects.create(user=mikko, customer=kahvila, name=name, query=query)

    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert [kept.name for kept in SavedFilter.objects.all()] == ["another", "another email", "opted out"]
    assert erasure.held["Lists of the table that name the person"] == 2


def test_what_the_platform_said_of_a_call_goes_with_what_the_call_said(kahvila, anna, aino, aino_connected):
    operation = make_operation(
        aino_connected,
        customer=kahvila,
        subject=subject_key(anna),
        state=OperationState.DONE,
        payload={"phone": PHONE},
    )
    call = ledger.reserve(aino_connected, name="contact.update", lane=Lane.BULK, operation=operation)
    ledger.record_answer(call, status=400, error=f"{PHONE} is no number")

    erasing.erase([kahvila], PHONE, by=aino)

    call.refresh_from_db()
    assert (call.error, call.status) == ("", 400)
