"""The list of threads: what is asked for in the URL, and keyset pages of it, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer
from accounts.paging import Page, SortOrder, keyset
from contacts.models import Contact
from contacts.text.full_text_search import case_folded, phone_digits
from messaging.inbox.models import Message, Thread
from messaging.inbox.models.thread import ThreadQuerySet

PAGE_SIZE = 50
LATEST_FIRST = SortOrder("last_message_at", falling=True, is_time=True)
FILTERS = {"": "Open", "unread": "Unread", "closed": "Closed", "all": "All"}


@dataclass(frozen=True)
class ThreadQuery:
    """Only known names and bounded text: anything else in the URL is as if it were not there."""

    text: str = ""
    show: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ThreadQuery":
        show = query.get("show", "")
        return cls(
            text=query.get("q", "").replace("\0", "").strip()[:100], show=show if show in FILTERS else ""
        )

    def threads(self, customer: Customer) -> ThreadQuerySet:
        threads = search_threads(Thread.objects.of_customer(customer), self.text)
        if self.show == "unread":
            return threads.waiting()
        if self.show == "closed":
            return threads.closed()
        return threads if self.show == "all" else threads.open()

    def query(self, **changes: str) -> str:
        """The query string of this list, with other choices or more words; empty, or begun by `?`."""
        own = {name: changes.pop(name) for name in ("text", "show") if name in changes}
        changed = replace(self, **own)
        params = {"q": changed.text, "show": changed.show, **changes}
        encoded = urlencode({name: value for name, value in params.items() if value})
        return f"?{encoded}" if encoded else ""


@dataclass(frozen=True)
class ThreadRow:
    """A thread as the list shows it; `name` is the contact's, else the number."""

    thread: Thread
    name: str


def thread_page(listing: ThreadQuery, customer: Customer, *, before: str = "") -> Page:
    """Two queries however long the list is. A broken cursor is the first page."""
    page = keyset(listing.threads(customer), before=before, size=PAGE_SIZE, order=LATEST_FIRST)
    return replace(page, rows=with_names(customer, page.rows))


def search_threads(threads: ThreadQuerySet, text: str) -> ThreadQuerySet:
    """Whose number, contact or messages have every word of `text`."""
    words = case_folded(text).split()[:8]
    if not words:
        return threads
    matches = Q()
    for word in [phone_digits(text).lstrip("0")] if phone_digits(text) else words:
        matches &= Q(address__contains=word)
    matching_messages = Message.objects.filter(thread=OuterRef("pk"))
    for word in words:
        matching_messages = matching_messages.filter(search_text__contains=word)
    known = Contact.objects.present().filter(group__customer=OuterRef("customer"), phone=OuterRef("address"))
    return threads.filter(matches | Exists(known.matching(text)) | Exists(matching_messages))


def with_names(customer: Customer, threads: Iterable[Thread]) -> list[ThreadRow]:
    """One query more than the threads take."""
    found = list(threads)
    names = contact_names(customer, [thread.address for thread in found])
    return [ThreadRow(thread, names.get(thread.address, "")) for thread in found]


def contact_names(customer: Customer, addresses: list[str]) -> dict[str, str]:
    """The name of each number that a contact of the customer has; one query."""
    contacts = Contact.objects.present().filter(group__customer=customer, phone__in=addresses)
    return {contact.phone: contact.name for contact in contacts.order_by("pk") if contact.name}
