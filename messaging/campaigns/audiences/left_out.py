"""Who of an audience would get nothing, and why, before anything is sent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from messaging.campaigns.audiences import audience, drawing
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import Campaign

SHOWN = 200  # on the page; the file has all
LOOKED_AT = 20_000  # people, for a page; the file is of everybody
HEADER = ["Name", "Phone number", "Why"]


@dataclass(frozen=True)
class LeftOut:
    contact: int | None
    name: str
    phone: str
    reason: str


@dataclass(frozen=True)
class FirstLeftOut:
    """`shown`: at most SHOWN, all or those of a reason; `counts`: how many each reason has.

    `of`: among so many people, where there are more than a page looks at; 0 where it looked at all.
    """

    shown: list[LeftOut]
    counts: Counter[str]
    of: int


def people(campaign: Campaign) -> Iterator[LeftOut]:
    """Who gets none of its texts. Read through once, by key. Raises SegmentError."""
    return (each for each in _judged(campaign) if each.reason)


def first_of(campaign: Campaign, reason: str) -> FirstLeftOut:
    """Of the first LOOKED_AT of the audience. Raises SegmentError."""
    shown: list[LeftOut] = []
    counts: Counter[str] = Counter()
    judged = _judged(campaign)
    for each in islice(judged, LOOKED_AT):
        if each.reason:
            counts[each.reason] += 1
            if len(shown) < SHOWN and reason in ("", each.reason):
                shown.append(each)
    return FirstLeftOut(shown, counts, LOOKED_AT if next(judged, None) else 0)


def _judged(campaign: Campaign) -> Iterator[LeftOut]:
    """Everybody of the audience; who gets one of its texts has no reason."""
    wordings = [text.wording for text in campaign.texts]
    columns = dict.fromkeys(["first_name", "last_name", *drawing.columns(wordings)])
    for listed in audience.everybody_by_key(Reach.of(campaign), wordings[0], *columns):
        row, reasons = listed[0], [reason for _, reason in drawing.judge(listed, wordings)]
        name = f"{row['first_name'] or ''} {row['last_name'] or ''}".strip()
        yield LeftOut(row["pk"], name, row["phone"], reasons[0] if all(reasons) else "")


def file_rows(campaign: Campaign) -> Iterator[list[str]]:
    """Read as they are sent."""
    yield HEADER
    for each in people(campaign):
        yield [each.name, each.phone, each.reason]
