"""Who of an audience would get nothing, and why, before anything is sent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from messaging.campaigns.audiences import audience, drawing
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import Campaign

SHOWN = 200  # on the page; the file has all
HEADER = ["Name", "Phone number", "Why"]


@dataclass(frozen=True)
class LeftOut:
    contact: int | None
    name: str
    phone: str
    reason: str


def people(campaign: Campaign) -> Iterator[LeftOut]:
    """Who gets none of its texts. One query, read through once. Raises SegmentError."""
    wordings = [text.wording for text in campaign.texts]
    columns = dict.fromkeys(["first_name", "last_name", *drawing.columns(wordings)])
    for listed in audience.everybody(Reach.of(campaign), wordings[0], *columns):
        row, reasons = listed[0], [reason for _, reason in drawing.judge(listed, wordings)]
        if all(reasons):
            reason = reasons[0]
            name = f"{row['first_name'] or ''} {row['last_name'] or ''}".strip()
            yield LeftOut(row["pk"], name, row["phone"], reason)


def first_of(campaign: Campaign, reason: str) -> tuple[list[LeftOut], Counter[str]]:
    """At most SHOWN, all or those of a reason, and how many each reason has. Raises SegmentError."""
    shown: list[LeftOut] = []
    counts: Counter[str] = Counter()
    for each in people(campaign):
        counts[each.reason] += 1
        if len(shown) < SHOWN and reason in ("", each.reason):
            shown.append(each)
    return shown, counts


def file_rows(campaign: Campaign) -> Iterator[list[str]]:
    yield HEADER
    for each in people(campaign):
        yield [each.name, each.phone, each.reason]
