"""What conversations hold of a person goes when they ask for it."""

from contacts.erasure import erasing
from gateway.models import HookEvent, Operation, OperationState
from messaging.inbox.models import Message, Thread
from messaging.inbox.tests.conftest import ANNA, answer, receive
from tests.people import make_person


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
