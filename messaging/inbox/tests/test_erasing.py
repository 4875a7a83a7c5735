"""What conversations hold of a person goes when they ask for it."""

from urllib.parse import urlencode

from django.utils import timezone

from contacts.editing import crud
from contacts.erasure import erasing
from contacts.models.erased_numbers import erased_among
from gateway.models import EventState, HookEvent, LiveUpdate, Operation, OperationState, ServiceKind
from messaging.inbox.models import Label, Message, Rule, SavedInboxView, Thread
from messaging.inbox.team import notes
from messaging.inbox.tests.conftest import ANNA, answer, receive
from tests.factories import make_contact, make_service
from tests.people import make_person

NOW = "+358403333333"


def test_a_conversation_is_shown_and_then_gone_with_the_raw_events_it_came_in(thread, hook, kahvila, mikko):
    receive(hook, sender="+358402222222", content="Toinen")
    HookEvent.objects.create(subscription=hook, query="address=%2B358401111111&status=delivered")
    HookEvent.objects.create(subscription=hook, body=b'{"sender": "358401111111", oops')
    shown = {
        section.title: section.rows for section in erasing.held_sections(erasing.person_of(kahvila, ANNA))
    }

    [erasure] = erasing.erase([kahvila], ANNA, by=mikko)

    assert shown["Messages"][0]["Text"] == "Milloin avaatte?"
    assert len(shown["What SmartDialog sent to us of the person, as it came"]) == 3
    assert [each.address for each in Thread.objects.all()] == ["+358402222222"]
    assert (Message.objects.count(), HookEvent.objects.count()) == (1, 1)
    erasure.refresh_from_db()
    assert erasure.finished_at


def test_what_names_a_longer_number_is_of_somebody_else(thread, hook, kahvila, mikko):
    longer = [
        HookEvent.objects.create(subscription=hook, query=f"address=%2B{ANNA[1:]}9&status=delivered"),
        HookEvent.objects.create(subscription=hook, body=b'{"sender": "1%b"' % ANNA[1:].encode()),
    ]
    for spelled in ("%2B", "00", "%20", "+", ""):
        HookEvent.objects.create(subscription=hook, query=f"address={spelled}{ANNA[1:]}&status=delivered")

    erasing.erase([kahvila], ANNA, by=mikko)

    assert list(HookEvent.objects.order_by("pk")) == longer


def test_an_answer_that_waits_is_not_sent_and_one_that_is_being_sent_is_let_go_first(thread, kahvila, mikko):
    waiting = answer(thread, mikko).operation
    flying = answer(thread, mikko, "Tervetuloa").operation
    Operation.objects.filter(pk=flying.pk).update(state=OperationState.INFLIGHT, attempts=1)

    [erasure] = erasing.erase([kahvila], ANNA, by=mikko)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.payload, Thread.objects.count()) == (OperationState.CANCELLED, {}, 1)
    Operation.objects.filter(pk=flying.pk).update(state=OperationState.DONE)
    assert erasing.finish_erasure(erasure)
    assert (Thread.objects.count(), Message.objects.count()) == (0, 0)
    assert not Operation.objects.exclude(payload={}).exists()


def test_another_customers_conversation_with_the_same_number_stays(thread, trattoria):
    erasing.erase([trattoria], ANNA, by=make_person("Ada", "admin", trattoria))

    assert Thread.objects.filter(pk=thread.pk).exists()


