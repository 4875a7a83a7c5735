"""What is asked of the table, as the URL carries it: a search, filters and an order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts.web.params import int_param, text_param
from contacts.models import Contact, SyncState
from contacts.models.contact import NOBODY, NOT_SYNCED, ContactQuerySet, consent_is
from contacts.models.property_values import PropertyValue
from contacts.segments.conditions import Scope, condition
from contacts.segments.parser import parse
from contacts.segments.syntax import MAX_TEXT_LENGTH, SegmentError
from gateway.models import Service

MAX_PARAM_LENGTH = 500  # characters of anything in the URL but a condition
MAX_QUERY_LENGTH = 16_000  # of all of it, each character of which may be written as nine

SORTS = {
    "newest": "Newest first",
    "changed": "Last changed first",
    "name": "By name",
    "phone": "By number",
}
STATES = {
    "": "Everybody",
    "active": "Active",
    "opted_out": "Opted out",
    "undecided": "Undecided",
    "inactive": "Not active in the group",
    "waiting": "Syncing",
    "failed": "Not synced",
    "synced": "Synced",
}
CONSENT = {
    "active": "active",
    "opted_out": "opted out",
    "undecided": "undecided",
    "inactive": "inactive",
}
_CONDITIONS = {
    "waiting": Q(sync_state=SyncState.WAITING),
    "failed": Q(sync_state__in=NOT_SYNCED),
    "synced": Q(sync_state=SyncState.SYNCED),
}
# What the URL calls the fields.
_NAMES = {"text": "q", "having": "property", "importer": "by", "job": "import"}


@dataclass(frozen=True)
class TableQuery:
    """Only known names and bounded text: anything else in the URL is as if it were not there.

    `having` and `value`: a custom property that is just so. `importer` and `job`: the keys of the person and
    of the import that brought them last. `since`: changed on that day or later. `where`: a condition, as
    segments have it; one that cannot be read is true of nobody.
    """

    text: str = ""
    sort: str = "newest"
    state: str = ""
    having: str = ""
    value: str = ""
    importer: int | None = None
    job: int | None = None
    since: date | None = None
    where: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "TableQuery":
        sort, state = _text(query.get("sort")), _text(query.get("state"))
        having = _text(query.get("property"))
        return cls(
            text=_text(query.get("q"))[:200],
            sort=sort if sort in SORTS else "newest",
            state=state if state in STATES else "",
            having=having,
            value=_text(query.get("value")) if having else "",
            importer=int_param(_text(query.get("by"))) or None,
            job=int_param(_text(query.get("import"))) or None,
            since=_day(_text(query.get("since"))),
            where=text_param(query.get("where"), most=MAX_TEXT_LENGTH + 1),
        )

    @classmethod
    def from_querystring(cls, query: str) -> "TableQuery":
        """From what `query` made of another."""
        return cls.from_query(QueryDict(query[:MAX_QUERY_LENGTH]))

    def contacts(self, group: Service, *, scan: bool = False) -> ContactQuerySet:
        """Everybody in the group who matches; in no order. `scan`: without the index of words."""
        rows = Contact.objects.present().filter(group=group).matching(self.text, scan=scan)
        if self.state:
            said = CONSENT.get(self.state)
            rows = rows.filter(consent_is(said, group.customer_id) if said else _CONDITIONS[self.state])
        if self.having:
            rows = with_property(rows, self.having, self.value, scan=scan)
        if self.importer:
            rows = rows.filter(last_import__in=group.imports.filter(created_by=self.importer))
        if self.job:
            rows = rows.filter(last_import=self.job)
        if self.since:
            rows = rows.filter(updated_at__gte=_begins(self.since))
        return rows.filter(self._condition(group)) if self.where else rows

    def _condition(self, group: Service) -> Q:
        try:
            return condition(parse(self.where), Scope.of(group.customer))
        except SegmentError:
            return Q(pk=NOBODY)

    @property
    def is_unfiltered(self) -> bool:
        return replace(self, sort="newest") == TableQuery()

    @property
    def uses_word_index(self) -> bool:
        """Whether it asks for what the index of words knows."""
        return bool(self.text or self.value)

    @property
    def is_dear(self) -> bool:
        """Whether it takes longer to count who matches than to show the first of them."""
        return self.uses_word_index or bool(self.where)

    @property
    def is_search(self) -> bool:
        """Whether it asks for a text and nothing else."""
        return replace(self, text="").is_unfiltered

    @property
    def is_state(self) -> bool:
        """Whether it asks for a state and nothing else."""
        return replace(self, state="").is_unfiltered

    def query(self, **changes: Any) -> str:
        """As the URL has it after its question mark, with other choices; "" for the plain list."""
        return urlencode(replace(self, **changes).chosen())

    def url(self, **changes: Any) -> str:
        return f"?{self.query(**changes)}"

    def chosen(self) -> dict[str, str]:
        """What is not as in the plain list, by its name in the URL."""
        return {
            _NAMES.get(name, name): str(value)
            for name, value in vars(self).items()
            if value != getattr(TableQuery, name)
        }


def _text(given: str | None) -> str:
    return text_param(given, most=MAX_PARAM_LENGTH)


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 3000 else None


def _begins(day: date) -> datetime:
    """Midnight where the person is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def with_property(contacts: ContactQuerySet, name: str, value: str, *, scan: bool = False) -> ContactQuerySet:
    """Who has just this value, or, of an empty one, none at all.

    The index of words finds a rare one; `scan` does without it.
    """
    if not value:
        return contacts.alias(of_property=PropertyValue(name)).filter(of_property__isnull=True)
    some = contacts if scan else contacts.matching(value)
    return some.alias(of_property=PropertyValue(name)).filter(of_property=value)
