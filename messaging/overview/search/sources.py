"""What each part of the dashboard has for some words, best first: what one may see, and no more.

Campaigns, templates, groups and segments are few: the words of their names are compared here, on both
databases alike. People, conversations and messages are found by the indexes of their words, each within a
budget of time.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Customer, User
from contacts.listing.row_search import some_of
from contacts.models import Contact, Segment
from contacts.text.full_text_search import phone_digits, words_of
from gateway.models import Service
from messaging.campaigns.models import Campaign
from messaging.inbox.models import Thread
from messaging.inbox.search import results
from messaging.inbox.search.excerpts import Snippet, snippet_of
from messaging.inbox.search.note_hits import NoteHit, notes_with
from messaging.inbox.search.people_search import with_person
from messaging.inbox.search.results import MessageHit
from messaging.inbox.search.words import MIN_INDEXED, Asked
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads.thread_list import with_names
from messaging.overview.search.destinations import ACTIONS, PAGES, Destination, open_to
from messaging.overview.search.write_actions import Written, carried, writings
from messaging.whatsapp.models import Template

BUDGET = 500  # milliseconds for what is looked up by an index
NAMES = 1000  # the newest of a kind whose names are compared
SORTED = 500  # of more people than that, any of them are shown


@dataclass(frozen=True)
class SearchResult:
    """`name`: in pieces, marked where it has the words. `note`: what else tells it from others."""

    url: str
    icon: str
    name: Snippet
    note: Any = ""
    phone: str = ""


@dataclass(frozen=True)
class ResultSection:
    """`all_url`: where all of them are; `is_late`: they took too long to look for."""

    title: str
    found: list[SearchResult] = field(default_factory=list)
    all_url: str = ""
    is_late: bool = False


def find(text: str, user: User, customer: Customer | None, *, most: int) -> list[ResultSection]:
    """Sections that have something, or could not be looked through in time."""
    asked = Asked.parse(text)
    if asked.is_empty:
        return []
    sections = []
    if customer is not None:
        sections = [_actions(user, customer, text, most)]
        sections += [_named(customer, asked, most, *kind) for kind in _NAMED]
        sections += [
            _in_time("People", lambda: _people(user, customer, text, most)),
            _in_time("Conversations", lambda: _conversations(customer, text, most)),
            _in_time("Messages", lambda: _messages(customer, text, most)),
            _in_time("Notes", lambda: _notes(customer, text, most)),
            _labels(customer, text, most),
        ]
    sections.append(_destinations("Pages", PAGES, user, asked))
    return [section for section in sections if section.found or section.is_late]


def begin(user: User, customer: Customer | None, *, most: int) -> list[ResultSection]:
    """Before anything is typed: what one can do, and what one may have been at."""
    if customer is None:
        return [ResultSection("Pages", [_destination(each, Asked()) for each in open_to(user, PAGES)])]
    campaigns = _campaigns(customer)[:most]
    threads = Thread.objects.of_customer(customer).order_by("-last_message_at", "-pk")[:most]
    sections = [
        ResultSection("Actions", [_destination(each, Asked()) for each in open_to(user, ACTIONS)]),
        ResultSection("Latest campaigns", [_campaign(each, Asked()) for each in campaigns]),
        ResultSection("Latest conversations", _threads(customer, threads, Asked())),
    ]
    return [section for section in sections if section.found]


def _actions(user: User, customer: Customer, text: str, most: int) -> ResultSection:
    asked = Asked.parse(text)
    to_people = _in_time("Actions", lambda: _writing(writings(user, customer, text, most=most)))
    others = _destinations("Actions", ACTIONS, user, asked)
    found = [*to_people.found, *others.found] or _writing(carried(user, text)).found
    return ResultSection("Actions", found)


def _writing(found: Iterable[Written]) -> ResultSection:
    return ResultSection("Actions", [SearchResult(url, "send", [(name, False)]) for name, url in found])


def _destinations(title: str, destinations: list[Destination], user: User, asked: Asked) -> ResultSection:
    """By its name, or by what else it is called, of which a letter or two begin too much."""
    is_long = all(len(word) >= MIN_INDEXED for word in asked.words)
    meant = [
        each
        for each in open_to(user, destinations)
        if _has(each.name, asked) or (is_long and _has(f"{each.name} {each.words}", asked))
    ]
    return ResultSection(title, [_destination(each, asked) for each in meant])


def _destination(each: Destination, asked: Asked) -> SearchResult:
    return SearchResult(each.url, each.icon, snippet_of(each.name, asked))


def _named(
    customer: Customer,
    asked: Asked,
    most: int,
    title: str,
    rows: Callable[[Customer], QuerySet],
    show: Callable[[Any, Asked], SearchResult],
) -> ResultSection:
    """One query."""
    meant = [each for each in rows(customer)[:NAMES] if _has(str(each), asked)]
    return ResultSection(title, [show(each, asked) for each in meant[:most]])


def _has(name: str, asked: Asked) -> bool:
    """Each word begins one of the name's, and each phrase and sign stands in it."""
    words = words_of(name)
    line = f" {' '.join(words)} "
    return (
        all(any(word.startswith(begun) for word in words) for begun in asked.words)
        and all(f" {' '.join(phrase)} " in line for phrase in asked.phrases)
        and all(literal in name.casefold() for literal in asked.literals)
    )


