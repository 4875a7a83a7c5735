"""An answer that is to leave later: it waits, can be stopped, and goes out once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.people import user_admin
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, OptOutDecision, OptOutRequest
from gateway import clock
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import Operation, OperationState, ServiceKind
from gateway.outbox.claiming import due_operations
from gateway.outbox.draining import drain
from gateway.smartdialog.types import Subscribed
from messaging.inbox.models import Message, MessageState, Thread
from messaging.inbox.replies import decisions
from messaging.inbox.replies.routes import CannotReply
from messaging.inbox.tests.conftest import ANNA, API, HTMX, answer, of, receive
from tests.factories import make_connection, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

TAKEN = {"MessageId": "m-1", "MessagePartCount": 1, "Recipients": []}


def send(person, thread: Thread, at, **fields):
    form = {"content": "Kello 9.", "key": str(uuid4()), "send_at": f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"}
    return client_of(person).post(of(thread, "replies"), form | fields, **HTMX)


def test_an_answer_for_later_says_when_it_goes_out_and_waits(thread, mikko, connected, smartdialog):
    page = markup(send(mikko, thread, timezone.now() + timedelta(hours=2)))

    drain(connected.pk)

    assert "Goes out " in page
    assert "Don’t send it" in page
    assert not smartdialog.calls
    assert Message.objects.get(direction="out").state == MessageState.WAITING


def test_when_its_time_has_come_it_is_sent_once(thread, mikko, connected, smartdialog):
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    Operation.objects.update(due_at=clock.now())
    Message.objects.filter(direction="out").update(send_at=timezone.now())

    for _ in range(2):
        drain(connected.pk)

    assert len(smartdialog.calls) == 1
    assert "Goes out " not in markup(client_of(mikko).get(of(thread)))


def test_one_that_was_stopped_never_leaves(thread, mikko, aino, connected, smartdialog):
    send(mikko, thread, timezone.now() + timedelta(hours=2))

    assert decisions.cancel(Message.objects.get(direction="out"), by=aino)
    Operation.objects.update(due_at=clock.now())
    drain(connected.pk)

    assert not smartdialog.calls


@pytest.mark.parametrize("away", [timedelta(minutes=-5), timedelta(days=31)])
def test_a_time_that_is_none_to_wait_for_is_refused_and_nothing_is_sent(thread, mikko, away):
    page = markup(send(mikko, thread, timezone.now() + away))

    assert "Choose a time within the next 30 days" in page
    assert "Kello 9." in page
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize("junk", ["x", "2026-13-40T10:00", "9" * 30])
def test_a_junk_time_is_refused(thread, mikko, junk):
    assert "Enter a valid date/time" in markup(send(mikko, thread, timezone.now(), send_at=junk))
    assert not Message.objects.filter(direction="out").exists()


def test_on_whatsapp_it_has_to_leave_while_free_answers_are_taken(hook, answering, mikko, connected):
    receive(hook, content="Hei!", protocol="WhatsApp", timestamp=clock.now().isoformat())
    thread = Thread.objects.get()

    assert "takes no free answer any more at that time" in markup(
        send(mikko, thread, timezone.now() + timedelta(hours=25))
    )
    assert "Goes out" in markup(send(mikko, thread, timezone.now() + timedelta(hours=23)))


def test_one_for_later_holds_up_no_other_answer_and_is_sent_first_once_it_is_due(
    thread, mikko, connected, smartdialog
):
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    answer(thread, mikko, "Heti.")

    drain(connected.pk)

    later, at_once = Message.objects.filter(direction="out").order_by("pk")
    assert (later.state, at_once.state) == (MessageState.WAITING, MessageState.SENT)
    answer(thread, mikko, "Ja vielä.")
    Operation.objects.update(due_at=clock.now())
    assert due_operations(connected).get() == later.operation


@pytest.mark.parametrize(
    "tried", [{"attempts": 1}, {"possibly_accepted": True}, {"state": OperationState.HELD}]
)
def test_an_answer_that_was_tried_or_is_held_keeps_its_place(thread, mikko, connected, tried):
    first = answer(thread, mikko)
    Operation.objects.filter(pk=first.operation_id).update(due_at=clock.after(60), **tried)
    answer(thread, mikko, "Toinen.")

    assert not due_operations(connected).exists()


def test_one_for_later_does_not_reach_who_opts_out_meanwhile(thread, kahvila, mikko, connected, smartdialog):
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, words="Called us", by=mikko))
    Operation.objects.update(due_at=clock.now())

    drain(connected.pk)

    message = Message.objects.get(direction="out")
    assert (message.state, "opted out" in message.error_text) == (MessageState.CANCELLED, True)
    assert not smartdialog.calls
    thread.refresh_from_db()
    assert (thread.last_text, thread.is_waiting) == ("Milloin avaatte?", True)


@pytest.mark.parametrize("to", ["hook", "other"])
def test_one_for_later_does_not_reach_who_says_stop_meanwhile(
    hook, thread, kahvila, mikko, connected, smartdialog, to
):
    other = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Other"), by=mikko)
    confirmed(other, Subscribed(action_id="b", location=""), connection=connected)
    Operation.objects.all().delete()
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    receive({"hook": hook, "other": other}[to], content="STOP", timestamp=timezone.now().isoformat())
    Operation.objects.update(due_at=clock.now())

    drain(connected.pk)

    assert Message.objects.get(direction="out").state == MessageState.CANCELLED
    assert not smartdialog.calls


def test_one_for_later_reaches_who_wants_messages_again_by_then(
    hook, thread, mikko, connected, smartdialog, later
):
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    for words in ("STOP", "START"):
        receive(hook, content=words, timestamp=timezone.now().isoformat())
    Operation.objects.update(due_at=clock.now())

    drain(connected.pk)

    assert Message.objects.get(direction="out").state == MessageState.SENT


def test_one_for_later_of_somebody_who_was_deactivated_waits_for_a_colleague(
    thread, mikko, aino, connected, smartdialog
):
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    of_aino = make_connection(aino)
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    user_admin.set_active(mikko, active=False, by=aino)
    Operation.objects.update(due_at=clock.now())
    drain(connected.pk)
    assert not smartdialog.calls
    assert "Send it with my sign-in" in markup(client_of(aino).get(of(thread)))

    decisions.take_over(Message.objects.get(direction="out"), by=aino)
    drain(of_aino.pk)

    assert Message.objects.get(direction="out").state == MessageState.SENT


def test_who_has_opted_out_is_answered_now_or_not_at_all(thread, kahvila, mikko, connected, smartdialog):
    opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, words="Called us", by=mikko))
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)

    assert "opted out" in markup(send(mikko, thread, timezone.now() + timedelta(hours=2)))
    assert not Message.objects.filter(direction="out").exists()
    answer(thread, mikko)
    drain(connected.pk)

    assert Message.objects.get(direction="out").state == MessageState.SENT


@pytest.mark.parametrize("to", ["hook", "other"])
def test_one_for_later_waits_for_a_person_where_they_may_have_opted_out(
    hook, thread, kahvila, mikko, connected, smartdialog, to
):
    other = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Other"), by=mikko)
    confirmed(other, Subscribed(action_id="b", location=""), connection=connected)
    Operation.objects.all().delete()
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    receive({"hook": hook, "other": other}[to], content="please stop", timestamp=timezone.now().isoformat())
    Operation.objects.update(due_at=clock.now())

    drain(connected.pk)

    message = Message.objects.get(direction="out")
    assert message.needs_a_person
    assert "may have asked for no more messages" in markup(client_of(mikko).get(of(thread)))
    assert not smartdialog.calls


@pytest.mark.parametrize(
    ("decision", "leaves"),
    [(None, False), (OptOutDecision.OPTED_OUT, False), (OptOutDecision.NOT_MEANT, True)],
)
def test_one_that_waited_for_a_decision_goes_out_when_a_person_has_said_so(
    hook, thread, mikko, connected, smartdialog, decision, leaves
):
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    receive(hook, content="please stop", timestamp=timezone.now().isoformat(), messageId=None)
    Operation.objects.update(due_at=clock.now())
    drain(connected.pk)
    message = Message.objects.select_related("thread__customer", "operation").get(direction="out")
    if decision:
        opt_outs.decide(OptOutRequest.objects.get(), decision, by=mikko)

    if leaves:
        decisions.try_again(message, by=mikko)
    else:
        with pytest.raises(CannotReply):
            decisions.try_again(message, by=mikko)
    drain(connected.pk)

    assert len(smartdialog.calls) == leaves


def test_nothing_is_scheduled_for_who_may_have_opted_out_and_they_are_answered(
    hook, thread, mikko, connected, smartdialog
):
    receive(hook, content="please stop", timestamp=timezone.now().isoformat(), messageId=None)

    page = markup(send(mikko, thread, timezone.now() + timedelta(hours=2)))

    assert "may have asked for no more messages" in page
    assert not Message.objects.filter(direction="out").exists()
    assert answer(thread, mikko).state == MessageState.WAITING


def test_one_whose_time_has_gone_by_is_asked_about_and_sent_when_a_person_says_so(
    thread, mikko, connected, smartdialog
):
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    Operation.objects.update(due_at=clock.now())
    Message.objects.filter(direction="out").update(send_at=clock.after(-61 * 60))
    drain(connected.pk)
    message = Message.objects.select_related("thread__customer", "operation").get(direction="out")
    assert (message.needs_a_person, len(smartdialog.calls)) == (True, 0)
    assert "time went by" in markup(client_of(mikko).get(of(thread)))

    decisions.try_again(message, by=mikko)
    drain(connected.pk)

    assert len(smartdialog.calls) == 1


def test_one_that_a_colleague_takes_over_after_its_time_goes_out(thread, mikko, aino, connected, smartdialog):
    smartdialog.post(f"{API}/messages/reply/first", json=TAKEN)
    of_aino = make_connection(aino)
    send(mikko, thread, timezone.now() + timedelta(hours=2))
    user_admin.set_active(mikko, active=False, by=aino)
    Operation.objects.update(due_at=clock.now())
    Message.objects.filter(direction="out").update(send_at=clock.after(-61 * 60))

    decisions.take_over(Message.objects.get(direction="out"), by=aino)
    drain(of_aino.pk)

    assert Message.objects.get(direction="out").state == MessageState.SENT
