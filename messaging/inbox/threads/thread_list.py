"""The list of threads: what is asked for in the URL, and keyset pages of it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone

from accounts.db.kept_queries import kept, read_together
from accounts.db.paging import Page, PageWindow, SortOrder
from accounts.models import Customer, User
from accounts.web.params import date_param, int_param, text_param
from accounts.wording.phone_numbers import format_phone
from contacts.models import Contact
from messaging.inbox.models import Label, Mention, Message, Thread, ThreadRead
from messaging.inbox.models.thread import CHANNELS, ThreadQuerySet, teams_of
from messaging.inbox.search.people_search import few_meant, with_person
from messaging.inbox.team.desk import Desk

PAGE_SIZE = 50
MAX_COUNTED = 1000
MAX_TEXT, MAX_PERSON = 200, 60
LATEST_FIRST = SortOrder("last_message_at", falling=True, is_time=True)
LONGEST_FIRST = SortOrder("unanswered_since", is_time=True)
FILTERS = {
    "": "Open",
    "waiting": "Waiting for us",
    "theirs": "Waiting for them",
    "unread": "Unread",
    "mentions": "Mentions",
    "failed": "Answers not delivered",
    "snoozed": "Snoozed",
    "closed": "Done",
    "all": "All",
}
ME, NOBODY = "me", "none"
NO_TEAMS = (0,)


@dataclass(frozen=True)
class ThreadQuery:
    """Only known names and bounded text: anything else in the URL is as if it were not there.

    `who`: `me`, `none` (nobody), or the key of a colleague. `person`: words of a name, or a number. The days
    are of the last message, in a search of each: `from_day` itself counts, `to_day` does not.
    """

    text: str = ""
    show: str = ""
    who: str = ""
    team: int = 0
    label: int = 0
    person: str = ""
    service: int = 0
    channel: str = ""
    from_day: date | None = None
    to_day: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ThreadQuery":
        show, who, channel = (query.get(name, "") for name in ("show", "who", "channel"))
        return cls(
            text=text_param(query.get("q"), most=MAX_TEXT),
            show=show if show in FILTERS else "",
            who=who if who in {ME, NOBODY} else str(int_param(who) or ""),
            team=int_param(query.get("team")),
            label=int_param(query.get("label")),
            person=text_param(query.get("person"), most=MAX_PERSON),
            service=int_param(query.get("service")),
            channel=channel if channel in CHANNELS else "",
            from_day=date_param(query.get("from_day")),
            to_day=date_param(query.get("to_day")),
        )

    @property
    def order(self) -> SortOrder:
        """Who has waited longest comes first where that is asked for; else what came last."""
        return LONGEST_FIRST if self.show == "waiting" else LATEST_FIRST

    @property
    def is_filtered(self) -> bool:
        return self != ThreadQuery(show=self.show)

    def threads(
        self, customer: Customer, user: User | int, *, own_teams: tuple[int, ...] | None = None
    ) -> ThreadQuerySet:
        """All that the filters let through; the words of a search are another matter.

        `own_teams`: in which this person is, where that is known.
        """
        threads = self._shown(Thread.objects.of_customer(customer), user)
        if self.who == NOBODY:
            threads = threads.unassigned(customer)
        elif self.who == ME:
            threads = threads.assigned_to(user, own_teams)
        elif self.who:
            threads = threads.assigned_to(int(self.who))
        threads = self.narrowed(threads, customer)
        if self.channel:
            threads = threads.filter(last_channel=self.channel)
        days = {"last_message_at__gte": self.from_day, "last_message_at__lt": self.to_day}
        return threads.filter(**{name: begin_of(day) for name, day in days.items() if day})

    def narrowed(self, threads: ThreadQuerySet, customer: Customer) -> ThreadQuerySet:
        """By what holds for the whole of a thread."""
        if self.team:
            threads = threads.of_team(self.team)
        if self.label:
            threads = threads.of_label(self.label)
        if self.service:
            threads = threads.filter(service=self.service)
        return with_person(threads, customer, self.person) if self.person else threads

    @property
    def is_narrowed(self) -> bool:
        """By anything that a search heeds."""
        return any(
            [self.team, self.label, self.person, self.service, self.channel, self.from_day, self.to_day]
        )

    @property
    def is_usual(self) -> bool:
        """Many ask for it, so that its query is kept; a day is another each time."""
        return self.who in {"", ME, NOBODY} and not (self.text or self.from_day or self.to_day)

    @property
    def is_told(self) -> bool:
        """Marks say which threads belong here, so that it is kept without looking again."""
        return not (self.person or self.to_day)

    def wanted(self, user: User) -> list[str]:
        """The marks that a thread bears which the filters let through: see `ThreadRow.marks`."""
        who = {"": [], ME: [f"to-{user.pk}"], NOBODY: ["to-nobody"]}.get(self.who, [f"to-{self.who}"])
        others = {"team": self.team, "label": self.label, "service": self.service, "on": self.channel}
        return [self.show or "open", *who, *(f"{name}-{value}" for name, value in others.items() if value)]

    def query(self, **changes: Any) -> str:
        """The query string of this list, with other choices or more words; empty, or begun by `?`."""
        own = {name: changes.pop(name) for name in _fields() if name in changes}
        params = replace(self, **own).params | changes
        encoded = urlencode({name: value for name, value in params.items() if value})
        return f"?{encoded}" if encoded else ""

    @property
    def params(self) -> dict[str, Any]:
        """By the names that an address has for them."""
        return {"q" if name == "text" else name: getattr(self, name) for name in _fields()}

    def _shown(self, threads: ThreadQuerySet, user: User | int) -> ThreadQuerySet:
        if self.show == "mentions":
            mine = Mention.objects.filter(user=user, seen_at=None)
            return threads.filter(pk__in=mine.values("note__thread"))
        if self.show == "unread":
            return threads.unread_by(user)
        if self.show == "failed":
            failed = Message.objects.needing_a_person().order_by()
            return threads.filter(pk__in=failed.values("thread"))
        kinds = {
            "": threads.open,
            "waiting": threads.waiting,
            "theirs": threads.waiting_for_them,
            "snoozed": threads.snoozed,
            "closed": threads.closed,
            "all": threads.all,
        }
        return kinds[self.show]()


@cache
def _fields() -> tuple[str, ...]:
    return tuple(each.name for each in fields(ThreadQuery))


@dataclass(frozen=True)
class ThreadRow:
    """A thread as the list shows it. `name`: the contact's, if one has the number; `read`: how far who looks
    has read; `is_named`: in a note, since they last looked.
    """

    thread: Thread
    name: str
    desk: Desk
    read: int = 0
    is_named: bool = False
    labels: list[Label] = field(default_factory=list)
    has_failed_answer: bool = False

    @property
    def title(self) -> str:
        return self.name or format_phone(self.thread.address)

    @property
    def is_unread(self) -> bool:
        return self.thread.is_waiting and self.thread.newest_received > self.read

    @property
    def is_nobodys(self) -> bool:
        """As `unassigned` finds it: nobody whose it is may answer any more."""
        thread, able = self.thread, self.desk.able
        has_team = thread.team and any(each.pk in able for each in thread.team.members.all())
        return not (thread.assignee_id in able or has_team)

    @property
    def marks(self) -> str:
        return " ".join(
            [
                *_marks_of(self.thread, self.labels),
                *(["to-nobody"] if self.is_nobodys else []),
                *(["failed"] if self.has_failed_answer else []),
            ]
        )


def _marks_of(thread: Thread, labels: Iterable[Label]) -> list[str]:
    """In which lists it belongs, but for what differs from person to person."""
    marks = ["all", thread.state]
    if thread.is_waiting:
        marks.append("waiting")
    elif thread.is_open and thread.last_direction == "out":
        marks.append("theirs")
    marks += _marks_of_whose(thread)
    marks += [f"service-{thread.service_id}", f"on-{thread.last_channel}"]
    return marks + [f"label-{label.pk}" for label in labels]


def _marks_of_whose(thread: Thread) -> list[str]:
    """A team's thread is its members', too."""
    if thread.team is None:
        return [f"to-{thread.assignee_id}"] if thread.assignee_id else []
    return [f"team-{thread.team.pk}", *(f"to-{each.pk}" for each in thread.team.members.all())]


def begin_of(day: date) -> datetime:
    """By the clock of who looks."""
    return timezone.make_aware(datetime.combine(day, time.min))


def thread_page(listing: ThreadQuery, desk: Desk, user: User, *, before: str = "") -> Page:
    """Four queries however long the list is, and the desk. A broken cursor is the first page."""
    window = PageWindow.from_query(listing.order, after=before)
    found = _usual_page(listing, desk, user) if window.start is None else None
    if found is None:
        found = list(window.rows(with_team(listing.threads(desk.customer, user)))[: PAGE_SIZE + 1])
    page = window.page(found, PAGE_SIZE)
    return replace(page, rows=with_names(desk, page.rows, reader=user))


def _usual_page(listing: ThreadQuery, desk: Desk, user: User) -> list[Thread] | None:
    """The first one, by a query that is kept. None: it is asked for too seldom, or of too many people."""
    if not listing.is_usual:
        return None
    few = few_meant(desk, listing.person) if listing.person else {}
    if few is None:
        return None
    of_anybody = replace(listing, person="")
    teams = teams_of(user.pk) if listing.who == ME else ()
    values = (tuple(some) if len(some) == 1 else some for some in few.values())  # one is planned much sooner
    found = _first_page(of_anybody, *few)(desk.customer, user, teams or NO_TEAMS, *values)
    prefetch_related_objects([thread for thread in found if thread.team], "team__members")
    return found


@lru_cache(maxsize=256)
def _first_page(listing: ThreadQuery, *by: str) -> Callable[..., list[Thread]]:
    """`by`: of these fields, some values alone."""

    @kept
    def first_page(
        customer: Customer, user: User, teams: tuple[int, ...], *few: Collection[Any]
    ) -> QuerySet[Thread]:
        threads = listing.threads(customer, user, own_teams=teams).select_related("assignee", "team")
        narrowed = threads.filter(**{f"{field}__in": some for field, some in zip(by, few, strict=True)})
        return listing.order.rows(narrowed, backwards=False)[: PAGE_SIZE + 1]

    return first_page


def next_thread(thread: Thread, listing: ThreadQuery, user: User) -> Thread | None:
    """What comes after it in the list, else before it. At most two queries. None after a search: what it
    found is in no such order.
    """
    if listing.text:
        return None
    order, others = listing.order, listing.threads(thread.customer, user).exclude(pk=thread.pk)
    value = getattr(thread, order.field)
    start = None if value is None else (value, thread.pk)
    for backwards in (False, True):
        found = PageWindow(order, start, backwards=backwards).rows(others).first()
        if found is not None or start is None:
            return found
    return None


def waiting_count(customer: int) -> int:
    """How many threads wait for us; it counts no further than people do."""
    return Thread.objects.filter(customer=customer).waiting().order_by()[:MAX_COUNTED].count()


def with_team(threads: ThreadQuerySet) -> ThreadQuerySet:
    """What a row says of a team; one query more than the threads take where any is a team's."""
    return threads.select_related("assignee", "team").prefetch_related("team__members")


