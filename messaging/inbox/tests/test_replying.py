import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from accounts.models import AuditEvent
from gateway import clock
from gateway.hooks import processing
from gateway.hooks.subscriptions import dlr_url
from gateway.models import (
    ConnectionState,
    EventState,
    HookEvent,
    HookSubscription,
    Lane,
    LiveUpdate,
    Operation,
    OperationState,
)
from gateway.outbox.draining import drain
from gateway.smartdialog import quirks
from messaging.inbox.models import Message, MessageState, Thread, ThreadState
from messaging.inbox.replies import decisions, replying
from messaging.inbox.replies.replying import REPLY, CannotReply
from messaging.inbox.tests.conftest import ANNA, API, NUMBER, answer, receive, said

pytestmark = pytest.mark.django_db

ADDRESS = f"{API}/messages/reply/first"
TAKEN = {"MessageId": "m-1", "MessagePartCount": 1, "Recipients": [{"Address": ANNA, "Id": "r-1"}]}


@pytest.fixture
def carried(thread, mikko, connected, smartdialog):
    """An answer that SmartDialog took."""
    smartdialog.post(ADDRESS, json=TAKEN)
    message = answer(thread, mikko)
    drain(connected.pk)
    message.refresh_from_db()
    return message


def test_an_answer_shows_at_once_and_waits_in_the_interactive_lane(thread, mikko):
    message = answer(thread, mikko)

    operation = message.operation
    assert (message.state, message.created_by) == (MessageState.WAITING, mikko)
    assert (operation.kind, operation.lane, operation.payload["parent"]) == (REPLY, Lane.INTERACTIVE, "first")
    assert AuditEvent.objects.filter(verb="reply.written", actor=mikko).exists()
    thread.refresh_from_db()
    assert (thread.last_text, thread.last_direction) == ("Kello 9.", "out")


def test_an_answer_goes_out_as_the_contract_says(carried, smartdialog, answering, kahvila):
    call = smartdialog.calls[-1].request
    body = json.loads(call.body)

    assert call.headers["Customer-Id"] == kahvila.remote_id
    assert call.headers["Service-Id"] == answering.remote_id
    assert (body["Sender"], body["Content"], body["Protocol"]) == (NUMBER, "Kello 9.", "SMS")
    assert body["Recipients"] == [{"Address": ANNA}]
    assert body["RequestId"] == f"reply-{carried.uuid}"
    assert parse_qs(urlsplit(body["DlrUrl"]).query)["reply"] == [str(carried.uuid)]
    assert (carried.state, carried.remote_id) == (MessageState.SENT, "m-1")


def test_an_answer_opens_a_closed_thread(thread, mikko):
    Thread.objects.update(state=ThreadState.CLOSED)

    answer(thread, mikko)

    assert Thread.objects.get().is_open


def test_an_answer_stands_below_what_it_answers_though_clocks_differ(hook, thread, mikko):
    receive(hook, content="Huomenna?", timestamp=(clock.now() + timedelta(minutes=5)).isoformat())

    answer(thread, mikko)

    assert said(thread)[-2:] == ["Huomenna?", "Kello 9."]


def test_a_double_press_is_one_answer(thread, mikko):
    key = uuid4()

    first = replying.reply(thread, "Kello 9.", key=key, by=mikko)
    again = replying.reply(thread, "Kello 9.", key=key, by=mikko)

    assert first == again
    assert Operation.objects.filter(kind=REPLY).count() == 1


def test_the_key_of_another_thread_is_no_key_here(hook, thread, mikko):
    receive(hook, sender="+358402222222")
    other = Thread.objects.exclude(pk=thread.pk).get()
    key = uuid4()
    replying.reply(thread, "Kello 9.", key=key, by=mikko)

    with pytest.raises(CannotReply, match="too old"):
        replying.reply(other, "Kello 9.", key=key, by=mikko)
    assert not other.messages.filter(content="Kello 9.").exists()


