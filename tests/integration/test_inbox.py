"""A message from a phone into the inbox and an answer back, over real HTTP in both directions."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from contacts.models import Suppression
from gateway import clock
from gateway.hooks import processing, subscribe
from gateway.models import (
    Connection,
    HookEvent,
    HookSubscription,
    Operation,
    OperationState,
    Service,
    SubscriptionState,
)
from gateway.outbox.draining import drain
from messaging.inbox.models import Direction, Message, MessageState, ReplySettings, Thread
from messaging.inbox.replies import discussions, replying
from tests.sandbox_process import Sandbox, running_sandbox

pytestmark = pytest.mark.django_db(transaction=True)

ANNA, BEN, NUMBER = "+358401111111", "+358402222222", "+358451234567"
PATIENCE = 20  # seconds for the sandbox to call back


@pytest.fixture(scope="module")
def sandbox_process(tmp_path_factory) -> Iterator[Sandbox]:
    """One that ends before the live server does: it keeps its connections open."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def connected(mikko_signed_in, settings, live_server):
    """Mikko, signed in, at a dashboard that SmartDialog can reach."""
    settings.PUBLIC_URL = live_server.url
    return mikko_signed_in


@pytest.fixture
def hook(connected) -> HookSubscription:
    """The inbox of the café's number, as SmartDialog confirmed it."""
    number = Service.objects.two_way().get(customer__name="Kahvila Aalto")
    subscription = subscribe(number, by=connected)
    drain(connected.connection.pk)
    subscription.refresh_from_db()
    return subscription


def write(sandbox, text: str, **fields) -> None:
    event = {"type": "inbound", "from": ANNA, "to": NUMBER, "text": text} | fields
    sandbox.post("/_events", event).raise_for_status()


def take_in(count: int) -> None:
    """Wait until so many events have come, and take them in."""
    give_up = time.monotonic() + PATIENCE
    while HookEvent.objects.count() < count and time.monotonic() < give_up:
        time.sleep(0.05)
    processing.process_due()
    assert HookEvent.objects.count() == count


def test_smartdialog_confirms_the_subscription_and_where_it_can_be_ended(hook):
    assert hook.state == SubscriptionState.ACTIVE
    assert hook.action_id
    assert hook.pipeline_id


def test_a_message_from_a_phone_stands_in_the_inbox(hook, sandbox):
    write(sandbox, "Milloin avaatte? 😊")
    take_in(1)

    thread = Thread.objects.get()
    assert (thread.customer.name, thread.address, thread.our_address) == ("Kahvila Aalto", ANNA, NUMBER)
    assert thread.messages.get().content == "Milloin avaatte? 😊"


def test_copies_of_a_notification_are_one_message(hook, sandbox):
    write(sandbox, "Hei", messageId=str(uuid4()), repeat=3)
    take_in(3)

    assert Message.objects.count() == 1


def test_stop_is_heard(hook, sandbox):
    write(sandbox, "Stop.")
    take_in(1)

    assert Suppression.objects.get().phone == ANNA


def test_an_answer_reaches_the_phone_once_and_comes_back_as_delivered(hook, sandbox, connected):
    write(sandbox, "Milloin avaatte?")
    take_in(1)
    key = uuid4()

    for _ in range(2):
        replying.reply(Thread.objects.get(), "Kello 9.", key=key, by=connected)
        drain(connected.connection.pk)
    take_in(2)

    answer = Message.objects.get(direction=Direction.OUT)
    assert answer.state == MessageState.DELIVERED
    taken = [call for call in sandbox.ledger()["calls"] if "/messages/reply/" in call["path"]]
    assert [call["status"] for call in taken] == [200]


def carry(person, *, turns: int = 6) -> None:
    """What waits to be tried again does not wait."""
    for _ in range(turns):
        Operation.objects.filter(state=OperationState.WAITING).update(due_at=clock.now())
        Connection.objects.update(blocked_until=None)
        drain(person.connection.pk)


def answer_lost(sandbox, connected, *faults: str) -> Message:
    """An answer to a message, of whose call nothing is heard."""
    write(sandbox, "Milloin avaatte?")
    take_in(1)
    rules = [{"op": "SendReplyMessage", "do": each} for each in ("reset_after", *faults)]
    sandbox.post("/_faults", rules).raise_for_status()
    message = replying.reply(Thread.objects.get(), "Kello 9.", key=uuid4(), by=connected)
    carry(connected)
    message.refresh_from_db()
    return message


def copies(sandbox) -> int:
    sent = [each for each in sandbox.state(only="messages")["messages"] if each["recipients"]]
    return sum(len(each["recipients"]) for each in sent)


@pytest.mark.parametrize("words", ["errorMessage", "html", "empty"])
def test_a_repeated_answer_that_is_refused_may_have_been_sent_until_its_report_comes(
    hook, sandbox, connected, words
):
    sandbox.post("/_switches", {"error_body": words, "delivery_seconds": 3.0}).raise_for_status()

    answer = answer_lost(sandbox, connected)

    assert (answer.state, answer.operation.state) == (MessageState.UNCERTAIN, OperationState.UNKNOWN)
    assert copies(sandbox) == 1
    take_in(2)
    answer.refresh_from_db()
    assert (answer.state, answer.operation.state) == (MessageState.DELIVERED, OperationState.DONE)


def test_an_answer_is_sent_again_twice_at_most_and_people_read_that_it_may_be_there_twice(
    hook, sandbox, connected
):
    answer = answer_lost(sandbox, connected, "forget_request_id")

    assert copies(sandbox) == 3
    assert answer.state in {MessageState.UNCERTAIN, MessageState.DELIVERED}
    take_in(4)
    answer.refresh_from_db()
    assert (answer.state, answer.error_text) == (MessageState.DELIVERED, "They may have got it twice.")

    again = replying.reply(Thread.objects.get(), "Tai 10.", key=uuid4(), by=connected)
    carry(connected)
    assert copies(sandbox) == 4
    again.refresh_from_db()
    assert again.state == MessageState.UNCERTAIN


