"""What a search finds: labels, people, notes, and the newest messages, also by name and word together."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from accounts.db.array_param import Listed
from accounts.db.kept_queries import KeptQuery, kept, read_together
from accounts.models import Customer
from contacts.text.full_text_search import (
    MatchesTerms,
    Term,
    case_folded,
    has_terms,
    parse_search,
    phone_digits,
    words_of,
)
from messaging.inbox.models import Label, Message, Note, Thread
from messaging.inbox.models.message import searched_text
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.search.excerpts import Snippet, snippet_of
from messaging.inbox.search.hits import Hits, first_query, hits_of, newest_hits
from messaging.inbox.search.named_people import NamedPeople, is_common
from messaging.inbox.search.note_hits import NoteHit, notes_query, notes_with
from messaging.inbox.search.people_search import FEW, has_many, known_people, people_of
from messaging.inbox.search.scope import EVERYWHERE, SearchScope, scope_of
from messaging.inbox.search.words import MIN_INDEXED, Asked
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads.thread_list import (
    ThreadQuery,
    ThreadRow,
    contact_names,
    with_names,
    with_team,
)

PAGE_SIZE = 30  # messages
MAX_PEOPLE, MAX_NOTES, MAX_LABELS = 6, 5, 5
MAX_WHOLE = 100  # people, or notes, where all of them are asked for
MAX_LOOKED_AT = 500  # newest messages with the other words, where a name is that of more than a FEW people
LOOKED_THROUGH = 500  # latest threads, for the beginning of a number
OF_A_NAME = 300  # latest threads, for a name that many have
SHOWN = [
    "pk",
    "content",
    "attachments",
    "at",
    "thread_id",
    "thread__address",
    "created_by__name",
    "created_by__username",
]
ANY = ThreadQuery()
MIN_DIGITS = 6  # of a number beside words: fewer begin those of too many people
MAX_GROUPS = 8  # ways in which words are shared out between a name and a message


@dataclass(frozen=True)
class MessageHit:
    """`message`: its fields that are SHOWN."""

    message: Any
    name: str
    snippet: Snippet

    @property
    def thread(self) -> int:
        return int(self.message.thread_id)

    @property
    def address(self) -> str:
        return str(self.message.thread__address)

    @property
    def at(self) -> datetime:
        return self.message.at

    @property
    def author(self) -> str:
        """Which of us wrote it."""
        return self.message.created_by__name or self.message.created_by__username or ""

    @property
    def place(self) -> str:
        """For the end of a thread's address: there it opens."""
        return f"&hit={self.message.pk}#message-{self.message.pk}"


@dataclass(frozen=True)
class SearchResults:
    """`next`: where older messages begin; `only_latest`: the words were too short to look further back.

    `more_people`, `more_notes`: there are others. `names_nobody`: no contact has the words, with or without a
    thread.
    """

    hits: list[MessageHit] = field(default_factory=list)
    people: list[ThreadRow] = field(default_factory=list)
    notes: list[NoteHit] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    next: int = 0
    only_latest: bool = False
    more_people: bool = False
    more_notes: bool = False
    names_nobody: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.hits or self.people or self.notes or self.labels)


def search(
    desk: Desk, text: str, *, within: ThreadQuery = ANY, before: int = 0, whole: str = ""
) -> SearchResults:
    """In all threads that `within` lets through, done ones too; people, notes, labels on its first page.

    `whole`: people, or notes: of these as many as are found.
    """
    asked = Asked.parse(text)
    if asked.is_empty:
        return SearchResults()
    named, scope = NamedPeople(desk, text), scope_of(within, desk.customer)
    most_notes = MAX_WHOLE if whole == "notes" else MAX_NOTES
    notes = KeptQuery[Note]() if before else notes_query(desk.customer, asked, within, most=most_notes + 1)
    first = first_query(desk.customer.pk, asked, most=PAGE_SIZE + 1, before=before, scope=scope)
    read_together(named.query, notes, first)
    found = _found(named, asked, scope, within, most=PAGE_SIZE + 1, before=before, first=first)
    shown = _messages(desk.customer, found.keys[:PAGE_SIZE], asked)
    following = found.keys[PAGE_SIZE - 1] if len(found.keys) > PAGE_SIZE else found.looked_back_to
    page = SearchResults(hits=shown, next=following, only_latest=found.only_latest)
    return page if before else _with_others(page, named, asked, within, whole, notes)