def with_names(desk: Desk, threads: Iterable[Thread], *, reader: User | None = None) -> list[ThreadRow]:
    """`reader`: who looks. One query more than the threads take, and the desk's labels where any has one."""
    found = list(threads)
    keys = tuple(thread.pk for thread in found)
    contacts, labellings, known = read_together(
        _contacts.of(desk.customer, _each_once(thread.address for thread in found)),
        _labellings.of(keys),
        _facts.of(keys, reader.pk if reader else 0),
    )
    names, labels, facts = (
        _names_in(contacts),
        _labels_in(labellings, desk),
        {each.pk: each for each in known},
    )
    return [
        ThreadRow(
            each,
            names.get(each.address, ""),
            desk,
            read=facts[each.pk].read or 0,
            is_named=facts[each.pk].is_named,
            labels=labels.get(each.pk, []),
            has_failed_answer=facts[each.pk].has_failed,
        )
        for each in found
        if each.pk in facts  # else it was erased meanwhile
    ]


def contact_names(customer: Customer, addresses: Iterable[str]) -> dict[str, str]:
    """The name of each number that a contact of the customer has; one query."""
    return _names_in(_contacts(customer, _each_once(addresses)))


def labels_on(thread: int, desk: Desk) -> list[Label]:
    """In the order of their names. One query, and the desk's labels where there is one."""
    return _labels_in(_labellings((thread,)), desk).get(thread, [])


