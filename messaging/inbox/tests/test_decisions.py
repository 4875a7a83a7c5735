"""What a person decides about an answer that has not arrived, and what another decides at the same time."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Role, User
from gateway.models import Connection, ConnectionState, Operation, OperationState
from gateway.outbox.draining import drain
from gateway.workers import sweeping
from messaging.inbox.models import Direction, Message, MessageState, Thread
from messaging.inbox.replies import decisions, replying
from messaging.inbox.replies.replying import REPLY, CannotReply
from messaging.inbox.team import teamwork
from messaging.inbox.tests.conftest import API, answer, of, receive
from messaging.inbox.threads import waits
from tests.factories import make_connection
from tests.markup import markup
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

ADDRESS = f"{API}/messages/reply/first"
TAKEN = {"MessageId": "m-1", "MessagePartCount": 1, "Recipients": []}


@pytest.fixture
def of_aino(aino: User) -> Connection:
    return make_connection(aino)


@pytest.fixture
def waiting(thread, mikko, connected) -> Message:
    """An answer of Mikko, whose sign-in has ended."""
    message = answer(thread, mikko)
    Connection.objects.filter(pk=connected.pk).update(state=ConnectionState.RECONNECT)
    return message


def now(message: Message) -> Message:
    return Message.objects.select_related("thread__customer", "operation").get(pk=message.pk)


def press(person: User, name: str, message: Message):
    return client_of(person).post(reverse(f"inbox:{name}", args=[message.pk]), follow=True)


def test_anybody_who_may_write_sends_what_waits_for_anothers_sign_in(waiting, aino, of_aino, smartdialog):
    smartdialog.post(ADDRESS, json=TAKEN)
    assert "Send it with my sign-in" in markup(client_of(aino).get(of(waiting.thread)))

    page = markup(press(aino, "takeover", waiting))
    drain(of_aino.pk)

    assert "Kept until" not in page
    message = now(waiting)
    assert (message.state, message.sent_by) == (MessageState.SENT, aino)
    assert "sent by Aino" in markup(client_of(aino).get(of(waiting.thread)))
    assert AuditEvent.objects.filter(verb="reply.taken_over", actor=aino).exists()


def test_one_whose_own_sign_in_has_ended_is_not_offered_to_take_their_answer_over(waiting, mikko):
    assert "Send it with my sign-in" not in markup(client_of(mikko).get(of(waiting.thread)))


def test_two_who_take_over_send_one_answer(waiting, kahvila, aino, of_aino, smartdialog):
    lea = make_person("Lea", Role.MARKETER, kahvila)
    of_lea = make_connection(lea)
    smartdialog.post(ADDRESS, json=TAKEN)

    decisions.take_over(waiting, by=aino)
    decisions.take_over(waiting, by=lea)
    drain(of_aino.pk)
    drain(of_lea.pk)

    assert len([call for call in smartdialog.calls if "/reply/" in call.request.url]) == 1


def test_what_is_being_sent_is_neither_taken_over_nor_cancelled(waiting, aino, of_aino):
    Operation.objects.update(state=OperationState.INFLIGHT)

    assert "may have left already" in markup(press(aino, "takeover", waiting))
    assert "has left already" in markup(press(aino, "cancellation", waiting))
    assert now(waiting).state == MessageState.WAITING


def test_what_may_have_been_taken_is_asked_again_by_no_other_sign_in(waiting, aino, of_aino):
    Operation.objects.update(possibly_accepted=True)

    assert not decisions.take_over(waiting, by=aino)
    assert now(waiting).operation.connection != of_aino


def test_a_cancelled_answer_never_leaves_and_the_list_shows_what_was_said_before(waiting, aino, connected):
    press(aino, "cancellation", waiting)

    message = now(waiting)
    assert (message.state, message.operation.state) == (MessageState.CANCELLED, OperationState.CANCELLED)
    assert message.thread.last_text == "Milloin avaatte?"
    assert "Cancelled, not sent" in markup(client_of(aino).get(of(message.thread)))


def test_a_cancelled_answer_leaves_their_question_waiting(thread, mikko, connected):
    asked = thread.unanswered_since
    first, second = answer(thread, mikko), answer(thread, mikko, "Vielä.")

    decisions.cancel(now(first), by=mikko)
    thread.refresh_from_db()
    assert thread.unanswered_since is None, "the other one answers it"

    decisions.cancel(now(second), by=mikko)
    thread.refresh_from_db()
    assert (thread.unanswered_since, thread.is_waiting) == (asked, True)


def test_a_cancelled_answer_brings_back_nothing_that_was_answered_or_wants_no_answer(
    hook, thread, mikko, connected
):
    answer(thread, mikko)
    receive(hook, content="STOP", timestamp=timezone.now().isoformat())
    second = answer(thread, mikko, "Vielä.")

    decisions.cancel(now(second), by=mikko)

    thread.refresh_from_db()
    assert thread.unanswered_since is None


def test_a_cancelled_answer_brings_back_nothing_that_was_done(thread, kahvila, mikko, connected):
    own = Thread.objects.filter(pk=thread.pk)
    teamwork.finish(own, {thread.pk: thread.newest_received}, customer=kahvila, by=mikko)
    unasked = answer(thread, mikko, "Tervetuloa!")

    decisions.cancel(now(unasked), by=mikko)

    thread.refresh_from_db()
    assert thread.unanswered_since is None


def test_what_was_answered_or_done_on_a_host_whose_clock_is_behind_is_not_brought_back(
    thread, kahvila, mikko, connected, monkeypatch
):
    sweeping.sync_host_clock()
    own, behind = Thread.objects.filter(pk=thread.pk), timezone.now() - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: behind)
    answer(thread, mikko)
    second = answer(thread, mikko, "Vielä.")
    decisions.cancel(now(second), by=mikko)
    answered = own.get().unanswered_since
    Message.objects.filter(direction=Direction.OUT).delete()
    teamwork.finish(own, {thread.pk: thread.newest_received}, customer=kahvila, by=mikko)

    waits.again(thread)

    assert (answered, own.get().unanswered_since) == (None, None)


def test_cancelling_what_may_have_been_taken_leaves_it_in_doubt(waiting, aino):
    Operation.objects.update(possibly_accepted=True)

    assert decisions.cancel(waiting, by=aino)
    assert now(waiting).state == MessageState.UNCERTAIN


def test_trying_again_what_another_sign_in_left_in_doubt_is_a_new_answer(waiting, aino, of_aino):
    Operation.objects.update(possibly_accepted=True)
    decisions.cancel(waiting, by=aino)

    again = decisions.try_again(now(waiting), by=aino)

    assert again.pk != waiting.pk
    assert (again.created_by, again.operation.connection) == (aino, of_aino)
    assert not now(waiting).needs_a_person
    assert not Operation.objects.needing_a_person().exists()


def test_a_refused_answer_of_one_who_is_signed_out_is_tried_again_by_another(
    thread, mikko, aino, connected, of_aino, smartdialog
):
    refusal = smartdialog.post(ADDRESS, status=400, json={"errorMessage": "Sender is not allowed"})
    message = answer(thread, mikko)
    drain(connected.pk)
    Connection.objects.filter(pk=connected.pk).update(state=ConnectionState.RECONNECT)
    smartdialog.remove(refusal)
    smartdialog.post(ADDRESS, json=TAKEN)

    decisions.try_again(now(message), by=aino)
    drain(of_aino.pk)

    assert now(message).state == MessageState.SENT
    asked = {json.loads(call.request.body)["RequestId"] for call in smartdialog.calls}
    assert asked == {replying.request_id_of(message)}


def test_a_refused_answer_of_one_who_lost_the_customer_is_tried_again_by_who_presses(
    thread, mikko, connected, of_aino, aino, smartdialog
):
    refusal = smartdialog.post(ADDRESS, status=403, json={"errorMessage": "No such customer"})
    message = answer(thread, mikko)
    drain(connected.pk)
    smartdialog.remove(refusal)
    smartdialog.post(ADDRESS, json=TAKEN)

    decisions.try_again(now(message), by=aino)

    assert now(message).operation.connection == of_aino
    drain(of_aino.pk)
    assert (now(message).state, now(message).sent_by) == (MessageState.SENT, aino)
    asked = {json.loads(call.request.body)["RequestId"] for call in smartdialog.calls}
    assert asked == {replying.request_id_of(message)}


def test_one_who_has_no_sign_in_tries_again_by_that_of_who_wrote_it(
    thread, mikko, connected, aino, smartdialog
):
    smartdialog.post(ADDRESS, status=400, json={"errorMessage": "Sender is not allowed"})
    message = answer(thread, mikko)
    drain(connected.pk)

    decisions.try_again(now(message), by=aino)

    assert (now(message).state, now(message).operation.connection) == (MessageState.WAITING, connected)


def test_a_failed_answer_is_dismissed_once_and_stays_told_of(thread, mikko, aino):
    message = answer(thread, mikko)
    Operation.objects.filter(kind=REPLY).update(state=OperationState.FAILED)
    replying.mark_failed(message, "Sender is unknown.")

    page = markup(press(aino, "dismissal", message))

    assert "Try again" not in page
    assert "Not delivered · Sender is unknown." in " ".join(page.split())
    assert not Message.objects.needing_a_person().exists()
    assert not Operation.objects.needing_a_person().exists()
    assert not decisions.dismiss(message, by=mikko)


def test_a_report_still_tells_of_what_was_dismissed(thread, mikko):
    message = answer(thread, mikko)
    replying.mark_uncertain(message, "SmartDialog did not say.")
    decisions.dismiss(message, by=mikko)

    replying.mark_sent(message, "m-1")

    assert now(message).state == MessageState.SENT


def test_a_form_that_was_sent_with_other_words_says_so_and_keeps_them(thread, mikko):
    form = {"content": "Kello 9.", "key": "5b1c8f5e-5f5c-4b5e-8f5e-5f5c4b5e8f5e"}
    browser = client_of(mikko)
    browser.post(of(thread, "replies"), form)

    page = markup(browser.post(of(thread, "replies"), form | {"content": "Kello 10."}))

    assert "An earlier version of this answer has been sent" in page
    assert "Kello 10." in page
    assert form["key"] not in page
    with pytest.raises(CannotReply, match="earlier version"):
        replying.reply(thread, "Kello 11.", key=form["key"], by=mikko)
