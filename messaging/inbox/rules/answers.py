"""The automatic answer of a rule: once, in time, to somebody who may get it, and never in a loop."""

from datetime import datetime, timedelta
from uuid import uuid5

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Customer, User
from contacts.text.phones import spellings
from gateway import clock
from gateway.models import ConnectionState
from gateway.sign_in.connections import NotConnected
from messaging.campaigns.wording import placeholders, sms
from messaging.inbox.incoming.addresses import can_be_answered
from messaging.inbox.models import AutomaticAnswer, Direction, Message, Rule, RuleRun, Thread
from messaging.inbox.opt_outs.intents import Intent
from messaging.inbox.replies import replying, snippets
from messaging.inbox.replies.replying import BY_ITSELF
from messaging.inbox.replies.routes import CannotReply, may_not_get
from messaging.inbox.team.teamwork import team_of
from messaging.inbox.threads.person import Correspondent

BETWEEN_ANSWERS = timedelta(hours=1)  # to one person, whatever rules there are
BETWEEN_UNASKED = timedelta(days=1)  # of one rule that answers whatever somebody says
LATE = timedelta(hours=1)  # after which an answer that nobody wrote is none
NO_CARRIER = "Nobody who can send is chosen to answer. An admin chooses in Settings, Rules."


def answer(rule: Rule, message: Message) -> tuple[Message | None, str]:
    """What was sent, or why nothing was. Runs in the transaction that holds the message's thread."""
    why = why_not(rule, message)
    text = "" if why else _text(rule, message.thread)
    if why or not text:
        return None, why or "A value that the answer names is not known of them."
    assert rule.carrier
    try:
        with transaction.atomic():
            if not _take_turn(message.thread):
                return None, "They had an automatic answer less than an hour ago."
            key = uuid5(message.uuid, "rule")
            return replying.reply(message.thread, text, key=key, by=rule.carrier, options=BY_ITSELF), ""
    except (CannotReply, NotConnected) as error:
        return None, error.text


def why_not(rule: Rule, message: Message) -> str:
    """Why this message gets no automatic answer, whatever it would be; "": it may."""
    thread, now = message.thread, clock.now()
    if not can_be_answered(thread.address):
        return "This sender takes no answers."
    if message.intent in {Intent.STOP, Intent.MAY_STOP}:
        return "They may want no more messages."
    if is_late(message.at, now):
        return "Their message came too late."
    if _is_echo(message):
        return "It repeats what we wrote."
    if why := may_not_get(thread.customer, thread.address):
        return why
    if not rule.words and _is_in_conversation(rule, thread, now):
        return "They are in a conversation already."
    return "" if can_carry(rule) else NO_CARRIER


def can_carry(rule: Rule) -> bool:
    return rule.carrier is not None and carriers(rule.customer).filter(pk=rule.carrier.pk).exists()


def carriers(customer: Customer) -> QuerySet[User]:
    """Who may send for the customer and is signed in: by another sign-in an answer would leave late."""
    return team_of(customer).filter(connection__state=ConnectionState.ACTIVE)


def is_late(at: datetime, now: datetime) -> bool:
    return now - at > LATE


def outdated(message: Message) -> str:
    """Why an answer of a rule that has waited may not leave any more; "": it may, or is no rule's."""
    if not message.automatic or not RuleRun.objects.filter(answer=message).exists():
        return ""
    if is_late(message.received_at, clock.now()):
        return "It would have come too late."
    return may_not_get(message.thread.customer, message.thread.address)


def forget_turns() -> None:
    """Those that hold nobody back any more."""
    AutomaticAnswer.objects.filter(at__lt=clock.now() - BETWEEN_ANSWERS).delete()


def _take_turn(thread: Thread) -> bool:
    """By compare-and-swap on a row of the person: of rules, threads and processes at once, one has it."""
    now, phone = clock.now(), min(spellings(thread.address))
    turn, is_new = AutomaticAnswer.objects.get_or_create(
        customer=thread.customer, phone=phone, defaults={"at": now}
    )
    due = AutomaticAnswer.objects.filter(pk=turn.pk, at__lte=now - BETWEEN_ANSWERS)
    return is_new or bool(due.update(at=now))


def _text(rule: Rule, thread: Thread) -> str:
    """Filled in for the person, in one pass; "" where a value is missing and no other words are given."""
    if not placeholders.names(rule.answer):
        return rule.answer
    filled = snippets.fill_for(rule.answer, Correspondent.of(thread).contacts)
    return filled if filled and len(filled) <= sms.MAX_LENGTH else rule.plain_answer


def _is_echo(message: Message) -> bool:
    """From an address of ours, or our own words sent back by a machine."""
    thread = message.thread
    if thread.address in spellings(message.our_address or thread.our_address):
        return True
    ours = thread.messages.filter(automatic=True, content=message.content.strip())
    return bool(message.content.strip()) and ours.exists()


def _is_in_conversation(rule: Rule, thread: Thread, now: datetime) -> bool:
    """One of us wrote just now, or this rule said the same today."""
    ours = thread.messages.filter(direction=Direction.OUT, automatic=False)
    if ours.filter(received_at__gt=now - BETWEEN_ANSWERS).exists():
        return True
    said = RuleRun.objects.filter(thread=thread, rule=rule, at__gt=now - BETWEEN_UNASKED)
    return said.exclude(answer=None).exists()
