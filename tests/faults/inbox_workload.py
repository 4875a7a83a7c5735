"""What people do during the chaos test, and what the judge asks of the dashboard after it."""

from dataclasses import dataclass
from typing import Any

from tests.faults.stack import Stack, wait_until
from tests.faults.workloads import CUSTOMER, Row

READERS = "Uutiskirje"
NUMBER = "+358451234567"  # where people write to
NEWS, QUESTION, ANSWER = "Hei $(firstName), kahvi 1 e!", "Milloin avaatte? {phone}", "Kello 9, {phone}."

OPEN_INBOX = f"""
from accounts.models import User
from gateway.hooks import subscribe
from gateway.models import Service
mikko = User.objects.get(name__startswith="Mikko")
answer = subscribe(Service.objects.two_way().get(customer__name={CUSTOMER!r}), by=mikko).pk
"""
INBOX_IS_OPEN = """
from gateway.models import HookSubscription
answer = HookSubscription.objects.filter(kind="inbound", state="active").exists()
"""
ADD_READERS = """
from contacts.models import Contact
from gateway.models import Service
group = Service.objects.get(name={group!r})
known = dict(group=group, sync_state="synced", known_remotely=True)
made = [
    Contact(phone=phone, first_name=first, last_name=last, **known) for phone, first, last in {rows!r}
]
for contact in made:
    contact.index()
answer = len(Contact.objects.bulk_create(made, batch_size=500))
"""
SEND_NEWS = """
from uuid import uuid4
from accounts.models import User
from gateway.models import Service
from messaging.campaigns import lifecycle
mikko = User.objects.get(name__startswith="Mikko")
group = Service.objects.get(name={group!r})
service = Service.objects.one_way().get(customer=group.customer)
fields = dict(group=group, service=service, sender="Kahvila", content={text!r})
campaign, _ = lifecycle.create(customer=group.customer, uuid=uuid4(), fields=fields, by=mikko)
lifecycle.schedule(campaign, revision=campaign.revision, people={people}, calls={people}, by=mikko)
answer = campaign.pk
"""
ANSWER_ALL = """
from uuid import NAMESPACE_OID, uuid5
from accounts.models import User
from messaging.inbox.replies import replying
from messaging.inbox.models import Thread
mikko = User.objects.get(name__startswith="Mikko")
answer = 0
for thread in Thread.objects.exclude(messages__direction="out"):
    key = uuid5(NAMESPACE_OID, thread.address)
    replying.reply(thread, {text!r}.format(phone=thread.address), key=key, by=mikko)
    answer += 1
"""
THREADS = """
from collections import defaultdict
from messaging.inbox.models import Message
found = defaultdict(list)
for address, direction, remote_id, state in Message.objects.values_list(
    "thread__address", "direction", "remote_id", "state"
):
    found[address].append([direction, remote_id if direction == "in" else state])
answer = found
"""


@dataclass(frozen=True)
class InboundMessage:
    """Somebody who writes to us, and what SmartDialog calls their message."""

    phone: str
    message_id: str


def open_inbox(stack: Stack) -> None:
    stack.ask(OPEN_INBOX)
    wait_until(lambda: stack.ask(INBOX_IS_OPEN), "SmartDialog to confirm the subscription", pause=1)


def send_news(stack: Stack, rows: list[Row]) -> None:
    """To a group that is there already: what the composer's button calls."""
    readers = [(row.phone, row.first_name, row.last_name) for row in rows]
    stack.ask(ADD_READERS.format(group=READERS, rows=readers))
    stack.ask(SEND_NEWS.format(group=READERS, text=NEWS, people=len(rows)))


def receive_questions(stack: Stack, phones: list[str], delays: list[float]) -> list[InboundMessage]:
    """Each of them asks something; each notification comes twice, and late by its delay."""
    asked = [
        {"type": "inbound", "from": phone, "to": NUMBER, "text": QUESTION.format(phone=phone)}
        | {"repeat": 2, "delay": delay}
        for phone, delay in zip(phones, delays, strict=True)
    ]
    events = stack.sandbox.post("/_events", asked).json()["events"]
    return [InboundMessage(phone, event["messageId"]) for phone, event in zip(phones, events, strict=True)]


def answer_all(stack: Stack) -> int:
    """Each thread that has no answer yet gets one; how many."""
    return int(stack.ask(ANSWER_ALL.format(text=ANSWER)))


def threads(stack: Stack) -> dict[str, list[list[Any]]]:
    """By address: each message as ["in", its id at SmartDialog] or ["out", where it stands]."""
    found: dict[str, list[list[Any]]] = stack.ask(THREADS)
    return found
