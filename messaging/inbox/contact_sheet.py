"""What was said with a person, on their contact's sheet."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Customer
from contacts.editing.history import earlier_numbers
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
    """The latest, newest first; at most five queries, and four for each number that was theirs before."""
    customer = contact.group.customer
    thread = first_messages.thread_with(customer, contact.phone)
    entries = _under(customer, contact.phone, thread)
    for phone, until in earlier_numbers(contact).items():
        entries += _under(customer, phone, first_messages.thread_with(customer, phone), until)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return Section("inbox/_contact_messages.html", Said(thread, entries[:SHOWN]))


def _under(
    customer: Customer, phone: str, thread: Thread | None, until: datetime | None = None
) -> list[Entry]:
    """What was said with a number, before it was somebody else's."""
    messages = latest_messages(thread, SHOWN, before=until) if thread else []
    sent = person_messages.latest_of(customer, spellings(phone), SHOWN, before=until)
    return [
        *(Entry(each.at, message=each) for each in messages),
        *(Entry(each.at, campaign=each) for each in sent),
    ]