def newest_messages(customer: Customer, text: str, *, most: int) -> list[MessageHit]:
    """That hold all the words, or all but those in the name of their person."""
    asked = Asked.parse(text)
    named = NamedPeople(Desk(customer), text)
    return _messages(customer, _found(named, asked, EVERYWHERE, ANY, most=most).keys[:most], asked)


def _found(
    named: NamedPeople,
    asked: Asked,
    scope: SearchScope,
    within: ThreadQuery,
    *,
    most: int,
    before: int = 0,
    first: KeptQuery[Any] | None = None,
) -> Hits:
    """Also by name and word, but none that is older than what the words alone were looked for in: the next
    page begins there.
    """
    customer = named.desk.customer
    found = newest_hits(customer.pk, asked, most=most, before=before, scope=scope, first=first)
    theirs = [] if within.person else _by_name_and_word(named, asked, before=before, scope=scope)
    keys = sorted({*found.keys, *(key for key in theirs if key >= found.looked_back_to)}, reverse=True)
    return replace(found, keys=keys)


def _with_others(
    page: SearchResults,
    named: NamedPeople,
    asked: Asked,
    within: ThreadQuery,
    whole: str,
    query: KeptQuery[Note],
) -> SearchResults:
    desk = named.desk
    most_people = MAX_WHOLE if whole == "people" else MAX_PEOPLE
    most_notes = MAX_WHOLE if whole == "notes" else MAX_NOTES
    people, names_nobody = _people(named, within, most=most_people + 1)
    notes = notes_with(desk.customer, asked, within, most=most_notes + 1, query=query)
    return replace(
        page,
        people=with_names(desk, people[:most_people]),
        more_people=len(people) > most_people,
        notes=notes[:most_notes],
        more_notes=len(notes) > most_notes,
        names_nobody=names_nobody,
        labels=[] if within.is_narrowed else labels_named(desk.labels, named.text)[:MAX_LABELS],
    )


def labels_named(labels: list[Label], text: str) -> list[Label]:
    """In whose name the words stand, whatever the case."""
    asked = case_folded(text)
    return [label for label in labels if asked in case_folded(label.name)]


def _people(named: NamedPeople, within: ThreadQuery, *, most: int) -> tuple[list[Thread], bool]:
    """Those whom the words name, and whether they are known to name nobody; who is asked for by name is not
    looked for once more.
    """
    if within.person or within.channel or within.from_day or within.to_day:
        return [], False
    desk, text = named.desk, named.text
    own = within.narrowed(Thread.objects.of_customer(desk.customer), desk.customer)
    own = own.order_by("-last_message_at", "-pk")
    if phone_digits(text):
        return _of_number(with_team(own), parse_search(text), most), False
    found = _of_a_common_one(with_team(own), desk, text, most) if is_common(text) else []
    if len(found) == most:
        return found, False
    phones = _phones_of(named)
    return list(with_team(own).filter(address__in=phones)[:most]) if phones else [], not phones


def _phones_of(named: NamedPeople) -> list[str]:
    """Of contacts with all the words; of a common name, the threads of some are enough."""
    known = named.with_all()
    if known is not None:
        return [phone for phone, _ in known]
    sought, common = _shared_out(named.text)
    people = known_people(named.desk).matching(sought).matching(common, scan=True)
    return list(people.values_list("phone", flat=True)[:FEW])


def _shared_out(text: str) -> tuple[str, str]:
    """Words that the index is asked for, and those of so many people that it would gather them for long."""
    words = words_of(text)
    rare = [word for word in words if not is_common(word)]
    if not rare or any(word.isdecimal() for word in words):
        return text, ""
    return " ".join(rare), " ".join(word for word in words if word not in rare)


def _of_a_common_one(own: ThreadQuerySet, desk: Desk, text: str, most: int) -> list[Thread]:
    """Of the latest threads: a common name is met soon there, and the index would gather all who have it."""
    latest = list(own.values_list("address", flat=True)[:OF_A_NAME])
    known = known_people(desk).filter(phone__in=Listed(latest)).matching(text, scan=True)
    return list(own.filter(address__in=set(known.values_list("phone", flat=True)))[:most])


