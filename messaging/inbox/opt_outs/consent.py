"""What a message asks is done: opted out, asked about or allowed again; and confirmed, if wanted."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid5

from contacts.consent import opt_out_requests, opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact, OptOutDecision
from contacts.text.phones import spellings
from gateway import clock
from messaging.campaigns.models import ApprovedSender, Campaign
from messaging.inbox.incoming.addresses import can_be_answered, may_be_a_phone
from messaging.inbox.incoming.receiving import snippet
from messaging.inbox.models import Message, OptOutSettings, Thread
from messaging.inbox.opt_outs.intents import Intent, intent_of
from messaging.inbox.replies import replying
from messaging.inbox.replies.replying import BY_ITSELF, CannotReply
from messaging.inbox.threads import waits

# One confirmation at most, though two machines answer each other.
BETWEEN_CONFIRMATIONS = timedelta(days=1)

logger = logging.getLogger(__name__)


def follow(message: Message) -> None:
    """Runs in the transaction that received it, which holds its thread."""
    thread, settings = message.thread, OptOutSettings.of(message.thread.customer)
    intent = _intent_of(message, settings)
    if intent is None:
        return
    if can_be_answered(thread.address):
        _do(message, intent, settings)
    elif intent != Intent.START and may_be_a_phone(thread.address):
        _ask_whose(message)


def _do(message: Message, intent: Intent, settings: OptOutSettings) -> None:
    message.intent = intent
    if not _said_otherwise_later(message):
        if intent == Intent.STOP:
            _opt_out(message, settings)
        elif intent == Intent.START:
            _allow(message)
        else:
            _ask(message)
    message.save(update_fields=["intent", "opt_out_request"])
    if intent in {Intent.STOP, Intent.START}:
        waits.needs_no_answer(message)


def _intent_of(message: Message, settings: OptOutSettings) -> Intent | None:
    """Names are looked up only where they may make the difference."""
    intent = intent_of(message.content, settings.vocabulary)
    if intent != Intent.MAY_STOP:
        return intent
    return intent_of(message.content, settings.vocabulary, names=list(_names(message.thread)))


def _names(thread: Thread) -> Iterable[str]:
    yield from (thread.customer.name, thread.service.name, thread.our_address)
    campaigns = Campaign.objects.of_customer(thread.customer).exclude(sender="").order_by()
    yield from campaigns.values_list("sender", flat=True).distinct()
    yield from ApprovedSender.objects.of_customer(thread.customer).values_list("sender", flat=True)
    people = Contact.objects.present().filter(group__customer=thread.customer, phone=thread.address)
    for names in people.values_list("first_name", "last_name"):
        yield from names


def _said_otherwise_later(message: Message) -> bool:
    """Messages do not come in the order in which they were written: the latest counts, to whatever number."""
    thread = message.thread
    received = Message.objects.of_customer(thread.customer).received()
    later = received.filter(thread__address__in=spellings(thread.address), at__gt=message.at)
    return later.filter(intent__in=[Intent.STOP, Intent.START]).exists()


def _opt_out(message: Message, settings: OptOutSettings) -> None:
    thread = message.thread
    was_out = opt_outs.stopped_among(thread.customer, [thread.address])
    opt_outs.opt_out(thread.customer, thread.address, _evidence(message))
    if settings.confirmation and not was_out:
        _confirm(message, settings.confirmation)


def _allow(message: Message) -> None:
    """Ends what they wrote themselves; what staff or a file say stays."""
    thread = message.thread
    opt_outs.allow(thread.customer, thread.address, _evidence(message), of=[ConsentSource.MESSAGE])
    opt_out_requests.close(thread.customer, spellings(thread.address), OptOutDecision.NOT_MEANT)


def _ask(message: Message) -> None:
    thread = message.thread
    if not opt_outs.stopped_among(thread.customer, [thread.address]):
        message.opt_out_request = opt_out_requests.keep(
            thread.customer, thread.address, words=snippet(message), place=str(thread.service)
        )


def _ask_whose(message: Message) -> None:
    """Nothing is done yet, though the words are clear: a person has to say which number it is."""
    message.intent = Intent.MAY_STOP
    message.opt_out_request = opt_out_requests.keep(
        message.thread.customer,
        message.thread.address,
        words=snippet(message),
        place=str(message.thread.service),
        unreadable=True,
    )
    message.save(update_fields=["intent", "opt_out_request"])


def _evidence(message: Message) -> Evidence:
    return Evidence(ConsentSource.MESSAGE, words=snippet(message), place=str(message.thread.service))


def _confirm(message: Message, text: str) -> None:
    thread, recently = message.thread, clock.now() - BETWEEN_CONFIRMATIONS
    connection = propagation.carrier(thread.customer, None)
    confirmations = thread.messages.filter(automatic=True, rule_run=None)
    if connection is None or confirmations.filter(received_at__gt=recently).exists():
        return
    try:
        key = uuid5(message.uuid, "confirmation")
        replying.reply(thread, text, key=key, by=connection.user, options=BY_ITSELF)
    except CannotReply as error:
        logger.warning("Opt-out of thread %s is not confirmed: %s", thread.pk, error.text)
