"""How long people waited, by week, service or person: what the page and the file of response times show."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from accounts.models import Customer, User
from accounts.web.params import int_param
from gateway import clock
from gateway.models import Service
from messaging.inbox.models import Measure, OfficeHours, ResponseTime
from messaging.inbox.reporting.response_times import monday_of, zone_of

WEEKS = [4, 12, 52]
WAYS = {"week": "Week", "service": "Service", "user": "Person"}
IN_OFFICE_HOURS, BY_THE_CLOCK = "office_seconds", "seconds"
LEFT = "Somebody who has left"
HEADER = [
    *("Week of", "Service", "Person"),
    *("First responses", "First response: half within, seconds", "First response: 9 of 10 within, seconds"),
    *("Done", "Handling: half within, seconds", "Handling: 9 of 10 within, seconds"),
]

Group = tuple[Any, ...]  # what some waits have in common: the values of their columns
Lengths = Counter[int]  # how many waits took so many seconds


@dataclass(frozen=True)
class ReportQuery:
    """Only known names and whole numbers: anything else in the URL is as if it were not there.

    `service` and `user`: keys; 0: all.
    """

    by: str = "week"
    weeks: int = 12
    service: int = 0
    user: int = 0
    count: str = IN_OFFICE_HOURS

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "ReportQuery":
        by, weeks, count = query.get("by", ""), int_param(query.get("weeks")), query.get("count")
        return cls(
            by=by if by in WAYS else cls.by,
            weeks=weeks if weeks in WEEKS else cls.weeks,
            service=int_param(query.get("service")),
            user=int_param(query.get("user")),
            count=BY_THE_CLOCK if count == BY_THE_CLOCK else cls.count,
        )

    def query(self, **changes: Any) -> str:
        """The query string of the page with other choices."""
        chosen = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


@dataclass(frozen=True)
class Spread:
    """`half` and `most`: seconds within which half of them ended, and nine of ten (nearest rank)."""

    number: int
    half: int
    most: int

    @classmethod
    def of(cls, lengths: Lengths) -> "Spread | None":
        if not (number := lengths.total()):
            return None
        return cls(number, _ranked(lengths, (number + 1) // 2), _ranked(lengths, (9 * number + 9) // 10))


@dataclass(frozen=True)
class TimesLine:
    label: str
    response: Spread | None
    handling: Spread | None


@dataclass(frozen=True)
class TimesReport:
    lines: list[TimesLine]
    total: TimesLine


def report(customer: Customer, asked: ReportQuery, hours: OfficeHours | None) -> TimesReport:
    """Weeks newest first, services and people by name. Two queries at most."""
    found = dict(_by_group(_waits(customer, asked, hours), [asked.by], asked.count))
    keys = sorted((key for (key,) in found), key=str, reverse=True)
    labels = _labels(asked.by, keys)
    lines = [_line(labels[key], found[key,]) for key in keys]
    if asked.by != "week":
        lines.sort(key=lambda line: line.label.casefold())
    together: dict[str, Lengths] = {
        measure: sum((each[measure] for each in found.values()), Lengths()) for measure in Measure
    }
    return TimesReport(lines, _line("All", together))


def rows(customer: Customer, asked: ReportQuery, hours: OfficeHours | None) -> Iterator[list[str]]:
    """A header, and a row for each week, service and person, read as it is asked for."""
    waits = _waits(customer, asked, hours)
    services = _labels("service", waits.values("service"))
    people = _labels("user", waits.values("user"))
    yield HEADER
    for (week, service, user), lengths in _by_group(waits, list(WAYS), asked.count):
        line = _line("", lengths)
        times = [*_cells(line.response), *_cells(line.handling)]
        yield [week.isoformat(), services[service], people[user], *times]


def _waits(customer: Customer, asked: ReportQuery, hours: OfficeHours | None) -> QuerySet[ResponseTime]:
    """Of the weeks asked for; the last of them is this one."""
    since = monday_of(clock.now(), zone_of(hours)) - timedelta(weeks=asked.weeks - 1)
    only = {name: key for name in ("service", "user") if (key := getattr(asked, name))}
    return ResponseTime.objects.of_customer(customer).filter(week__gte=since, **only)


def _by_group(
    waits: QuerySet[ResponseTime], columns: Sequence[str], seconds: str
) -> Iterator[tuple[Group, dict[str, Lengths]]]:
    """The lengths of each measure. One query, whose rows are a group's different lengths: there are few."""
    counted = waits.values_list(*columns, "measure", seconds).annotate(number=Count("pk"))
    of_group = itemgetter(slice(len(columns)))
    for group, found in groupby(counted.order_by(*columns).iterator(), key=of_group):
        lengths = {str(measure): Lengths() for measure in Measure}
        for *_, measure, length, number in found:
            lengths[measure][length] = number
        yield group, lengths


def _ranked(lengths: Lengths, rank: int) -> int:
    """The length of which, with all shorter ones, there are so many."""
    ordered = sorted(lengths)
    passed = accumulate(lengths[each] for each in ordered)
    return next(each for each, number in zip(ordered, passed, strict=True) if number >= rank)


def _line(label: str, lengths: Mapping[str, Lengths]) -> TimesLine:
    first, handling = (Spread.of(lengths[measure]) for measure in Measure)
    return TimesLine(label, first, handling)


def _labels(way: str, keys: Any) -> Mapping[Any, str]:
    """What they are called; one query at most."""
    if way == "week":
        return {week: f"{week.day} {week:%b %Y}" for week in keys}
    if way == "service":
        return {each.pk: str(each) for each in Service.objects.filter(pk__in=keys)}
    people = User.objects.filter(pk__in=keys)
    return {None: LEFT} | {each.pk: str(each) for each in people}


def _cells(spread: Spread | None) -> list[str]:
    return [str(each) for each in (spread.number, spread.half, spread.most)] if spread else ["0", "", ""]
