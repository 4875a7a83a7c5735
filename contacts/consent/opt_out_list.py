"""Who has opted out of all that a customer sends: searched, filtered, in pages, and as rows of a file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.db.paging import Page, SortOrder, keyset
from accounts.models import Customer
from accounts.web.params import text_param
from contacts.consent.numbers import regions_of
from contacts.listing.counting import EXACT_LIMIT, Count, capped_counts
from contacts.models import ConsentSource, Contact, Suppression
from contacts.models.suppression import SuppressionQuerySet
from contacts.text.full_text_search import parse_search, phone_digits
from contacts.text.phones import InvalidPhone, UnclearPhone, read_number, spellings

PAGE = 50
CHUNK = 2000  # rows of a file that are read at once
MAX_SEARCH_LENGTH = 200
MIN_DIGITS = 3  # of a part of a number that is looked for
NEWEST_FIRST = SortOrder("since", falling=True, is_time=True)
HEADER = (
    "Phone number",
    "Name",
    "Opted out",
    "Source",
    "Reason",
    "Removed",
    "Why it was removed",
    "When they agreed",
)


@dataclass(frozen=True)
class OptOutQuery:
    """What is asked of the list, as the URL carries it.

    Each number is there once, by the opt-out that it began with. `everything`: each opt-out, also those that
    were removed. `source`: what came by it alone.
    """

    text: str = ""
    source: str = ""
    everything: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "OptOutQuery":
        source = text_param(query.get("source"), most=20)
        return cls(
            text=text_param(query.get("q"), most=MAX_SEARCH_LENGTH),
            source=source if source in ConsentSource.values else "",
            everything=query.get("removed") == "yes",
        )

    @property
    def is_unfiltered(self) -> bool:
        return replace(self, everything=False) == OptOutQuery()

    def chosen(self) -> dict[str, str]:
        """What is not as in the plain list, by its name in the URL."""
        said = {"q": self.text, "source": self.source, "removed": "yes" if self.everything else ""}
        return {name: value for name, value in said.items() if value}

    def url(self, **changes: Any) -> str:
        return f"?{urlencode(replace(self, **changes).chosen())}"

    def rows(self, customer: Customer | None) -> SuppressionQuerySet:
        rows = Suppression.objects.as_said().filter(customer=customer)
        rows = rows.filter(source=self.source) if self.source else rows
        rows = rows if self.everything else _first_of_each(rows.in_force())
        return rows.filter(_matching(customer, self.text)) if self.text else rows


@dataclass(frozen=True)
class OptOutLine:
    """An opt-out in the list. `others`: how many more stop the number; `groups`: in how many it is."""

    opt_out: Suppression
    name: str
    groups: int
    others: int


def page(asked: OptOutQuery, customer: Customer | None, query: Mapping[str, str]) -> Page:
    """Of lines; three queries."""
    rows = asked.rows(customer).select_related("by", "lifted_by")
    found = keyset(
        rows, size=PAGE, before=query.get("before"), after=query.get("after", ""), order=NEWEST_FIRST
    )
    return replace(found, rows=_lines(customer, found.rows))


def matching(asked: OptOutQuery, customer: Customer | None, shown: Page) -> Count:
    """How many there are on all pages; one query where the page alone does not tell."""
    return Count(len(shown.rows)) if shown.is_all else capped_counts({"": asked.rows(customer)})[""]


def exact_count(asked: OptOutQuery, customer: Customer | None) -> Count:
    """The same, for a page that was quicker than to count more; one query."""
    return capped_counts({"": asked.rows(customer)}, most=EXACT_LIMIT)[""]


def file_rows(asked: OptOutQuery, customer: Customer, zone: tzinfo) -> Iterator[Sequence[str]]:
    """A header, then what the list shows, read a chunk at a time; times with their distance from UTC."""
    yield HEADER
    rows = asked.rows(customer).select_related("by", "lifted_by")
    before: str | None = ""
    while before is not None:
        chunk = keyset(rows, size=CHUNK, before=before, order=NEWEST_FIRST)
        names, _ = _known(customer, chunk.rows)
        for each in chunk.rows:
            yield _cells(each, names.get(each.phone, ""), zone)
        before = chunk.next or None


def _first_of_each(rows: SuppressionQuerySet) -> SuppressionQuerySet:
    earlier = Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk"))
    before = rows.order_by().filter(earlier, phone=OuterRef("phone"))
    return rows.filter(~Exists(before))


def _matching(customer: Customer | None, text: str) -> Q:
    """A number in any spelling or a part of it, or words of a contact with that number, in any group."""
    found = Q(phone__in=_spelled(text, regions_of(customer)) or [text])
    digits = phone_digits(text).lstrip("0")
    if len(digits) >= MIN_DIGITS:
        found |= Q(phone__contains=digits)
    if parse_search(text):
        people = Contact.objects.present().filter(group__customer=customer, phone=OuterRef("phone"))
        found |= Q(Exists(people.matching(text, scan=True)))
    return found


def _spelled(text: str, regions: Sequence[str]) -> list[str]:
    try:
        return spellings(read_number(text, regions).phone)
    except UnclearPhone as unclear:
        return [each for candidate in unclear.candidates for each in spellings(candidate.phone)]
    except InvalidPhone:
        return []


def _lines(customer: Customer | None, rows: Sequence[Suppression]) -> list[OptOutLine]:
    names, groups = _known(customer, rows)
    phones = {row.phone for row in rows}
    stopping = Suppression.objects.as_said().in_force().filter(customer=customer, phone__in=phones)
    reasons = Counter(stopping.order_by().values_list("phone", flat=True)) if rows else Counter()
    return [
        OptOutLine(
            opt_out=row,
            name=names.get(row.phone, ""),
            groups=groups[row.phone],
            others=max(0, reasons[row.phone] - 1),
        )
        for row in rows
    ]


def _known(customer: Customer | None, rows: Sequence[Suppression]) -> tuple[dict[str, str], Counter[str]]:
    """The name of a contact with each number, and in how many groups it is. One query."""
    meant = {spelling: row.phone for row in rows for spelling in spellings(row.phone)}
    people = Contact.objects.present().filter(group__customer=customer, phone__in=meant)
    names: dict[str, str] = {}
    groups: Counter[str] = Counter()
    for phone, first, last in people.order_by("pk").values_list("phone", "first_name", "last_name"):
        groups[meant[phone]] += 1
        names[meant[phone]] = f"{first} {last}".strip() or names.get(meant[phone], "")
    return names, groups


def _cells(row: Suppression, name: str, zone: tzinfo) -> Sequence[str]:
    return (
        row.phone,
        name,
        _time(row.since, zone),
        str(row.get_source_display()),
        row.reason,
        _time(row.lifted_at, zone),
        row.lift_reason,
        row.lift_dated.isoformat() if row.lift_dated else "",
    )


def _time(moment: datetime | None, zone: tzinfo) -> str:
    return f"{timezone.localtime(moment, zone):%Y-%m-%d %H:%M %z}" if moment else ""
