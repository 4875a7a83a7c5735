from datetime import timedelta
from threading import Barrier
from threading import Thread as Worker

import pytest
from django.db import IntegrityError, connection, transaction

from contacts.models import Suppression
from gateway import clock
from gateway.hooks import processing
from gateway.hooks.subscriptions import failed, renew, subscribe
from gateway.models import EventState, HookEvent, LiveUpdate, Operation, ServiceKind
from messaging.inbox.incoming.inbound_setup import InboundStatus, inbound_status
from messaging.inbox.models import Message, Thread, ThreadState
from messaging.inbox.opt_outs.intents import Intent
from messaging.inbox.tests.conftest import ANNA, NOON, NUMBER, body_of, receive, said
from tests.factories import make_contact, make_service

pytestmark = pytest.mark.django_db


def test_a_first_message_begins_a_thread(hook, kahvila):
    receive(hook, content="Hei  vaan\nsinne")

    thread = Thread.objects.get()
    assert (thread.customer, thread.address, thread.our_address) == (kahvila, ANNA, NUMBER)
    assert (thread.is_waiting, thread.state, thread.last_text) == (True, ThreadState.OPEN, "Hei vaan sinne")
    assert LiveUpdate.objects.filter(customer=kahvila, topic="inbox").exists()


@pytest.mark.parametrize("sender", [ANNA, "358401111111", "+358 40 111 1111", "0401111111"])
def test_one_person_is_one_thread_however_the_number_is_written(hook, sender):
    receive(hook)
    receive(hook, sender=sender)

    assert Thread.objects.get().messages.count() == 2


def test_a_channel_is_kept_though_it_is_longer_in_capitals(hook):
    assert receive(hook, protocol="ß" * 25).state == EventState.DONE

    assert Thread.objects.get().last_channel == "S" * 20


@pytest.mark.parametrize("sender", ["12345", "INFO", "x" * 60])
def test_a_short_number_or_a_name_is_a_sender_too(hook, sender):
    assert receive(hook, sender=sender).state == EventState.DONE
    assert Thread.objects.get().address == sender[:50]


def test_the_same_message_twice_is_one(hook):
    receive(hook, messageId="a")
    receive(hook, messageId="a", timestamp="2026-11-24T12:00:05Z")

    assert Message.objects.count() == 1


def test_another_text_under_the_same_id_is_another_message_once(hook):
    """As if SmartDialog gave the id of the conversation."""
    for content in ["Hei", "Onko tilaa?", "Onko tilaa?", "Hei"]:
        receive(hook, messageId="a", content=content, timestamp=NOON)

    assert said(Thread.objects.get()) == ["Hei", "Onko tilaa?"]


@pytest.mark.parametrize("none", ["00000000-0000-0000-0000-000000000000", "0", 0])
def test_an_id_of_zeros_is_none(hook, none):
    for minute in range(3):
        receive(hook, messageId=none, content="Kyllä", timestamp=f"2026-11-24T12:0{minute}:00Z")

    assert set(Message.objects.values_list("remote_id", flat=True)) == {""}
    assert Message.objects.count() == 3


def test_the_same_id_at_two_customers_is_two_messages(hook, trattoria, mikko):
    other = subscribe(make_service(trattoria, kind="TwoWay"), by=mikko)
    receive(hook, messageId="a")
    receive(other, messageId="a")

    assert {thread.customer.name for thread in Thread.objects.all()} == {"Kahvila Aalto", "Trattoria Sole"}
    assert Message.objects.count() == 2


def test_a_message_that_comes_to_both_addresses_of_a_service_is_one(hook, mikko):
    renew(hook, by=mikko)
    new = hook.service.hook_subscriptions.exclude(pk=hook.pk).get()

    for address in (hook, new, hook):
        assert receive(address, messageId="same", timestamp=NOON).state == EventState.DONE

    assert Message.objects.count() == 1


def test_a_service_whose_new_address_is_refused_is_not_silent(hook, mikko, kahvila):
    renew(hook, by=mikko)
    failed(hook.service.hook_subscriptions.exclude(pk=hook.pk).get(), "No")

    assert inbound_status(kahvila).unsubscribed == []


def test_nothing_is_told_of_a_service_that_smartdialog_lists_no_more(hook, mikko, kahvila):
    gone = make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Varaukset")
    failed(subscribe(gone, by=mikko), "The customer has no such service")
    assert inbound_status(kahvila).failure == "The customer has no such service"

    gone.gone_at = clock.now()
    gone.save()

    assert inbound_status(kahvila) == InboundStatus([hook.service], [])


def test_the_same_text_with_two_ids_is_shown_twice(hook):
    receive(hook, content="Ok", messageId="a")
    receive(hook, content="Ok", messageId="b")

    assert said(Thread.objects.get()) == ["Ok", "Ok"]


