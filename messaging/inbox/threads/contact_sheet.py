"""What was said with a person, on their contact's sheet."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from accounts.models import Customer
from contacts.editing.history import earlier_numbers
from contacts.models import Contact
from contacts.sheet import Section, shows
from contacts.text.phones import spellings
from messaging.campaigns.outcome import person_messages
from messaging.inbox.models import Thread
from messaging.inbox.replies import first_messages
from messaging.inbox.team import notes
from messaging.inbox.threads.conversations import latest_messages
from messaging.inbox.threads.person import Entry, happened, threads_of

SHOWN, MOST = 10, 100  # of the latest: at once, and by a press


@dataclass(frozen=True)
class Said:
    """`older`: of the latest, those that a press shows."""

    thread: Thread | None
    entries: list[Entry]
    older: list[Entry]


@shows("inbox.messages")
def messages_with(contact: Contact) -> Section:
    """The latest of what a conversation tells, newest first; notes stand where they were written."""
    customer = contact.group.customer
    thread = first_messages.thread_with(customer, contact.phone)
    entries = _under(customer, contact.phone, thread)
    for phone, until in earlier_numbers(contact).items():
        entries += _under(customer, phone, first_messages.thread_with(customer, phone), until)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return Section("inbox/_contact_messages.html", Said(thread, entries[:SHOWN], entries[SHOWN:MOST]))


def _under(
    customer: Customer, phone: str, thread: Thread | None, until: datetime | None = None
) -> list[Entry]:
    """What was said and done with a number, before it was somebody else's."""
    sent = person_messages.latest_of(customer, spellings(phone), MOST, before=until)
    said = [Entry(each.at, campaign=each) for each in sent]
    return said + (_in_threads(thread, until) if thread else [])


def _in_threads(thread: Thread, until: datetime | None) -> list[Entry]:
    """The record of consent has a place of its own on the sheet."""
    threads = threads_of(thread)
    return [
        *(Entry(each.at, message=each) for each in latest_messages(thread, MOST, before=until)),
        *(Entry(each.at, note=each) for each in notes.latest(threads, MOST, before=until)),
        *chain(*happened(threads, since=None, until=until, most=MOST)),
    ]
