"""Writing first to one person: a thread with them begins with what we say."""

from uuid import UUID

from django.db import transaction

from accounts.models import Customer, User
from contacts.text.phones import spellings
from gateway import clock
from gateway.models import Service
from messaging.inbox import replying
from messaging.inbox.models import Message, Thread
from messaging.inbox.routes import CannotReply, ask_consent, first_route
from messaging.inbox.search.words import kept_number


def write(customer: Customer, phone: str, content: str, *, sender: str, key: UUID, by: User) -> Message:
    """Where they have written to us before, it goes on in that thread, if they want messages.

    Raises CannotReply or NotConnected, and keeps nothing then.
    """
    ask_consent(customer, phone)
    with transaction.atomic():
        thread = thread_with(customer, phone) or _begin(customer, phone, sender=sender)
        return replying.reply(thread, content, key=key, by=by)


def thread_with(customer: Customer, phone: str) -> Thread | None:
    """The latest with this person, under whatever spelling."""
    threads = Thread.objects.of_customer(customer).filter(address__in=spellings(phone))
    return threads.select_related("customer", "service").order_by("-last_message_at", "-pk").first()


def _begin(customer: Customer, phone: str, *, sender: str) -> Thread:
    first_route(customer, phone, sender=sender)
    service = Service.objects.of_customer(customer).two_way().offered().first()
    if service is None:
        raise CannotReply(
            "SmartDialog lists no two-way service, so an answer could not come here. Ask Arena for one."
        )
    words = kept_number(customer.pk, phone)
    begun = {"our_address": sender, "last_message_at": clock.now(), "search_text": words}
    return Thread.objects.get_or_create(customer=customer, service=service, address=phone, defaults=begun)[0]
