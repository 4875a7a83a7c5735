"""Writing first to one person: a thread with them begins with what we say."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.models import Customer, User
from contacts.listing.row_search import some_of
from contacts.models import Contact
from contacts.text.phones import InvalidPhone, read_number, spellings
from gateway import clock
from gateway.models import Service
from messaging.inbox.models import Message, Thread
from messaging.inbox.replies import replying
from messaging.inbox.replies.routes import CannotReply, ask_consent, first_route
from messaging.inbox.search.people_search import known_people
from messaging.inbox.search.words import kept_number
from messaging.inbox.team.desk import Desk

STRANGERS_SHOWN, STRANGERS_LOOKED_AT = 5, 20


def write(
    customer: Customer,
    phone: str,
    content: str,
    *,
    sender: str,
    key: UUID,
    by: User,
    service: Service | None = None,
) -> Message:
    """Where there is a thread with them, it goes on there, if they want messages; who of us writes first
    while a colleague does is asked. `service`: to which their answer comes; None: the only one, or that of
    the sender.

    Raises CannotReply, AnsweredMeanwhile or NotConnected, and keeps nothing then.
    """
    ask_consent(customer, phone)
    with transaction.atomic():
        thread = thread_with(customer, phone)
        if thread:
            return replying.reply(thread, content, key=key, by=by)
        begun = _begin(customer, phone, sender=sender, service=service)
        return replying.reply(begun, content, key=key, by=by, seen=0)


@dataclass(frozen=True)
class Stranger:
    """Somebody whom one can write to first."""

    phone: str
    name: str = ""


def strangers(desk: Desk, text: str, *, names_nobody: bool = False) -> list[Stranger]:
    """Contacts whom the words name and with whom there is no thread, or the number that is typed.

    `names_nobody`: no contact has the words, as far as is known.
    """
    phone = as_number(desk, text)
    names = {} if names_nobody else _named(desk, text)
    if phone:
        names = {phone: names.get(phone, ""), **names}
    if not names:
        return []
    known = Thread.objects.of_customer(desk.customer).filter(address__in=spelt(names))
    written = {spelling for each in known for spelling in spellings(each.address)}
    new = [Stranger(phone, name) for phone, name in names.items() if phone not in written]
    return new[:STRANGERS_SHOWN]


def _named(desk: Desk, text: str) -> dict[str, str]:
    """What some active contacts whom the words name are called, by number."""
    named = known_people(desk).matching(text).filter(active=True)
    keys = some_of(STRANGERS_LOOKED_AT, named)  # for so few, PostgreSQL would look into each contact there is
    return {contact.phone: contact.name for contact in Contact.objects.filter(pk__in=keys)}


def spelt(phones: Iterable[str]) -> set[str]:
    return {spelling for phone in phones for spelling in spellings(phone)}


def as_kept(customer: Customer, phone: str) -> str:
    """A number as it is typed, in the one spelling by which it is found; what is none yet, as it is."""
    return as_number(Desk(customer), phone) or phone


def as_number(desk: Desk, text: str) -> str:
    """As an import would read it; "" for what is no number."""
    service = next((each for each in desk.two_way if each.is_offered), None)
    try:
        return read_number(text, service.regions if service else []).phone
    except InvalidPhone:
        return ""


def thread_with(customer: Customer, phone: str) -> Thread | None:
    """The latest with this person, under whatever spelling."""
    threads = Thread.objects.of_customer(customer).filter(address__in=spellings(phone))
    return threads.select_related("customer", "service").order_by("-last_message_at", "-pk").first()


def answers_come_to(customer: Customer, sender: str) -> Service | None:
    """The two-way service to which people who write to that number have written; None: nobody has."""
    written = Thread.objects.of_customer(customer).filter(our_address=sender).exclude(newest_received=0)
    last = written.select_related("service").order_by("-last_message_at").first()
    return last.service if last else None


def _begin(customer: Customer, phone: str, *, sender: str, service: Service | None) -> Thread:
    service = answers_come_to(customer, sender) or service
    if service is None:
        service = _only_two_way(customer)
    first_route(customer, phone, sender=sender, service=service)
    words = kept_number(customer.pk, phone)
    begun = {"our_address": sender, "last_message_at": clock.now(), "search_text": words}
    return Thread.objects.get_or_create(customer=customer, service=service, address=phone, defaults=begun)[0]


def _only_two_way(customer: Customer) -> Service:
    services = list(Service.objects.of_customer(customer).two_way().offered()[:2])
    if not services:
        raise CannotReply(
            "SmartDialog lists no two-way service, so an answer could not come here. Ask Arena for one."
        )
    if len(services) > 1:
        raise CannotReply(
            "Nobody has written to that number yet, so it is not known to which of your services an answer "
            "comes. Choose the service."
        )
    return services[0]