def test_a_name_takes_no_answer(hook, answering, mikko):
    receive(hook, sender="INFO")

    with pytest.raises(CannotReply, match="takes no answers"):
        answer(Thread.objects.get(), mikko)


def test_without_a_service_that_may_answer_there_is_no_answer(thread, answering, mikko):
    answering.delete()

    with pytest.raises(CannotReply, match="no service that may answer"):
        answer(thread, mikko)


def test_a_message_without_an_id_cannot_be_answered(hook, answering, mikko):
    receive(hook, messageId=None)

    with pytest.raises(CannotReply, match="gave no id"):
        answer(Thread.objects.get(), mikko)


def test_a_refusal_shows_in_place_and_is_tried_again_with_its_request_id(
    thread, mikko, connected, smartdialog
):
    refusal = smartdialog.post(ADDRESS, status=400, json={"errorMessage": "Sender is not allowed"})
    message = answer(thread, mikko)
    drain(connected.pk)
    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert "Sender is not allowed" in message.error_text

    smartdialog.remove(refusal)
    smartdialog.post(ADDRESS, json=TAKEN)
    decisions.try_again(message, by=mikko)
    drain(connected.pk)

    message.refresh_from_db()
    assert (message.state, message.error_text) == (MessageState.SENT, "")
    requested = {json.loads(call.request.body)["RequestId"] for call in smartdialog.calls}
    assert requested == {f"reply-{message.uuid}"}


@pytest.mark.parametrize("words", ["Duplicate RequestId: sending is cancelled", "Kahdesti", "", None])
def test_a_repeat_that_is_refused_may_have_been_sent_until_a_report_says_so(
    thread, mikko, connected, smartdialog, words
):
    message = answer(thread, mikko)
    Operation.objects.filter(pk=message.operation_id).update(possibly_accepted=True)
    smartdialog.post(ADDRESS, status=400, json={"errorMessage": words})

    drain(connected.pk)

    message = Message.objects.get(pk=message.pk)
    assert (message.state, message.operation.state) == (MessageState.UNCERTAIN, OperationState.UNKNOWN)
    assert "refused it when it was asked again" in message.error_text

    report(message, "Delivered")

    message = Message.objects.get(pk=message.pk)
    assert (message.state, message.operation.state) == (MessageState.DELIVERED, OperationState.DONE)


@pytest.mark.parametrize("status", ["Delivered", "Failed"])
@pytest.mark.parametrize("refusal", [{"status": 400, "json": {"errorMessage": "Kahdesti"}}, {"status": 503}])
def test_what_a_report_tells_of_while_its_repeat_is_asked_is_in_no_doubt(
    thread, mikko, connected, smartdialog, status, refusal
):
    message = answer(thread, mikko)
    Operation.objects.filter(pk=message.operation_id).update(possibly_accepted=True)

    def answer_later(_) -> tuple[int, dict[str, str], str]:
        report(message, status)
        return refusal["status"], {}, json.dumps(refusal.get("json", {}))

    smartdialog.add_callback("POST", ADDRESS, answer_later)
    drain(connected.pk)

    message = Message.objects.get(pk=message.pk)
    assert (message.state, message.operation.state) == (status.lower(), OperationState.DONE)


@pytest.mark.parametrize("error", [{"status": 500}, {"body": ConnectionError()}, {"status": 429}])
def test_an_open_thread_hears_of_each_try_that_failed(thread, mikko, connected, smartdialog, error):
    answer(thread, mikko)
    smartdialog.post(ADDRESS, **error)
    heard = LiveUpdate.objects.filter(topic="inbox").count()

    drain(connected.pk)

    assert LiveUpdate.objects.filter(topic="inbox").count() == heard + 1