def _each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))


def _names_in(contacts: Iterable[Any]) -> dict[str, str]:
    """By number; of several contacts, the last that has a name."""
    named = ((each.phone, f"{each.first_name} {each.last_name}".strip()) for each in contacts)
    return {phone: name for phone, name in named if name}


def _labels_in(labellings: list[Any], desk: Desk) -> dict[int, list[Label]]:
    """By thread, each in the order of their names."""
    on = defaultdict[int, set[int]](set)
    for each in labellings:
        on[each.thread_id].add(each.label_id)
    return {thread: [label for label in desk.labels if label.pk in keys] for thread, keys in on.items()}


@kept
def _labellings(threads: tuple[int, ...]) -> QuerySet:
    on = Thread.labels.through.objects.filter(thread__pk__in=threads)
    return on.values_list("thread_id", "label_id", named=True)


@kept
def _facts(threads: tuple[int, ...], reader: int) -> QuerySet:
    """`read`: up to which message, None: none; `is_named`: in a note that they have not seen; `has_failed`:
    an answer.
    """
    read = ThreadRead.objects.filter(thread=OuterRef("pk"), user=reader)
    naming = Mention.objects.filter(note__thread=OuterRef("pk"), user=reader, seen_at=None)
    failed = Message.objects.needing_a_person().filter(thread=OuterRef("pk"))
    facts = {"read": Subquery(read.values("up_to")), "is_named": Exists(naming), "has_failed": Exists(failed)}
    rows = Thread.objects.filter(pk__in=threads).order_by().annotate(**facts)
    return rows.values_list("pk", *facts, named=True)


@kept
def _contacts(customer: Customer, phones: tuple[str, ...]) -> QuerySet:
    contacts = Contact.objects.present().filter(group__customer=customer, phone__in=phones)
    return contacts.order_by("pk").values_list("phone", "first_name", "last_name", named=True)