def _of_number(own: ThreadQuerySet, terms: list[Term], most: int) -> list[Thread]:
    """The latest threads are looked through; what few of them have is asked of the index.

    PostgreSQL would look through all of them for a number that one has: the sum keeps it from their order.
    """
    latest = own.filter(pk__in=own.values("pk")[:LOOKED_THROUGH])
    found = list(latest.filter(MatchesTerms(terms, scan=True))[:most])
    if len(found) == most:
        return found
    unordered = (F("last_message_at") + timedelta()).desc()
    return list(own.filter(MatchesTerms(terms)).order_by(unordered, "-pk")[:most])


def _by_name_and_word(named: NamedPeople, asked: Asked, *, before: int, scope: SearchScope) -> list[int]:
    """Messages of people whose name has some of the words, and which hold all the others."""
    if len(asked.words) + len(asked.phrases) + len(asked.literals) < 2:
        return []
    people: dict[str, set[str]] = defaultdict(set)
    said: dict[str, set[str]] = defaultdict(set)
    common: list[str] = []
    terms = {word: parse_search(word) for word in asked.words}
    for word in asked.words:
        if len(word) < (MIN_DIGITS if word.isdecimal() else MIN_INDEXED):
            continue
        having = _having(named, word)
        if having is None:
            common.append(word)
            continue
        for phone, words in having:
            people[phone].add(word)
            said[phone] |= _said_by(words, terms)
    desk = named.desk
    ways = {phone: {frozenset(words), frozenset(said[phone])} for phone, words in people.items()}
    keys = _in_shares(desk.customer, ways, asked, before=before, scope=scope)
    for names in [common, *([word] for word in common if len(common) > 1)]:
        keys += _of_a_common_name(desk, names, asked, before=before, scope=scope)
    return keys


def _having(named: NamedPeople, word: str) -> list[tuple[str, str]] | None:
    """The number and the words of all in whose words it is; None: they are more than a few."""
    known = named.with_word(word)
    if known is not None:
        return known
    everybody = known_people(named.desk)
    if is_common(word) and has_many(everybody, word):
        return None
    found = people_of(everybody, word, FEW + 1)
    return found if len(found) <= FEW else None


def _said_by(contact_words: str, asked: dict[str, list[Term]]) -> set[str]:
    """Which of the words that were asked for a contact has."""
    return {word for word, terms in asked.items() if has_terms(contact_words, terms)}


def _in_shares(
    customer: Customer,
    ways: dict[str, set[frozenset[str]]],
    asked: Asked,
    *,
    before: int,
    scope: SearchScope,
) -> list[int]:
    """`ways`: by number, which words may be left to the name."""
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    for phone, shares in ways.items():
        for named in shares:
            groups[named].append(phone)
    keys: list[int] = []
    for named, phones in sorted(groups.items(), key=lambda each: -len(each[0]))[:MAX_GROUPS]:
        rest = asked.without(named)
        if not rest.is_empty:
            keys += hits_of(customer.pk, phones, rest, most=PAGE_SIZE + 1, before=before, scope=scope)
    return keys


def _of_a_common_name(
    desk: Desk, names: list[str], asked: Asked, *, before: int, scope: SearchScope
) -> list[int]:
    rest = asked.without(names)
    if not names or rest.is_empty:
        return []
    found = newest_hits(desk.customer.pk, rest, most=MAX_LOOKED_AT, before=before, scope=scope).keys
    messages = Message.objects.filter(pk__in=Listed(found)).order_by()
    addresses = dict(messages.values_list("pk", "thread__address"))
    known = known_people(desk).filter(phone__in=Listed(set(addresses.values())))
    theirs = set(known.matching(" ".join(names), scan=True).values_list("phone", flat=True))
    return [pk for pk, address in addresses.items() if address in theirs]


def _messages(customer: Customer, keys: list[int], asked: Asked) -> list[MessageHit]:
    found = _shown(customer, tuple(keys))
    names = contact_names(customer, [message.thread__address for message in found])
    return [
        MessageHit(
            each,
            names.get(each.thread__address, ""),
            snippet_of(searched_text(each.content, each.attachments), asked),
        )
        for each in found
    ]


@kept
def _shown(customer: Customer, keys: tuple[int, ...]) -> QuerySet:
    own = Message.objects.of_customer(customer).filter(pk__in=keys).order_by("-pk")
    return own.values_list(*SHOWN, named=True)
