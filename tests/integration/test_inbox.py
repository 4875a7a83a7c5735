"""A message from a phone into the inbox and an answer back, over real HTTP in both directions."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from contacts.models import Suppression
from gateway.hooks import processing, subscribe
from gateway.models import HookEvent, HookSubscription, Operation, OperationState, Service, SubscriptionState
from gateway.outbox.draining import drain
from messaging.inbox import replying
from messaging.inbox.models import Direction, Message, MessageState, Thread
from tests.sandbox_process import Sandbox, running_sandbox

pytestmark = pytest.mark.django_db(transaction=True)

ANNA, NUMBER = "+358401111111", "+358451234567"
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

    assert Message.objects.count() == Thread.objects.get().unread == 1


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


def test_the_same_answer_again_is_known_to_smartdialog_and_counts_as_sent(hook, sandbox, connected):
    write(sandbox, "Milloin avaatte?")
    take_in(1)
    answer = replying.reply(Thread.objects.get(), "Kello 9.", key=uuid4(), by=connected)
    drain(connected.connection.pk)
    # As if the worker had died before it could write down what came of it.
    Operation.objects.filter(pk=answer.operation_id).update(
        state=OperationState.WAITING, possibly_accepted=True
    )

    drain(connected.connection.pk)

    answer.refresh_from_db()
    assert answer.operation.state == OperationState.DONE
    assert answer.state in {MessageState.SENT, MessageState.DELIVERED}
