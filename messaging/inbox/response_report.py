"""How long people waited, by week, service or person: what the page and the file of response times show."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import Customer, User
from accounts.params import int_param
from gateway import clock
from gateway.models import Service
from messaging.inbox.models import Measure, OfficeHours, ResponseTime
from messaging.inbox.response_times import monday_of, zone_of

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


Spreads = dict[tuple[str, Group], Spread]  # by measure and group


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
    """Weeks newest first, services and people by name. Three queries at most."""
    waits = _waits(customer, asked, hours)
    found = _spreads(waits, [asked.by], asked.count)
    keys = sorted({key for _, (key,) in found}, key=str, reverse=True)
    labels = _labels(asked.by, keys)
    lines = [_line(labels[key], found, (key,)) for key in keys]
    if asked.by != "week":
        lines.sort(key=lambda line: line.label.casefold())
    return TimesReport(lines, _line("All", _spreads(waits, [], asked.count), ()))


def rows(customer: Customer, asked: ReportQuery, hours: OfficeHours | None) -> Iterator[list[str]]:
    """A header, and a row for each week, service and person."""
    found = _spreads(_waits(customer, asked, hours), list(WAYS), asked.count)
    keys = sorted({key for _, key in found}, key=lambda key: tuple(map(str, key)))
    services, people = (_labels(way, [key[place] for key in keys]) for place, way in enumerate(WAYS) if place)
    yield HEADER
    for week, service, user in keys:
        line = _line("", found, (week, service, user))
        yield [
            week.isoformat(),
            services[service],
            people[user],
            *_cells(line.response),
            *_cells(line.handling),
        ]


def _waits(customer: Customer, asked: ReportQuery, hours: OfficeHours | None) -> QuerySet[ResponseTime]:
    """Of the weeks asked for; the last of them is this one."""
    since = monday_of(clock.now(), zone_of(hours)) - timedelta(weeks=asked.weeks - 1)
    only = {name: key for name in ("service", "user") if (key := getattr(asked, name))}
    return ResponseTime.objects.of_customer(customer).filter(week__gte=since, **only)


def _spreads(
    waits: QuerySet[ResponseTime], columns: Sequence[str], seconds: str
) -> dict[tuple[str, Group], Spread]:
    """By measure, and by the values of the columns. One query, of two rows for each."""
    within = [F("measure"), *map(F, columns)]
    ranked = waits.annotate(
        place=Window(RowNumber(), partition_by=within, order_by=[seconds, "pk"]),
        number=Window(Count("*"), partition_by=within),
        half=(F("number") + 1) / 2,
        most=(F("number") * 9 + 9) / 10,
    ).filter(Q(place=F("half")) | Q(place=F("most")))
    lengths: defaultdict[tuple[str, Group], list[int]] = defaultdict(list)
    numbers = dict[tuple[str, Group], int]()
    for measure, number, length, *group in ranked.values_list("measure", "number", seconds, *columns):
        numbers[measure, tuple(group)] = number
        lengths[measure, tuple(group)].append(length)
    return {key: Spread(number, min(lengths[key]), max(lengths[key])) for key, number in numbers.items()}


def _line(label: str, found: Spreads, key: Group) -> TimesLine:
    first, handling = (found.get((measure, key)) for measure in Measure)
    return TimesLine(label, first, handling)


def _labels(way: str, keys: Sequence[Any]) -> Mapping[Any, str]:
    """What they are called; one query at most."""
    if way == "week":
        return {week: f"{week.day} {week:%b %Y}" for week in keys}
    if way == "service":
        return {each.pk: str(each) for each in Service.objects.filter(pk__in=keys)}
    people = User.objects.filter(pk__in=[key for key in keys if key])
    return {None: LEFT} | {each.pk: str(each) for each in people}


def _cells(spread: Spread | None) -> list[str]:
    return [str(each) for each in (spread.number, spread.half, spread.most)] if spread else ["0", "", ""]