def test_without_an_id_the_same_words_at_the_same_time_are_one(hook):
    for content in ["Ok", "Ok", "Eiku"]:
        receive(hook, content=content, messageId=None)

    assert said(Thread.objects.get()) == ["Ok", "Eiku"]


def test_with_neither_id_nor_time_the_same_words_within_a_minute_are_one(hook):
    receive(hook, content="Ok", messageId=None, timestamp=None)
    receive(hook, content="Ok", messageId=None, timestamp=None)
    later = HookEvent.objects.create(
        subscription=hook,
        body=body_of(content="Ok", messageId=None, timestamp=None),
        received_at=clock.after(61),
    )
    processing.process(later.pk)

    assert said(Thread.objects.get()) == ["Ok", "Ok"]


@pytest.mark.parametrize(
    "timestamp", [None, "yesterday", "", 5, "9999-01-01T00:00:00Z", "far", "2026-13-45T00:00:00Z"]
)
def test_a_time_that_cannot_be_is_when_it_came(hook, timestamp):
    event = receive(hook, timestamp=timestamp)

    assert Message.objects.get().at == event.received_at


def test_a_time_without_its_zone_is_taken_as_utc_until_one_is_ahead_by_hours(hook):
    receive(hook, content="past", timestamp="2026-11-24T12:00:00")
    local = (clock.now() + timedelta(hours=2)).replace(tzinfo=None)
    ahead = receive(hook, content="ahead", timestamp=local.isoformat())

    assert abs(Message.objects.get(content="ahead").at - ahead.received_at) < timedelta(seconds=5)
    assert Message.objects.get(content="past").at.isoformat() == "2026-11-24T12:00:00+00:00"


def test_what_comes_out_of_order_stands_in_order(hook):
    receive(hook, content="third", timestamp="2026-11-24T12:00:03Z")
    receive(hook, content="first", timestamp="2026-11-24T12:00:01Z")
    receive(hook, content="second", timestamp="2026-11-24T12:00:02Z")

    thread = Thread.objects.get()
    assert said(thread) == ["first", "second", "third"]
    assert thread.last_text == "third"


def test_what_bears_the_same_time_stands_as_it_came(hook):
    for content in ["a", "b", "c"]:
        receive(hook, content=content, timestamp=NOON)

    assert said(Thread.objects.get()) == ["a", "b", "c"]


def test_a_message_opens_a_closed_thread_again(hook):
    receive(hook)
    Thread.objects.update(state=ThreadState.CLOSED, unanswered_since=None)

    receive(hook)

    thread = Thread.objects.get()
    assert thread.is_waiting


def test_a_message_without_words_shows_what_it_brought(hook):
    attachment = {"name": "kuva.jpg", "mimeType": "image/jpeg", "resourceLocation": "https://e.test/1"}
    receive(hook, content=None, attachments=[attachment])

    assert Message.objects.get().attachments == [attachment]
    assert Thread.objects.get().last_text == "Attachment"


def test_a_message_from_nobody_is_set_aside(hook):
    assert receive(hook, sender=" ").state == EventState.QUARANTINED
    assert not Thread.objects.exists()


def test_stop_suppresses_the_number_and_makes_its_contacts_inactive_everywhere(hook, kahvila):
    groups = [make_service(kahvila, kind="Group"), make_service(kahvila, kind="Group")]
    contacts = [make_contact(group, phone=ANNA) for group in groups]

    receive(hook, content=" Stop! ")

    assert Message.objects.get().intent == Intent.STOP
    assert Suppression.objects.get().phone == ANNA
    for contact in contacts:
        contact.refresh_from_db()
        assert not contact.active
    assert Operation.objects.count() == 2


def test_stop_at_one_customer_says_nothing_of_another(hook, trattoria):
    elsewhere = make_contact(make_service(trattoria, kind="Group"), phone=ANNA)

    receive(hook, content="STOP")

    elsewhere.refresh_from_db()
    assert elsewhere.active
    assert not Suppression.objects.filter(customer=trattoria).exists()


def test_a_name_that_says_stop_suppresses_no_number(hook):
    receive(hook, sender="INFO", content="STOP")

    assert not Suppression.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ids", [("a", "a"), ("a", "b")])
def test_two_workers_at_once_make_one_thread_and_no_message_twice(hook, ids):
    events = [HookEvent.objects.create(subscription=hook, body=body_of(messageId=each)) for each in ids]
    together = Barrier(len(events))

    def work(event: HookEvent) -> None:
        together.wait()
        processing.process(event.pk)
        connection.close()

    workers = [Worker(target=work, args=[event]) for event in events]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    processing.process_due()  # what found the database locked

    assert {event.state for event in HookEvent.objects.all()} == {EventState.DONE}
    assert Thread.objects.get().messages.count() == len(set(ids))


def test_the_database_itself_refuses_a_message_of_a_thread_twice(thread):
    first = thread.messages.get()
    times = {"at": first.at, "received_at": first.received_at}

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(thread=thread, direction="in", remote_id=first.remote_id, **times)
