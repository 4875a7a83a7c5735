"""Who gets a campaign, who is left out and why, and what it comes to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from accounts.db.array_param import Listed
from contacts.models import Contact, OptOutRequest, Suppression
from contacts.text.phones import NumberType
from messaging.campaigns.audiences import listed_people
from messaging.campaigns.audiences.calling_codes import country_of
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import ListedPerson
from messaging.campaigns.wording import contact_fields
from messaging.campaigns.wording.personalization import GapValues, Wording

OPTED_OUT = "Opted out"  # for the record of consent, whatever the group says
ASKED = "May have opted out"  # in words that wait for a person to decide
UNDECIDED = "Undecided"  # SmartDialog had them, and nobody has said whether they get messages
NOT_ACTIVE = "Not active in the group"  # and the record of consent does not say why
NO_SMS = "Not a mobile number"
TOO_LONG = "The text is too long for them"  # with their own values in it
ASKED_FOR = ("pk", "phone", "phone_type", "active", "undecided", "is_opted_out", "has_asked")
CHUNK = 2000  # rows in memory
STEPPED_THROUGH = 20_000  # people at most that the preview shows where they may be in several rows
Row = Mapping[str, Any]  # of a contact
JudgedRow = tuple[Row, GapValues, str]
# Whatever the text says.
NEVER = (OPTED_OUT, ASKED, UNDECIDED, NOT_ACTIVE, NO_SMS, *listed_people.PROBLEMS.values())


@dataclass(frozen=True)
class Audience:
    """How many get each set of values, and are in each country; how many are left out for each reason.

    `sampled`: the numbers are estimates, from so many people; of these, as estimates,
    `seen_once` have values that nobody else of the sample has, and `waiting` get it on a later day;
    `numbers`: how many of those who may be messaged have one that begins like it.
    """

    people: Counter[GapValues]
    left_out: Counter[str]
    countries: Counter[str] = field(default_factory=Counter)
    sampled: int = 0
    seen_once: int = 0
    waiting: int = 0
    numbers: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return self.people.total()

    @property
    def contacts(self) -> int:
        return self.number + self.left_out.total()

    @property
    def sets(self) -> int:
        """How many different values people have, at most: who share them can share a call."""
        return max(len(self.people) + self.seen_once, 1)

    def __add__(self, other: "Audience") -> "Audience":
        """Of two that have nobody in common."""
        return Audience(
            self.people + other.people,
            self.left_out + other.left_out,
            self.countries + other.countries,
            self.sampled + other.sampled,
            self.seen_once + other.seen_once,
            self.waiting + other.waiting,
            self.numbers + other.numbers,
        )


@dataclass(frozen=True)
class PreviewRecipient:
    """Somebody in the audience, and what they will read; empty with a `reason` when they are left out."""

    name: str
    phone: str
    text: str
    values: GapValues
    reason: str = ""


def count_audience(reach: Reach, wording: Wording) -> Audience:
    """One query, read through once."""
    return counted(everybody(reach, wording))


def counted(people_listed: Iterable[JudgedRow]) -> Audience:
    people: Counter[GapValues] = Counter()
    left_out: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for contact, values, reason in people_listed:
        if reason:
            left_out[reason] += 1
        else:
            people[values] += 1
            countries[country_of(contact["phone"])] += 1
    return Audience(people, left_out, countries)


def count_waiting(reach: Reach, wording: Wording) -> int:
    """How many get it on a later day, as they have to rest first."""
    found, number = everybody(reach, wording), 0
    while some := list(islice(found, CHUNK)):
        number += number_waiting(some, reach)
    return number


def number_waiting(people: list[JudgedRow], reach: Reach) -> int:
    """Of these. At most two queries."""
    if reach.limits is None or not reach.limits.defers:
        return 0
    return len(reach.limits.later([row["phone"] for row, _, reason in people if not reason]))


def everybody(reach: Reach, wording: Wording, *columns: str) -> Iterator[JudgedRow]:
    """Each number once, with what fills the gaps, and the reason why they get nothing, or "".

    One query; where there are limits, two more for each CHUNK, and three for one of a list. `columns`: that
    are asked for beside those that tell this.
    """
    listed_ones = (listed(row, wording) for row in listed_people.rows(reach, wording, *columns))
    found = chain(listed_ones, _each_once(reach, wording, *columns))
    while some := list(islice(found, CHUNK)):
        yield from limited(some, reach)


def _each_once(reach: Reach, wording: Wording, *columns: str) -> Iterator[JudgedRow]:
    rows = contacts_of(reach, wording, *columns)
    if not reach.may_repeat:
        yield from (listed(row, wording) for row in rows.iterator(chunk_size=CHUNK))
        return
    for _, same in groupby(rows.order_by("phone", "pk").iterator(chunk_size=CHUNK), key=itemgetter("phone")):
        yield best(same, wording)


def everybody_by_key(reach: Reach, wording: Wording, *columns: str) -> Iterator[JudgedRow]:
    """As everybody, without sorting all of several groups before the first is known: for who reads some.

    At most four queries for each CHUNK, and three for one of a list.
    """
    listed_ones = (listed(row, wording) for row in listed_people.rows(reach, wording, *columns))
    while some := list(islice(listed_ones, CHUNK)):
        yield from limited(some, reach)
    last, more = 0, True
    while more:
        people, last, more = _next_contacts(reach, wording, *columns, after=last, most=CHUNK, each_once=True)
        yield from limited(people, reach)


class ListedUpTo(NamedTuple):
    """How far people are listed: first of the list, by row, then of contacts, by key."""

    row: int
    contact: int


def next_people(
    reach: Reach, wording: Wording, *columns: str, after: ListedUpTo, most: int
) -> tuple[list[JudgedRow], ListedUpTo, bool]:
    """Those of the next `most` rows or contacts, the place of the last of these, and whether more follow.

    Somebody in several groups may come again, as the same: the number is what is unique. At most 5 queries.
    """
    if reach.people_list is not None:
        rows, row = listed_people.next_rows(reach, wording, *columns, after=after.row, most=most)
        if rows:
            people = [listed(each, wording) for each in rows]
            return limited(people, reach), ListedUpTo(row, after.contact), True
    people, contact, more = _next_contacts(reach, wording, *columns, after=after.contact, most=most)
    return limited(people, reach), ListedUpTo(after.row, contact), more


def _next_contacts(
    reach: Reach, wording: Wording, *columns: str, after: int, most: int, each_once: bool = False
) -> tuple[list[JudgedRow], int, bool]:
    """`each_once`: not whoever came before, by a row that is there now."""
    if not reach.may_repeat:
        found = list(contacts_of(reach, wording, *columns).filter(pk__gt=after)[:most])
        last = found[-1]["pk"] if found else after
        return [listed(row, wording) for row in found], last, len(found) == most
    following = list(reach.contacts.filter(pk__gt=after).order_by("pk").values_list("pk", "phone")[:most])
    last = following[-1][0] if following else after
    phones = Listed({phone for _, phone in following})
    rows = contacts_of(reach, wording, *columns).filter(phone__in=phones)
    by_phone = groupby(rows.order_by("phone", "pk"), key=itemgetter("phone"))
    same_people = (list(same) for _, same in by_phone)
    people = [best(same, wording) for same in same_people if not (each_once and same[0]["pk"] <= after)]
    return people, last, len(following) == most


def limited(people: list[JudgedRow], reach: Reach) -> list[JudgedRow]:
    """With the reason of those whom the campaign passes over, whatever it says."""
    if reach.limits is None or reach.limits.is_none:
        return people
    asked = [row["phone"] for row, _, reason in people if reason not in NEVER]
    reasons = reach.limits.reasons(asked)
    return [(row, values, reasons.get(row["phone"], reason)) for row, values, reason in people]


def best(rows: Iterable[Row], wording: Wording) -> JudgedRow:
    """Of the rows of one number the first by which the person gets it, or else the first."""
    found = [listed(row, wording) for row in rows]
    return next((each for each in found if not each[2]), found[0])


def listed(row: Row, wording: Wording) -> JudgedRow:
    return row, *eligibility(row, wording)


def contacts_of(reach: Reach, wording: Wording, *columns: str) -> QuerySet[Contact, dict[str, Any]]:
    """A row for each group that somebody is in, by key, with what `eligibility` needs."""
    stopping = Suppression.objects.stopping(reach.customer, OuterRef("phone"))
    waiting = OptOutRequest.objects.waiting(reach.customer, OuterRef("phone"))
    needed = listed_people.columns_of(wording, *columns)
    return (
        reach.contacts.annotate(is_opted_out=Exists(stopping), has_asked=Exists(waiting))
        .order_by("pk")
        .values(*dict.fromkeys([*ASKED_FOR, *needed]))
    )


def eligibility(contact: Row, wording: Wording) -> tuple[GapValues, str]:
    """What fills the gaps for a contact, and the reason why they are left out, or an empty one."""
    values = wording.values(contact)
    if problem := contact.get("problem"):
        return values, problem
    if contact["is_opted_out"]:
        return values, OPTED_OUT
    if contact["has_asked"]:
        return values, ASKED
    if not contact["active"]:
        return values, UNDECIDED if contact["undecided"] else NOT_ACTIVE
    if wording.mobiles_only and contact["phone_type"] != NumberType.MOBILE:
        return values, NO_SMS
    return values, text_problem(values, wording)


def text_problem(values: GapValues, wording: Wording) -> str:
    """Why nobody with these values gets the text; empty when they do."""
    if missing := wording.missing(values):
        return missing_value_reason(missing)
    return TOO_LONG if wording.is_too_long(values) else ""


def missing_value_reason(field: str) -> str:
    """The reason of those who lack a field that has no fallback."""
    return (
        f"No {contact_fields.label(field).lower()}"
        if field in contact_fields.STANDARD_FIELDS
        else f"No {field}"
    )


def previewed(reach: Reach, wording: Wording) -> Iterator[Row]:
    """Those who may be messaged, each once, of the list and then of contacts: the preview steps through."""
    own = _previewed_columns()
    rows = _previewed_of_list(reach, wording).iterator(chunk_size=CHUNK)
    while some := list(islice(rows, CHUNK)):
        yield from listed_people.with_contacts(reach, some, own)
    yield from _contacts_each_once(reach, wording, at_once=CHUNK)


def preview_recipient(reach: Reach, wording: Wording, index: int) -> PreviewRecipient | None:
    """The index-th of those who are shown."""
    contact = _previewed_at(reach, wording, index)
    if contact is None:
        return None
    values = wording.values(contact)
    return PreviewRecipient(
        name=f"{contact['first_name'] or ''} {contact['last_name'] or ''}".strip(),
        phone=contact["phone"],
        text=wording.render(values),
        values=values,
        reason=text_problem(values, wording),
    )


def _previewed_at(reach: Reach, wording: Wording, index: int) -> Row | None:
    rows = _previewed_of_list(reach, wording)
    if some := list(rows[index : index + 1]):
        return listed_people.with_contacts(reach, some, _previewed_columns())[0]
    place = index - (rows.count() if reach.people_list else 0)
    if not reach.may_repeat:
        return _previewed_contacts(reach, wording)[place : place + 1].first()
    if place > STEPPED_THROUGH:
        return None
    return next(islice(_contacts_each_once(reach, wording, at_once=min(place + 1, CHUNK)), place, None), None)


def _contacts_each_once(reach: Reach, wording: Wording, *, at_once: int) -> Iterator[Row]:
    """A query for each `at_once`: asked whether an earlier row has the number, the database reads all."""
    rows, seen = _previewed_contacts(reach, wording), set[str]()
    last, is_full = reach.span[0] - 1, True
    while is_full:
        found = list(rows.filter(pk__gt=last)[:at_once])
        for row in found:
            if row["phone"] not in seen:
                seen.add(row["phone"])
                yield row
        is_full = len(found) == at_once
        last = found[-1]["pk"] if found else last


def _previewed_columns() -> list[str]:
    return [*(column for column, _ in contact_fields.STANDARD_FIELDS.values()), "properties"]


def _previewed_of_list(reach: Reach, wording: Wording) -> QuerySet[ListedPerson, dict[str, Any]]:
    found = reach.listed.messageable(reach.customer)
    if wording.mobiles_only:
        found = found.filter(phone_type=NumberType.MOBILE)
    return found.values("line", "kind", "phone", *_previewed_columns())


def _previewed_contacts(reach: Reach, wording: Wording) -> QuerySet[Contact, dict[str, Any]]:
    """A row for each group that somebody is in, by key."""
    found = reach.contacts.messageable().order_by("pk")
    if wording.mobiles_only:
        found = found.filter(phone_type=NumberType.MOBILE)
    return found.values("pk", "phone", *_previewed_columns())
