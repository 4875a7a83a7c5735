"""What an audience comes to, in the same time at any size: counted, or of many people from a sample.

The sample is honest: each row has the same chance to be in it, wherever it stands in the table. It stays the
same while somebody writes, so that the numbers do not dance.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add, itemgetter
from random import Random
from typing import Any, TypeVar

from django.db.models import BooleanField, Func, Q
from django.db.models.sql.compiler import SQLCompiler

from accounts.db.array_param import Listed as ListedValues
from messaging.campaigns.audiences import audience, listed_people
from messaging.campaigns.audiences.audience import Audience, JudgedRow
from messaging.campaigns.audiences.calling_codes import BEGINNING
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.wording.personalization import Wording

EXACT = 5_000  # rows that are all read
SAMPLE = 1_000  # rows read of more, roughly: a share of half of them is told to 3 %
PIECES = 100  # of neighbouring keys, as far from each other as can be
FIRST_WIDTH = SAMPLE // PIECES
ENOUGH = SAMPLE // 2
LOOKS = 3  # at wider pieces, where others' rows lie between
Kind = TypeVar("Kind")
Piece = tuple[int, int]  # keys from the first up to the other


@dataclass(frozen=True)
class Sample:
    """Some of many people, each of whom stands for `each`."""

    people: list[JudgedRow]
    each: float

    def estimate(self, seen: Audience, *, waiting: int = 0) -> Audience:
        """Of all of them, by what was counted of these, of whom so many get it on a later day."""
        once = sum(number == 1 for number in seen.people.values())
        return Audience(
            self._times(seen.people),
            self._times(seen.left_out),
            self._times(seen.countries),
            sampled=len(self.people),
            seen_once=self.number_of(once),
            waiting=self.number_of(waiting),
            numbers=self._times(self._numbers),
        )

    def number_of(self, people: int) -> int:
        """How many these stand for."""
        return round(people * self.each)

    @property
    def _numbers(self) -> Counter[str]:
        """One of each beginning, with how many of those who may be messaged have that."""
        phones = [row["phone"] for row, _, reason in self.people if reason not in audience.NEVER]
        examples = {phone[:BEGINNING]: phone for phone in phones}
        return Counter(examples[phone[:BEGINNING]] for phone in phones)

    def _times(self, counts: Counter[Kind]) -> Counter[Kind]:
        return Counter({kind: self.number_of(number) for kind, number in counts.items()})


def audience_of(reach: Reach, wording: Wording) -> Audience:
    """Exact, or `sampled`. Raises SegmentError."""
    samples = samples_of(reach, wording)
    if not samples:
        return audience.count_audience(reach, wording)
    return reduce(add, (_estimate(each, reach) for each in samples))


def _estimate(sample: Sample, reach: Reach) -> Audience:
    waiting = audience.number_waiting(sample.people, reach)
    return sample.estimate(audience.counted(sample.people), waiting=waiting)


def samples_of(reach: Reach, wording: Wording, *columns: str) -> list[Sample]:
    """Of contacts, and of its list; none where all are so few that they are read. Raises SegmentError.

    `columns`: that are asked for beside those that tell who gets it.
    """
    contacts = reach.contacts.order_by().values("pk")[: EXACT + 1].count()
    listed = reach.listed.told().order_by().values("line")[: EXACT + 1].count()
    if contacts + listed <= EXACT:
        return []
    found = [_sample(reach, wording, *columns)] if contacts else []
    return [*found, _sample_of_list(reach, wording, *columns)] if listed else found


def _sample_of_list(reach: Reach, wording: Wording, *columns: str) -> Sample:
    last = reach.listed.order_by("-line").values_list("line", flat=True).first() or 0
    stride = -(-(last + 1) // PIECES)
    width = stride if last <= EXACT else FIRST_WIDTH
    start = Random(str(reach.people_list)).randrange(stride)  # noqa: S311
    among = Q(InOneOf("line", _pieces(0, stride, start, width)))
    rows = listed_people.rows(reach, wording, *columns, among=among)
    people = audience.limited([audience.listed(row, wording) for row in rows], reach)
    return Sample(people, stride / width)


def _sample(reach: Reach, wording: Wording, *columns: str) -> Sample:
    low, high = reach.span
    stride = max(1, -(-(high + 1 - low) // PIECES))
    start, width = Random(str((reach.groups, reach.texts))).randrange(stride), FIRST_WIDTH  # noqa: S311
    for _ in range(LOOKS):
        width = min(width, stride)
        found = _people_at(reach, wording, _pieces(low, stride, start, width), *columns)
        if len(found) >= ENOUGH or width == stride:
            break
        width = width * SAMPLE // max(len(found), PIECES // 10)
    return Sample(found, stride / min(width, stride))


def evenly(low: int, high: int, *, people: int) -> list[Piece]:
    """Pieces with about so many of the keys from `low` to `high`; all of them where they are no more."""
    stride = max(1, -(-(high + 1 - low) // PIECES))
    return _pieces(low, stride, 0, min(stride, max(1, people // PIECES))) if high else []


def _pieces(low: int, stride: int, start: int, width: int) -> list[Piece]:
    """One of each stride, all at the same place of it; what is over the end of a stride begins it."""
    places = [(start, min(start + width, stride)), (0, max(0, start + width - stride))]
    starts = [low + number * stride for number in range(PIECES)]
    return [(at + first, at + end) for first, end in places if first < end for at in starts]


class InOneOf(Func):
    """Whether a key is in one of these pieces: written down at once, as a hundred Q take long."""

    output_field = BooleanField()

    def __init__(self, key: str, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        super().__init__(key)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: Any, **_: Any
    ) -> tuple[str, list[int]]:
        key, _params = compiler.compile(self.source_expressions[0])
        each = f"({key} >= %s AND {key} < %s)"
        edges = [edge for piece in self.pieces for edge in piece]
        return f"({' OR '.join([each] * len(self.pieces))})", edges


def _people_at(reach: Reach, wording: Wording, pieces: Sequence[Piece], *columns: str) -> list[JudgedRow]:
    """Each person once: where several rows have the number, for the first of them."""
    rows = list(audience.contacts_of(reach, wording, *columns).filter(InOneOf("pk", pieces)))
    if not reach.may_repeat:
        return audience.limited([audience.listed(row, wording) for row in rows], reach)
    keys, phones = {row["pk"] for row in rows}, list({row["phone"] for row in rows})
    same = audience.contacts_of(reach, wording, *columns).filter(phone__in=ListedValues(phones))
    same = same.order_by("phone", "pk")
    by_phone = (list(group) for _, group in groupby(same, key=itemgetter("phone")))
    people = [audience.best(group, wording) for group in by_phone if group[0]["pk"] in keys]
    return audience.limited(people, reach)
