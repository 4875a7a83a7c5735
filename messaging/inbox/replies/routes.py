"""The way to a person: through which service, from which address of ours, and as what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.errors import UserError
from accounts.models import Customer
from contacts.consent import opt_out_requests, opt_outs
from contacts.models.erased_numbers import erased_among
from contacts.text.phones import spellings
from gateway import clock
from gateway.models import Service, services_of
from messaging.inbox.incoming.addresses import can_be_answered
from messaging.inbox.models import Message, ReplySettings, Thread
from messaging.inbox.models.message import MessageQuerySet

FREE_FOR = timedelta(hours=24)  # that WhatsApp takes a free answer after the person's last message
SMS, WHATSAPP = "SMS", "WHATSAPP"
ONLY_TEMPLATES = (
    "They last wrote on WhatsApp, which takes free answers for 24 hours. Send a template, and answer "
    "freely when they write back."
)
NO_FILE_BY_SMS = "This goes out as an SMS, which carries no file. Put the address of the file into the text."
NO_FILE_IN_DISCUSSION = (
    "SmartDialog takes no file into a discussion. Put the address of the file into the text."
)
NO_ID = (
    "SmartDialog gave no id with what they wrote last, or with anything before it on that channel, so it "
    "cannot be answered from here."
)
MAY_HAVE_OPTED_OUT = (
    "They may have asked for no more messages. Say first whether they did: until then they get only answers "
    "to what they ask."
)
TOO_LATE = (
    "WhatsApp takes no free answer any more at that time. Choose an earlier one, or send a template then."
)


class CannotReply(UserError):
    """`text` says why, and what would have to change."""


@dataclass(frozen=True)
class Route:
    """`parent`: what it answers, None for a first message. `free_until`: how long WhatsApp takes it.

    `discussion`: SmartDialog's, which it goes to instead, naming no sender; `service`: where they wrote to.
    """

    service: Service
    sender: str = ""
    parent: Message | None = None
    protocol: str = SMS
    free_until: datetime | None = None
    discussion: str = ""

    @property
    def why_no_file(self) -> str:
        """What keeps a file from going along; "": nothing."""
        if self.discussion:
            return NO_FILE_IN_DISCUSSION
        return "" if self.protocol == WHATSAPP else NO_FILE_BY_SMS


def reply_route(
    thread: Thread,
    *,
    at: datetime | None = None,
    services: list[Service] | None = None,
    last: Message | None = None,
) -> Route:
    """Of an answer that leaves `at` a time, or now: back where they wrote, on the channel they wrote on.

    Who has opted out is answered at once or not at all. `services`: of the customer, `last`: what they wrote
    last in the thread, where these are known. Raises CannotReply.
    """
    if in_discussion := _discussion_route(thread, at):
        return in_discussion
    if not thread.our_address or not can_be_answered(thread.address):
        raise CannotReply("This sender takes no answers: it is a short code, a name or a hidden number.")
    received = thread.messages.received().latest_first()
    last = last or next(iter(_last_received(thread)), None)
    if last is None:
        return first_route(thread.customer, thread.address, sender=thread.our_address, service=thread.service)
    if at:
        ask_consent(thread.customer, thread.address)
    parent, free_until = _answerable(received, last), free_on_whatsapp_until(last)
    is_over = parent is None or (free_until and free_until <= clock.now())
    if free_until and is_over and ReplySettings.of(thread.customer).sms_after_whatsapp:
        parent, free_until = _last_sms(received), None
    _ask_in_time(free_until, at)
    if parent is None:
        raise CannotReply(NO_ID)
    return Route(
        _replying_service(services_of(thread.customer) if services is None else services, thread.service),
        sender=parent.our_address or thread.our_address,
        parent=parent,
        protocol=WHATSAPP if free_until else SMS,
        free_until=free_until,
    )


def template_route(thread: Thread) -> Route:
    """Of a WhatsApp template, which needs no message to answer. Raises CannotReply."""
    ask_consent(thread.customer, thread.address)
    return Route(_sending_service(thread.customer, thread.service), protocol=WHATSAPP)


def first_route(customer: Customer, phone: str, *, sender: str, service: Service | None = None) -> Route:
    """Of a text message that answers none; what they answer comes to `service`. Raises CannotReply."""
    ask_consent(customer, phone)
    return Route(_sending_service(customer, service), sender=sender)


def free_on_whatsapp_until(message: Message) -> datetime | None:
    """Of a received one; None where it came another way."""
    return message.at + FREE_FOR if message.protocol.upper() == WHATSAPP else None


def may_not_get(customer: Customer, phone: str) -> str:
    """Why the number gets no message that it did not ask for; empty: it may."""
    if opt_outs.stopped_among(customer, spellings(phone)):
        return "They have opted out. Write to them only to answer what they ask."
    if opt_out_requests.waiting_among(customer, spellings(phone)):
        return MAY_HAVE_OPTED_OUT
    if erased_among(customer, spellings(phone)):
        return "This number is of somebody who asked to be erased."
    return ""


def _discussion_route(thread: Thread, at: datetime | None) -> Route | None:
    """Where a person linked one, where the customer wants it so, or where nothing else can be answered."""
    if not thread.discussion_id:
        return None
    received = thread.messages.received().latest_first()
    last, has_parent = received.first(), received.exclude(remote_id="").exists()
    is_only_way = last is not None and not has_parent
    if not (thread.discussion_by_hand or is_only_way or ReplySettings.of(thread.customer).in_discussions):
        return None
    if (at or last is None) and (why := may_not_get(thread.customer, thread.address)):
        raise CannotReply(why)
    free_until = free_on_whatsapp_until(last) if last else None
    _ask_in_time(free_until, at)
    return Route(
        thread.service,
        sender=thread.our_address,
        protocol=WHATSAPP if free_until else SMS,
        free_until=free_until,
        discussion=thread.discussion_id,
    )


@kept
def _last_received(thread: Thread) -> QuerySet[Message]:
    return Message.objects.filter(thread=thread).received().latest_first()[:1]


def _answerable(received: MessageQuerySet, last: Message) -> Message | None:
    """The last one with an id that came as the `last` of all did, by WhatsApp or not."""
    if last.remote_id:
        return last
    known = received.exclude(remote_id="")
    if last.protocol.upper() == WHATSAPP:
        return known.filter(protocol__iexact=WHATSAPP).first()
    return known.exclude(protocol__iexact=WHATSAPP).first()


def _ask_in_time(free_until: datetime | None, at: datetime | None) -> None:
    """Will WhatsApp take it then, where it is the way? Raises CannotReply."""
    if free_until and free_until <= (at or clock.now()):
        raise CannotReply(ONLY_TEMPLATES if free_until <= clock.now() else TOO_LATE)


def _last_sms(received: MessageQuerySet) -> Message:
    """An SMS can only go out from a number that they have sent one to."""
    sms = received.exclude(remote_id="").exclude(protocol__iexact=WHATSAPP).first()
    if sms is None:
        raise CannotReply(f"{ONLY_TEMPLATES} They have never sent an SMS, which you could answer instead.")
    return sms


def ask_consent(customer: Customer, phone: str) -> None:
    """May they get what they did not ask for? Raises CannotReply."""
    if not can_be_answered(phone):
        raise CannotReply("This is no phone number that a message could reach.")
    if why := may_not_get(customer, phone):
        raise CannotReply(why)


def _replying_service(services: list[Service], written_to: Service) -> Service:
    return _first(
        [each for each in services if each.sends(replies=True)],
        written_to,
        "SmartDialog lists no service that may answer messages. Ask Arena to allow replies on one, "
        "then read the services again in Settings.",
    )


def _sending_service(customer: Customer, written_to: Service | None) -> Service:
    return _first(
        [each for each in services_of(customer) if each.sends(replies=False)],
        written_to,
        "SmartDialog lists no service that sends messages. Ask Arena for one, then read the services again "
        "in Settings.",
    )


def _first(services: list[Service], written_to: Service | None, why_not: str) -> Service:
    """What SmartDialog lists under the id of the one that they wrote to, else the first that it lists."""
    found = [each for each in services if each.is_offered]
    if not found:
        raise CannotReply(why_not)
    remote_id = written_to.remote_id if written_to else ""
    return next((each for each in found if each.remote_id == remote_id), found[0])