def _campaigns(customer: Customer) -> QuerySet:
    own = Campaign.objects.of_customer(customer).select_related("template").order_by("-pk")
    return own.only("name", "state", "channel", "content", "template__body")


def _campaign(campaign: Campaign, asked: Asked) -> SearchResult:
    name = snippet_of(str(campaign), asked)
    return SearchResult(_of("campaigns:campaign", campaign), "megaphone", name, campaign.shown_state.label)


def _template(template: Template, asked: Asked) -> SearchResult:
    return SearchResult(
        _of("whatsapp:template", template), "layout-template", snippet_of(str(template), asked)
    )


def _group(group: Service, asked: Asked) -> SearchResult:
    return SearchResult(_of("contacts:group", group), "users", snippet_of(group.name, asked))


def _segment(segment: Segment, asked: Asked) -> SearchResult:
    return SearchResult(_of("contacts:segment", segment), "list-filter", snippet_of(segment.name, asked))


_NAMED: list[tuple[str, Callable[[Customer], QuerySet], Callable[[Any, Asked], SearchResult]]] = [
    ("Campaigns", _campaigns, _campaign),
    ("Templates", lambda whose: Template.objects.of_customer(whose).only("display_name"), _template),
    ("Groups", lambda whose: Service.objects.of_customer(whose).groups().order_by("name", "pk"), _group),
    ("Segments", Segment.objects.of_customer, _segment),
]


def _people(user: User, customer: Customer, text: str, most: int) -> ResultSection:
    """Two queries. Words of one or two letters begin too many."""
    if not (phone_digits(text) or any(len(word) >= MIN_INDEXED for word in words_of(text))):
        return ResultSection("People")
    present = Contact.objects.visible_to(user).of_customer(customer).present()
    meant = Contact.objects.filter(pk__in=some_of(SORTED, present.matching(text)))
    rows = meant.select_related("group").order_by("name_key", "pk")[:most]
    return ResultSection("People", [_contact(each, Asked.parse(text)) for each in rows])


def _contact(contact: Contact, asked: Asked) -> SearchResult:
    name = snippet_of(contact.name or "No name", asked)
    return SearchResult(_of("contacts:contact", contact), "user", name, contact.group.name, contact.phone)


def _conversations(customer: Customer, text: str, most: int) -> ResultSection:
    """Those of people. Two queries."""
    own = with_person(Thread.objects.of_customer(customer), customer, text, sample=True)
    latest = own.order_by("-last_message_at", "-pk")[:most]
    return ResultSection("Conversations", _threads(customer, latest, Asked.parse(text)))


def _threads(customer: Customer, threads: Iterable[Thread], asked: Asked) -> list[SearchResult]:
    return [
        SearchResult(
            _of("inbox:thread", row.thread),
            "message-square",
            snippet_of(row.name, asked),
            row.thread.last_text,
            "" if row.name else row.thread.address,
        )
        for row in with_names(Desk(customer), threads)
    ]


def _messages(customer: Customer, text: str, most: int) -> ResultSection:
    hits = results.newest_messages(customer, text, most=most)
    found = [
        SearchResult(
            _at_hit(hit, text),
            "message-square",
            hit.snippet,
            hit.name,
            "" if hit.name else hit.address,
        )
        for hit in hits
    ]
    return ResultSection("Messages", found, all_url=f"{reverse('inbox:threads')}?{urlencode({'q': text})}")


def _at_hit(hit: MessageHit | NoteHit, text: str) -> str:
    return f"{reverse('inbox:thread', args=[hit.thread])}?{urlencode({'q': text})}{hit.place}"


def _notes(customer: Customer, text: str, most: int) -> ResultSection:
    hits = notes_with(customer, Asked.parse(text), results.ANY, most=most)
    return ResultSection("Notes", [_note(hit, text) for hit in hits])


def _note(hit: NoteHit, text: str) -> SearchResult:
    phone = "" if hit.name else hit.address
    return SearchResult(_at_hit(hit, text), "sticky-note", hit.snippet, hit.name, phone)


def _labels(customer: Customer, text: str, most: int) -> ResultSection:
    """One query."""
    threads, asked = reverse("inbox:threads"), Asked.parse(text)
    return ResultSection(
        "Labels",
        [
            SearchResult(f"{threads}?show=all&label={label.pk}", "tag", snippet_of(label.name, asked))
            for label in results.labels_named(Desk(customer).labels, text)[:most]
        ],
    )


def _of(view: str, row: Any) -> str:
    return reverse(view, args=[row.pk])


def _in_time(title: str, look: Callable[[], ResultSection]) -> ResultSection:
    """Nobody's typing keeps the database busy."""
    try:
        with _budget():
            return look()
    except OperationalError as error:
        if not _is_late(error):
            raise
        return ResultSection(title, is_late=True)


@contextmanager
def _budget() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(BUDGET)])
        yield


def _is_late(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == "57014"
