"""Who of a campaign gets it first, and which of its texts: drawn evenly, and the same each time it is asked.

Only who can get each of the texts takes part in a trial of them: else those who lack a value would tell more
of it than the words do. The others are among the rest.
"""

import hashlib
from collections.abc import Iterator
from heapq import nsmallest

from accounts.db.array_param import Listed as ListedKeys
from messaging.campaigns.audiences import audience
from messaging.campaigns.audiences.audience import JudgedRow
from messaging.campaigns.audiences.new_recipients import MARK, mark_of
from messaging.campaigns.models import FIRST, REST, Campaign, RecipientState
from messaging.campaigns.rules.own_times import OwnTimes
from messaging.campaigns.wording import contact_fields
from messaging.campaigns.wording.personalization import GapValues, Wording

AT_ONCE = 5000  # recipients changed by a statement


def lot(campaign: Campaign, phone: str) -> int:
    """By which people are drawn: of a campaign and a number, and of nothing else."""
    drawn = hashlib.blake2b(phone.encode(), key=campaign.uuid.bytes, digest_size=8).digest()
    return int.from_bytes(drawn, "big")


def columns(wordings: list[Wording]) -> list[str]:
    """What has to be read of a contact to fill each of them."""
    fields = (each.field for wording in wordings for each in wording.merge_fields)
    return contact_fields.columns(field for field in fields if field)


def judge(listed: JudgedRow, wordings: list[Wording]) -> list[tuple[GapValues, str]]:
    """For each text what fills its gaps, and the reason why the contact does not get it.

    A reason that the first text does not give is about the person: it holds for all of them.
    """
    contact, _, reason = listed
    judged = [audience.eligibility(contact, wording) for wording in wordings]
    if reason and reason != judged[0][1]:
        return [(values, reason) for values, _ in judged]
    return judged


def each_with_text(
    campaign: Campaign, wordings: list[Wording], people: list[JudgedRow]
) -> Iterator[tuple[JudgedRow, int | None]]:
    """The number of the text that each of them gets if they are drawn: as many of each, by their lots.

    None: one that is chosen later, as they cannot get each of them.
    """
    if len(wordings) == 1:
        yield from ((each, 0) for each in people)
        return
    judged = [(each[0], judge(each, wordings)) for each in people]
    able = [row["phone"] for row, found in judged if not any(reason for _, reason in found)]
    in_order = sorted(able, key=lambda phone: lot(campaign, phone))
    numbers = {phone: place % len(wordings) for place, phone in enumerate(in_order)}
    for row, found in judged:
        number = numbers.get(row["phone"])
        reasons = [reason for _, reason in found]
        values = () if number is None else found[number][0]
        yield (row, values, reasons[0] if all(reasons) else ""), number


def draw(campaign: Campaign) -> None:
    """The first of those who were listed, as many of each text; the rest waits for the text that wins.

    Whoever gets it on a later day is among the rest: the wait begins once the first have it. So is whose own
    time had passed. In the transaction that lists the last of them.
    """
    planned = campaign.recipients.filter(state=RecipientState.PLANNED)
    numbers = range(1 + len(campaign.more_texts))
    most = campaign.number_of_first(planned.count())
    for number in numbers:
        share = most // len(numbers) + (number < most % len(numbers))
        drawn = nsmallest(share, _lots(campaign, number))
        for start in range(0, len(drawn), AT_ONCE):
            keys = [key for _, key in drawn[start : start + AT_ONCE]]
            planned.filter(pk__in=ListedKeys(keys)).update(stage=FIRST)
    if campaign.tries_texts:
        planned.filter(stage=REST).update(wording=None)


def _lots(campaign: Campaign, number: int) -> Iterator[tuple[int, int]]:
    """Of those who can get the text of this number, and whose time is neither past nor on a later day."""
    times = OwnTimes.of(campaign)
    found = campaign.recipients.filter(state=RecipientState.PLANNED, wording=number).order_by()
    if times is None:
        found = found.exclude(key__startswith=MARK)
    for pk, phone, key in found.values_list("pk", "phone", "key").iterator(chunk_size=AT_ONCE):
        at = times.moment(phone) if times else None
        if times is None or at is None or (key.startswith(mark_of(at)) and at >= times.since):
            yield lot(campaign, phone), pk
