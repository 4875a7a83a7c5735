"""What was said with a person, on their contact's sheet."""

from dataclasses import dataclass

from contacts.models import Contact
from contacts.sheet import Section, shows
from contacts.text.phones import spellings
from messaging.campaigns.outcome import person_messages
from messaging.inbox import first_messages
from messaging.inbox.conversations import latest_messages
from messaging.inbox.models import Thread
from messaging.inbox.person import Entry

SHOWN = 10  # of the latest


@dataclass(frozen=True)
class Said:
    thread: Thread | None
    entries: list[Entry]


@shows("inbox.messages")
def messages_with(contact: Contact) -> Section:
    """The latest, newest first; at most four queries."""
    customer = contact.group.customer
    thread = first_messages.thread_with(customer, contact.phone)
    messages = [Entry(each.at, message=each) for each in latest_messages(thread, SHOWN)] if thread else []
    sent = person_messages.latest_of(customer, spellings(contact.phone), SHOWN)
    campaigns = [Entry(each.at, campaign=each) for each in sent]
    entries = sorted([*messages, *campaigns], key=lambda entry: entry.at, reverse=True)[:SHOWN]
    return Section("inbox/_contact_messages.html", Said(thread, entries))