def test_a_second_id_for_one_request_says_that_they_may_have_it_twice(carried):
    Operation.objects.filter(pk=carried.operation_id).update(possibly_accepted=True)
    query = f"reply={carried.uuid}&recipientId=r&status=Delivered&messageId="
    for number in ("m-1", "m-2"):
        hook = carried.thread.customer.hook_subscriptions.get(kind="delivery")
        event = HookEvent.objects.create(subscription=hook, query=query + number)
        processing.process(event.pk)

    carried.refresh_from_db()
    assert (carried.state, carried.error_text) == (MessageState.DELIVERED, "They may have got it twice.")
    assert quirks.of(carried.thread.customer).forgets_request_ids


def test_an_answer_of_which_nobody_knows_is_shown_as_such(thread, mikko):
    message = answer(thread, mikko)

    replying.mark_uncertain(message, "SmartDialog did not say.")

    message.refresh_from_db()
    assert message.needs_a_person
    assert Message.objects.needing_a_person().get() == message


def test_an_undelivered_answer_is_sent_anew_once(carried, mikko):
    report(carried, "Failed")
    carried.refresh_from_db()

    first = decisions.try_again(carried, by=mikko)
    again = decisions.try_again(carried, by=mikko)

    assert first == again != carried
    carried.refresh_from_db()
    assert not carried.needs_a_person
    assert Operation.objects.filter(kind=REPLY).count() == 2


def test_an_answer_waits_and_says_so_while_its_connection_is_gone(thread, mikko, connected):
    message = answer(thread, mikko)
    connected.state = ConnectionState.RECONNECT
    connected.save()

    assert "signs in" in Message.objects.get(pk=message.pk).waits_for


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (["Delivered"], MessageState.DELIVERED),
        (["Delivered", "Delivered"], MessageState.DELIVERED),
        (["Delivered", "Sent"], MessageState.DELIVERED),
        (["Delivered", "Failed"], MessageState.DELIVERED),
        (["Failed", "Delivered"], MessageState.DELIVERED),
        (["Expired"], MessageState.FAILED),
        (["Rejected", "Sent"], MessageState.FAILED),
        (["Sent"], MessageState.SENT),
    ],
)
def test_reports_come_to_the_highest_of_them(carried, told, state):
    for status in told:
        assert report(carried, status).state == EventState.DONE

    carried.refresh_from_db()
    assert carried.state == state


@pytest.mark.parametrize("status", ["Gone fishing", ""])
def test_a_report_of_words_that_nobody_has_told_us_waits_for_them(carried, status):
    assert report(carried, status).state == EventState.UNCLEAR

    carried.refresh_from_db()
    assert carried.state == MessageState.SENT


def test_a_report_that_beats_the_answer_to_its_call_stands(thread, mikko, connected, smartdialog):
    smartdialog.post(ADDRESS, json=TAKEN)
    message = answer(thread, mikko)

    report(message, "Delivered")
    drain(connected.pk)

    message.refresh_from_db()
    assert (message.state, message.remote_id) == (MessageState.DELIVERED, "m-1")


def test_a_delivered_answer_is_not_undone_by_what_its_call_came_to(thread, mikko):
    message = answer(thread, mikko)
    report(message, "Delivered")

    replying.mark_uncertain(message, "Nobody knows.")

    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED


def test_a_report_of_another_customer_changes_nothing(carried, trattoria):
    event = report(carried, "Failed", customer=trattoria)

    carried.refresh_from_db()
    assert (event.state, carried.state) == (EventState.PARKED, MessageState.SENT)


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_report_of_nothing_known_is_kept_for_later(carried, kahvila, key):
    assert report(carried, "Delivered", key=key).state == EventState.PARKED


def report(message: Message, status: str, *, customer=None, key: str | None = None) -> HookEvent:
    customer = customer or message.thread.customer
    query = urlsplit(dlr_url(customer, reply=str(message.uuid) if key is None else key)).query
    hook = HookSubscription.objects.get(customer=customer, kind="delivery")
    event = HookEvent.objects.create(subscription=hook, query=f"{query}&status={status}")
    processing.process(event.pk)
    event.refresh_from_db()
    return event