@pytest.mark.parametrize(
    ("ids", "words"),
    [("other", "does not know the message"), ("none", "gave no id"), ("zeros", "gave no id")],
)
def test_an_answer_to_a_message_of_another_id_says_why_it_does_not_leave(
    hook, sandbox, connected, ids, words
):
    sandbox.post("/_switches", {"notification_ids": ids}).raise_for_status()
    write(sandbox, "Milloin avaatte?")
    take_in(1)

    if ids != "other":
        with pytest.raises(replying.CannotReply, match=words):
            replying.reply(Thread.objects.get(), "Kello 9.", key=uuid4(), by=connected)
        return
    answer = replying.reply(Thread.objects.get(), "Kello 9.", key=uuid4(), by=connected)
    carry(connected)
    answer.refresh_from_db()
    assert answer.state == MessageState.FAILED
    assert words in answer.error_text


@pytest.mark.parametrize("body", ["form", "gzip", "deflate"])
@pytest.mark.parametrize("names", ["declared", "upper"])
def test_a_notification_is_read_as_a_form_or_packed(hook, sandbox, body, names):
    sandbox.post("/_switches", {"notification_body": body, "notification_names": names}).raise_for_status()
    write(sandbox, "Äiti & iskä = 1 + 1? 😊", **{"from": BEN})
    take_in(1)

    [message] = Thread.objects.get(address=BEN).messages.all()
    assert (message.content, message.our_address) == ("Äiti & iskä = 1 + 1? 😊", NUMBER)
    assert message.remote_id


def test_a_notification_in_xml_is_kept_and_told_as_what_it_is(hook, sandbox):
    sandbox.post("/_switches", {"notification_body": "xml"}).raise_for_status()
    write(sandbox, "Hei")
    take_in(1)

    assert HookEvent.objects.get().reason.startswith("It is XML or a page")


def test_messages_that_have_the_id_of_their_conversation_all_arrive(hook, sandbox, connected):
    sandbox.post("/_switches", {"notification_ids": "discussion"}).raise_for_status()
    texts = ["Hei", "Milloin avaatte?", "Onko tilaa?"]
    for text in texts:
        write(sandbox, text)
    take_in(3)

    assert sorted(Thread.objects.get().messages.values_list("content", flat=True)) == texts


def test_a_discussion_that_smartdialog_names_is_answered_as_one(hook, sandbox, connected):
    sandbox.post("/_switches", {"thread_ids": "everywhere"}).raise_for_status()
    write(sandbox, "Milloin avaatte?")
    take_in(1)
    thread = Thread.objects.get()
    ReplySettings.objects.create(customer=thread.customer, in_discussions=True)

    answer = replying.reply(thread, "Kello 9.", key=uuid4(), by=connected)
    carry(connected)

    answer.refresh_from_db()
    assert answer.state == MessageState.SENT
    taken = [call for call in sandbox.ledger()["calls"] if call["path"].endswith("/discussion/reply")]
    assert [call["status"] for call in taken] == [200]
    assert copies(sandbox) == 1


def test_a_discussion_that_was_linked_by_mistake_does_not_stay_linked(hook, sandbox, connected):
    sandbox.post("/_switches", {"thread_ids": "everywhere"}).raise_for_status()
    write(sandbox, "Milloin avaatte?")
    write(sandbox, "Hei", **{"from": BEN})
    take_in(2)
    anna, ben = Thread.objects.get(address=ANNA), Thread.objects.get(address=BEN)
    wrong, _ = ben.discussion_id, Thread.objects.filter(pk=ben.pk).update(discussion_id="")
    discussions.link(anna, wrong, by=connected)
    anna.refresh_from_db()

    answer = replying.reply(anna, "Kello 9.", key=uuid4(), by=connected)
    carry(connected)

    answer.refresh_from_db()
    anna.refresh_from_db()
    assert (answer.state, anna.discussion_id) == (MessageState.FAILED, "")
    assert "is with somebody else" in answer.error_text


@pytest.mark.parametrize("names", ["pascal", "upper"])
def test_a_message_whose_names_are_in_another_case_arrives_and_is_answered(hook, sandbox, connected, names):
    sandbox.post("/_switches", {"notification_names": names}).raise_for_status()
    write(sandbox, "Milloin avaatte?")
    take_in(1)

    answer = replying.reply(Thread.objects.get(), "Kello 9.", key=uuid4(), by=connected)
    carry(connected)
    answer.refresh_from_db()
    assert answer.state == MessageState.SENT


def test_a_message_whose_time_names_no_zone_stands_at_the_time_it_came(hook, sandbox):
    sandbox.post("/_switches", {"times_without_zone": "Europe/Helsinki"}).raise_for_status()
    write(sandbox, "Hei")
    take_in(1)

    message = Message.objects.get()
    assert abs((message.at - message.received_at).total_seconds()) < 60


def test_a_hook_is_received_by_whatever_the_status_of_its_success(connected, sandbox):
    number = Service.objects.two_way().get(customer__name="Kahvila Aalto")
    for status in ("200", "202"):
        sandbox.post("/_switches", {"success_status": status}).raise_for_status()
        hook = subscribe(number, by=connected)
        carry(connected, turns=1)
        hook.refresh_from_db()
        assert (hook.state, hook.can_be_ended) == (SubscriptionState.ACTIVE, True)
        HookSubscription.objects.filter(pk=hook.pk).update(state=SubscriptionState.REVOKED)