def test_a_conversation_under_the_number_before_goes_as_well(thread, number, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    contact = make_contact(group, phone=ANNA, first_name="Anna")
    crud.edit(contact, values={}, revision=0, by=mikko, phone=NOW)

    erasures = erasing.erase([kahvila], NOW, by=mikko)

    assert not Thread.objects.exists()
    assert [erasure.ending for erasure in erasures] == [NOW[-2:], ANNA[-2:]]
    assert erased_among(kahvila, [ANNA, NOW]) == {ANNA, NOW}


def test_a_conversation_with_whoever_has_that_number_now_stays(thread, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    contact = make_contact(group, phone=ANNA)
    crud.edit(contact, values={}, revision=0, by=mikko, phone=NOW)
    make_contact(group, phone=ANNA, first_name="Bertta")

    erasing.erase([kahvila], NOW, by=mikko)

    assert Thread.objects.get() == thread


def test_the_same_message_that_came_twice_goes_twice(thread, hook, kahvila, mikko):
    receive(hook, content="Milloin avaatte?", messageId="first")
    assert HookEvent.objects.filter(state=EventState.DONE).count() == 2

    erasing.erase([kahvila], ANNA, by=mikko)

    assert not HookEvent.objects.exists()


def test_an_address_that_stays_as_it_came_is_the_persons_too(number, kahvila, mikko):
    Thread.objects.create(
        customer=kahvila, service=number, address="040 111 1111", last_message_at=timezone.now()
    )

    erasing.erase([kahvila], ANNA, by=mikko)

    assert not Thread.objects.exists()


def test_open_pages_are_told_that_the_conversation_is_gone(thread, kahvila, mikko):
    LiveUpdate.objects.all().delete()

    erasing.erase([kahvila], ANNA, by=mikko)

    assert LiveUpdate.objects.filter(topic="inbox", row=thread.pk).exists()


def test_a_note_in_a_conversation_with_somebody_else_stays_and_is_told_of(thread, hook, kahvila, mikko):
    receive(hook, sender="+358402222222", content="Hei")
    notes.write(thread, f"Soita {ANNA}", by=mikko)
    beside = Thread.objects.get(address="+358402222222")
    notes.write(beside, f"Veli on {ANNA}", by=mikko)
    notes.write(beside, "Muista tarjous", by=mikko)

    [erasure] = erasing.erase([kahvila], ANNA, by=mikko)

    assert [note.text for note in beside.notes.all()] == [f"Veli on {ANNA}", "Muista tarjous"]
    assert erasure.held["Notes in conversations with other people that name the person"] == 1


def test_what_others_wrote_of_the_person_stays_and_is_told_of(thread, hook, kahvila, mikko):
    receive(hook, sender="+358402222222", content="Kysy numerosta 040 111 1111")

    [erasure] = erasing.erase([kahvila], ANNA, by=mikko)

    assert Message.objects.get().content == "Kysy numerosta 040 111 1111"
    assert erasure.held["Messages with other people that name the person"] == 1


def test_what_staff_named_after_the_person_loses_the_name(thread, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    make_contact(group, known_remotely=False, phone=ANNA, first_name="Zyxqvia", last_name="Testiviidakko")
    for name in ("Zyxqvia", "ZYXQVIA"):
        Label.objects.create(customer=kahvila, name=name)
    SavedInboxView.objects.create(user=mikko, customer=kahvila, name="Zyxqvian jono", query="")
    Rule.objects.create(customer=kahvila, name="Hers", label="Zyxqvia", words=["zyxqvia testiviidakko"])

    erasing.erase([kahvila], ANNA, by=mikko)

    first, second = Label.objects.values_list("name", flat=True)
    assert (first, second.startswith("[erased] ")) == ("[erased]", True)
    assert SavedInboxView.objects.get().name == "[erased] jono"
    rule = Rule.objects.get()
    assert (rule.name, rule.label, rule.words) == ("Hers", "[erased]", ["[erased]"])


def test_a_form_that_nobody_could_read_names_the_person_in_any_spelling(thread, hook, kahvila, mikko):
    said = {"from": ANNA, "text": "Ääni"}
    HookEvent.objects.create(subscription=hook, body=urlencode(said).encode())
    HookEvent.objects.create(subscription=hook, body=urlencode(said | {"from": f"{ANNA}9"}).encode())

    erasing.erase([kahvila], ANNA, by=mikko)

    assert HookEvent.objects.count() == 1
