"""The record of consent: one No for all groups, kept whatever becomes of the contacts."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.consent import opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.editing import crud
from contacts.erasure import erasing
from contacts.models import BulkVerb, ConsentSource, Contact, Suppression
from contacts.tests.bulk_actions import delete_one, done
from gateway.models import Operation
from tests.factories import make_connection, make_contact, make_service, suppress
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
PHONE = "+358401111111"


@pytest.fixture
def other(kahvila):
    return make_service(kahvila, kind="Group")


@pytest.fixture(autouse=True)
def no_time_to_undo(settings):
    settings.BULK_GRACE = 0


def by_staff(person, **said) -> Evidence:
    return Evidence(ConsentSource.STAFF, by=person, **said)


def sent_active(contact) -> list[bool]:
    calls = Operation.objects.filter(subject=f"contact:{contact.pk}").order_by("pk")
    return [call.payload["contact"]["active"] for call in calls]


def test_a_no_reaches_every_group_of_the_customer_and_no_other(
    kahvila, group, other, clienti, mikko, connected
):
    here, there = make_contact(group, phone=PHONE), make_contact(other, phone=PHONE)
    theirs = make_contact(clienti, phone=PHONE)

    assert opt_outs.opt_out(kahvila, PHONE, by_staff(mikko, words="Asked at the counter")) == 2

    assert list(Contact.objects.filter(active=True)) == [theirs]
    assert (sent_active(here), sent_active(there)) == ([False], [False])
    kept = Suppression.objects.get()
    assert kept.reason == "Opted out by Mikko: Asked at the counter"


def test_a_bulk_opt_out_of_who_is_not_active_here_holds_in_other_groups(
    kahvila, group, other, mikko, connected
):
    here = make_contact(group, phone=PHONE, active=False)
    there = make_contact(other, phone=PHONE)

    action = done(BulkVerb.DEACTIVATE, group, mikko, query="", ids=[here.pk])

    there.refresh_from_db()
    assert (there.active, action.done, action.left_out) == (False, 1, 0)
    assert opt_outs.stopped_among(kahvila, [PHONE]) == {PHONE}
    assert done(BulkVerb.DEACTIVATE, group, mikko, query="", ids=[here.pk]).left_out == 1


@pytest.mark.parametrize("verb", [BulkVerb.DEACTIVATE, BulkVerb.ACTIVATE])
def test_a_bulk_action_reaches_the_phone_under_its_other_number(group, other, mikko, connected, verb):
    is_active = verb == BulkVerb.DEACTIVATE
    here = make_contact(group, phone="+525512345678", active=is_active)
    there = make_contact(other, phone="+5215512345678", active=is_active)

    done(verb, group, mikko, query="", ids=[here.pk], words="Signed the form", dated="2026-11-12")

    assert [Contact.objects.get(pk=each.pk).active for each in (here, there)] == [not is_active] * 2


def test_a_number_in_no_group_is_opted_out_too(kahvila, group, mikko, connected):
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))

    assert opt_outs.stopped_among(kahvila, [PHONE, "+358402222222"]) == {PHONE}


def test_a_no_outlives_the_contact(kahvila, group, mikko, connected):
    contact = make_contact(group, phone=PHONE, known_remotely=False)
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))

    delete_one(contact, by=mikko)

    assert opt_outs.stopped_among(kahvila, [PHONE]) == {PHONE}


def test_unticked_by_hand_they_get_no_messages_in_any_group(kahvila, group, other, mikko, connected):
    here, there = make_contact(group, phone=PHONE), make_contact(other, phone=PHONE)

    crud.edit(here, values={"active": False}, revision=here.revision, by=mikko)

    there.refresh_from_db()
    assert (there.active, sent_active(there)) == (False, [False])
    assert Suppression.objects.get().source == ConsentSource.STAFF


def test_added_as_somebody_without_messages_they_get_none_elsewhere(kahvila, group, other, mikko, connected):
    there = make_contact(other, phone=PHONE)

    crud.add(group, phone=PHONE, values={"active": False}, by=mikko)

    there.refresh_from_db()
    assert not there.active


def test_opted_out_in_one_group_by_the_table_they_are_in_all(kahvila, group, other, mikko, connected):
    here, there = make_contact(group, phone=PHONE), make_contact(other, phone=PHONE)

    done(BulkVerb.DEACTIVATE, group, mikko, query="", ids=[here.pk])

    assert not Contact.objects.filter(active=True).exists()
    assert (sent_active(here), sent_active(there)) == ([False], [False])
    assert Suppression.objects.get().by == mikko


def test_the_table_lets_those_back_whom_staff_opted_out_with_a_source_and_a_date(
    kahvila, group, other, mikko, connected
):
    mine, asked = make_contact(group, phone=PHONE), make_contact(group, phone="+358402222222")
    make_contact(other, phone=PHONE)
    done(BulkVerb.DEACTIVATE, group, mikko, query="")
    suppress(kahvila, phone=asked.phone)

    done(BulkVerb.ACTIVATE, group, mikko, query="", words="Signed the form", dated="2026-11-12")

    assert set(Contact.objects.filter(active=True).values_list("phone", flat=True)) == {mine.phone}
    lifted = Suppression.objects.get(phone=PHONE)
    assert (lifted.lift_words, lifted.lift_dated, lifted.lifted_by) == (
        "Signed the form",
        date(2026, 11, 12),
        mikko,
    )
    assert Suppression.objects.in_force().filter(phone=asked.phone).count() == 2


def test_before_opt_outs_of_many_are_removed_it_says_how_many_opted_out_themselves(
    kahvila, group, mikko, connected
):
    make_contact(group, phone=PHONE)
    asked = [make_contact(group, phone=f"+35840222222{digit}") for digit in range(2)]
    done(BulkVerb.DEACTIVATE, group, mikko, query="")
    for each in asked:
        suppress(kahvila, phone=each.phone)
    form = {"verb": "activate", "matching": "yes", "filter": ""}

    page = words_on(client_of(mikko).post(reverse("contacts:bulk", args=[group.pk]), form))

    assert "1 will change, 2 will not. Opted out themselves, and stay so: 2." in page


def test_what_one_source_takes_back_another_still_stops(kahvila, group, mikko, connected):
    contact = make_contact(group, phone=PHONE)
    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))
    suppress(kahvila, phone=PHONE)

    start = Evidence(ConsentSource.MESSAGE, words="START", place="Inbound")
    assert opt_outs.allow(kahvila, PHONE, start, of=[ConsentSource.MESSAGE]) == 0

    contact.refresh_from_db()
    assert not contact.active


def test_opt_outs_and_their_removals_are_all_kept(kahvila, group, mikko, connected):
    contact = make_contact(group, phone=PHONE)
    for _ in range(2):
        opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))
        opt_outs.allow(kahvila, PHONE, by_staff(mikko, words="Signed", dated=date(2026, 11, 12)))

    contact.refresh_from_db()
    assert contact.active
    assert [each.lift_reason for each in Suppression.objects.all()] == [
        "Opt-out removed by Mikko: Signed"
    ] * 2
    verbs = AuditEvent.objects.filter(subject=PHONE).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["number.opted_out", "number.opted_in"] * 2


def test_said_twice_by_the_same_it_is_one_opt_out(kahvila, group, mikko):
    assert opt_outs.opt_out_many(kahvila, [PHONE, PHONE], by_staff(mikko)) == 1
    assert opt_outs.opt_out_many(kahvila, [PHONE], by_staff(mikko)) == 0
    assert Suppression.objects.count() == 1


def test_the_sweep_stops_whom_the_record_stops(kahvila, group, mikko, connected):
    contact = make_contact(group, phone=PHONE)
    Suppression.objects.create(customer=kahvila, phone=PHONE, source=ConsentSource.FILE)

    propagation.sweep()
    propagation.sweep()

    contact.refresh_from_db()
    assert (contact.active, sent_active(contact)) == (False, [False])


def test_of_a_long_list_the_sweep_stops_the_rest(kahvila, group, mikko, connected, monkeypatch):
    monkeypatch.setattr(opt_outs, "AT_ONCE", 1)
    contacts = [make_contact(group) for _ in range(3)]

    opt_outs.opt_out_many(kahvila, [each.phone for each in contacts], by_staff(mikko))
    assert Contact.objects.filter(active=True).count() == 2
    assert not Contact.objects.messageable().exists()

    propagation.sweep()
    assert not Contact.objects.filter(active=True).exists()


def test_without_a_connection_the_record_counts_all_the_same(kahvila, group, mikko):
    contact = make_contact(group, phone=PHONE)

    opt_outs.opt_out(kahvila, PHONE, by_staff(mikko))

    contact.refresh_from_db()
    assert not contact.active
    assert not Operation.objects.exists()


def test_the_removal_of_many_needs_a_source_and_a_day_that_is_not_to_come(group, mikko, connected):
    make_contact(group, phone=PHONE, active=False)
    url = reverse("contacts:bulk", args=[group.pk])
    form = {"verb": "activate", "matching": "yes", "filter": "", "agreed": 1, "words": "A form"}

    answer = client_of(mikko).post(url, form | {"dated": "2999-01-01"})

    assert b"This day is still to come" in answer.content


def test_one_person_under_two_spellings_is_opted_out_under_both_and_comes_back_under_both(
    kahvila, group, other, mikko, connected
):
    here = make_contact(group, phone="+5491123456789")
    there = make_contact(other, phone="+541123456789")

    assert opt_outs.opt_out_many(kahvila, [there.phone], by_staff(mikko)) == 1

    assert not Contact.objects.filter(active=True).exists()
    assert opt_outs.stopped_among(kahvila, [here.phone, there.phone]) == {here.phone, there.phone}
    assert AuditEvent.objects.filter(verb="number.opted_out").count() == 1

    assert opt_outs.allow(kahvila, here.phone, by_staff(mikko, words="Signed")) == 2
    assert Contact.objects.filter(active=True).count() == 2


def test_who_joins_later_under_the_other_spelling_is_opted_out_too(kahvila, group, mikko, connected):
    opt_outs.opt_out(kahvila, "+541123456789", by_staff(mikko))

    make_contact(group, phone="+5491123456789")
    assert not Contact.objects.messageable().exists()

    propagation.sweep()
    assert not Contact.objects.filter(active=True).exists()


def test_an_erasure_takes_the_record_in_every_spelling(kahvila, group, mikko, aino, connected):
    make_connection(aino)
    opt_outs.opt_out(kahvila, "+541123456789", by_staff(mikko))

    erasing.erase([kahvila], "+5491123456789", by=aino)

    assert not Suppression.objects.exists()
