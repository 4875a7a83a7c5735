"""What an audience comes to, in the same time at any size: counted, or of many people from a sample.

The sample is honest: each row has the same chance to be in it, wherever it stands in the table. It stays the
same while somebody writes, so that the numbers do not dance.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_
from random import Random
from typing import TypeVar

from django.db.models import OuterRef, Q, Subquery

from contacts.models import Contact
from gateway.models import Service
from messaging.campaigns.audiences import audience, listed_people
from messaging.campaigns.audiences.audience import Audience, Listed
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.wording.personalization import Wording

EXACT = 5_000  # rows that are all read
SAMPLE = 2_000  # rows read of more, roughly
PIECES = 100  # of neighbouring keys, as far from each other as can be
FIRST_WIDTH = SAMPLE // PIECES
ENOUGH = SAMPLE // 2
Kind = TypeVar("Kind")
LOOKS = 3  # at wider pieces, where others' rows lie between


def audience_of(reach: Reach, wording: Wording) -> Audience:
    """Exact, or `sampled`. Raises SegmentError."""
    contacts = reach.contacts.order_by().values("pk")[: EXACT + 1].count()
    listed = reach.listed.order_by().values("line")[: EXACT + 1].count()
    if contacts + listed <= EXACT:
        return audience.count_audience(reach, wording)
    found = _estimate(*_sample(reach, wording), reach) if contacts else Audience(Counter(), Counter())
    return found + _estimate(*_sample_of_list(reach, wording), reach) if listed else found


def _sample_of_list(reach: Reach, wording: Wording) -> tuple[list[Listed], float]:
    last = reach.listed.order_by("-line").values_list("line", flat=True).first() or 0
    stride = -(-(last + 1) // PIECES)
    width = min(stride, max(FIRST_WIDTH, EXACT // PIECES))
    start = Random(str(reach.people_list)).randrange(stride)  # noqa: S311
    pieces = [Q(line__gte=first, line__lt=end) for first, end in _ends(0, stride, start, width)]
    rows = listed_people.rows(reach, wording, among=reduce(or_, pieces))
    people = audience.limited([audience.listed(row, wording) for row in rows], reach)
    return people, stride / width


def _sample(reach: Reach, wording: Wording) -> tuple[list[Listed], float]:
    """Some people, and how many each of them stands for."""
    low, high = _span(reach)
    stride = max(1, -(-(high + 1 - low) // PIECES))
    start, width = Random(str((reach.groups, reach.texts))).randrange(stride), FIRST_WIDTH  # noqa: S311
    for _ in range(LOOKS):
        width = min(width, stride)
        found = _people_at(reach, wording, _pieces(low, stride, start, width))
        if len(found) >= ENOUGH or width == stride:
            break
        width = width * SAMPLE // max(len(found), PIECES // 10)
    return found, stride / min(width, stride)


def _span(reach: Reach) -> tuple[int, int]:
    """The first and the last key of its groups."""
    rows = Contact.objects.present().filter(group=OuterRef("pk")).values("pk")
    groups = Service.objects.filter(pk__in=reach.every_group).annotate(
        low=Subquery(rows.order_by("pk")[:1]), high=Subquery(rows.order_by("-pk")[:1])
    )
    ends = [ends for ends in groups.values_list("low", "high") if None not in ends]
    return min((low for low, _ in ends), default=0), max((high for _, high in ends), default=0)


def _pieces(low: int, stride: int, start: int, width: int) -> list[Q]:
    """One of each stride, all at the same place of it; what is over the end of a stride begins it."""
    return [Q(pk__gte=first, pk__lt=end) for first, end in _ends(low, stride, start, width)]


def _ends(low: int, stride: int, start: int, width: int) -> Iterator[tuple[int, int]]:
    places = [(start, min(start + width, stride)), (0, max(0, start + width - stride))]
    for first, end in places:
        if first < end:
            yield from ((low + at + first, low + at + end) for at in range(0, PIECES * stride, stride))


def _people_at(reach: Reach, wording: Wording, pieces: Iterable[Q]) -> list[Listed]:
    """Each person once: where several rows have the number, for the first of them."""
    rows = list(audience.contacts_of(reach, wording).filter(reduce(or_, pieces)))
    if not reach.may_repeat:
        return audience.limited([audience.listed(row, wording) for row in rows], reach)
    keys, phones = {row["pk"] for row in rows}, {row["phone"] for row in rows}
    same = audience.contacts_of(reach, wording).filter(phone__in=phones).order_by("phone", "pk")
    by_phone = (list(group) for _, group in groupby(same, key=itemgetter("phone")))
    people = [audience.best(group, wording) for group in by_phone if group[0]["pk"] in keys]
    return audience.limited(people, reach)


def _estimate(people: list[Listed], each: float, reach: Reach) -> Audience:
    counted = audience.counted(people)
    once = sum(number == 1 for number in counted.people.values())
    return Audience(
        _times(counted.people, each),
        _times(counted.left_out, each),
        _times(counted.countries, each),
        sampled=len(people),
        seen_once=round(once * each),
        waiting=round(audience.number_waiting(people, reach) * each),
    )


def _times(counts: Counter[Kind], each: float) -> Counter[Kind]:
    return Counter({kind: round(number * each) for kind, number in counts.items()})
