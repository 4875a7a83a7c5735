"""Store an inbound message in its thread, once: deduplicated by its id, else by its text within a window."""

from datetime import datetime, timedelta

from django.db.models import Value
from django.db.models.functions import Coalesce

from accounts.db.state_moves import move
from accounts.models import Customer
from contacts.text.phones import spellings
from gateway.hooks import HeldEvent, Inbound
from gateway.live_updates import live
from gateway.models import Service
from messaging.inbox.incoming.addresses import normalize_address
from messaging.inbox.models import Direction, Message, MessageState, Thread, ThreadState
from messaging.inbox.reporting import response_times
from messaging.inbox.search.words import kept_number, kept_words

# A message without an id that says the same so soon is the same: the platform tries three times.
DUPLICATE_WINDOW = timedelta(seconds=60)
# Clocks differ by so much; a time further ahead of its own arrival is a mistake: a time without its zone.
MAX_CLOCK_SKEW = timedelta(minutes=10)
TOPIC = "inbox"
STATES = "states"  # topic: what became of our messages; of their threads nothing else has changed


def receive(event: HeldEvent, message: Inbound, *, service: Service) -> Message | None:
    """Runs in the transaction that claimed the event. None: it is here already."""
    thread = _lock_thread(event, message, service)
    if _is_duplicate(thread, event, message):
        return None
    kept = _store(thread, event, message)
    move(
        Thread.objects.filter(pk=thread.pk),
        *ThreadState,
        to=ThreadState.OPEN,
        snoozed_until=None,
        unanswered_since=Coalesce("unanswered_since", Value(kept.at)),
        newest_received=kept.pk,
        our_address=message.recipient[:50] or thread.our_address,
        **response_times.asked(kept.at),
    )
    refresh_preview(thread)
    tell(thread)
    return kept


def tell(thread: Thread) -> None:
    """Open inboxes are sent the thread as it is now, once this is committed."""
    live.announce(thread.customer, TOPIC, row=thread.pk)


def tell_of_person(customer: Customer, phone: str) -> None:
    """The same of all threads with somebody: whether they may get messages has changed."""
    theirs = Thread.objects.of_customer(customer).filter(address__in=spellings(phone))
    live.announce_rows(customer, TOPIC, theirs.values_list("pk", flat=True))


def tell_state(message: Message) -> None:
    """Open inboxes are sent what became of it, once this is committed, and look nothing up."""
    live.announce(message.thread.customer, STATES, row=message.pk)


def refresh_preview(thread: Thread) -> None:
    """Bring what the list says of a thread up to date with its messages, in whatever order they came."""
    latest = thread.messages.exclude(state=MessageState.CANCELLED).latest_first().first()
    if latest is not None:
        Thread.objects.filter(pk=thread.pk).update(
            last_message_at=latest.at,
            last_text=snippet(latest),
            last_direction=latest.direction,
            last_channel=latest.protocol.upper()[:20],  # some letters are two then
        )


def _lock_thread(event: HeldEvent, message: Inbound, service: Service) -> Thread:
    """The person's thread, ours until the commit."""
    customer: Customer = service.customer
    address = normalize_address(message.sender, service)
    thread, _ = Thread.objects.select_for_update(no_key=True).get_or_create(
        customer=customer,
        service=service,
        address=address,
        defaults={
            "our_address": message.recipient[:50],
            "search_text": kept_number(customer.pk, address),
            "last_message_at": _time_of(event, message) or event.received_at,
        },
    )
    return thread


def _is_duplicate(thread: Thread, event: HeldEvent, message: Inbound) -> bool:
    """An id tells so only of a message that says the same: it might be of a conversation."""
    received = thread.messages.received()
    if message.message_id:
        known = received.filter(remote_id=message.message_id).values_list("content", flat=True).first()
        if known in (None, message.content):
            return known is not None
    same = received.filter(content=message.content, attachments=message.attachments)
    if at := _time_of(event, message):
        return same.filter(at=at).exists()
    around = (event.received_at - DUPLICATE_WINDOW, event.received_at + DUPLICATE_WINDOW)
    return same.filter(received_at__range=around).exists()


def _store(thread: Thread, event: HeldEvent, message: Inbound) -> Message:
    is_taken = thread.messages.received().filter(remote_id=message.message_id).exists()
    kept = Message(
        thread=thread,
        direction=Direction.IN,
        content=message.content,
        attachments=message.attachments,
        protocol=message.protocol[:20],
        our_address=message.recipient[:50],
        remote_id="" if is_taken else message.message_id,
        at=_time_of(event, message) or event.received_at,
        received_at=event.received_at,
        event_id=event.pk,
    )
    kept.search_text = kept_words(thread.customer_id, kept.searched_text)
    kept.save(force_insert=True)
    return kept


def _time_of(event: HeldEvent, message: Inbound) -> datetime | None:
    """The platform's time, unless it cannot be."""
    if message.timestamp is None or message.timestamp > event.received_at + MAX_CLOCK_SKEW:
        return None
    return message.timestamp


def snippet(message: Message) -> str:
    """Its words in one line."""
    text = " ".join(message.content.split())
    return text[:200] or ("Attachment" if message.attachments else "")
