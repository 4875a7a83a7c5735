"""What is written of a contact when a campaign lists it: what they will read, or why they are left out."""

import hashlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from math import ceil

from gateway import clock
from messaging.campaigns.audiences.audience import JudgedRow
from messaging.campaigns.dispatch.recipient_changes import NewRecipient
from messaging.campaigns.models import FIRST, REST, Campaign, RecipientState
from messaging.campaigns.rules.sending_hours import country_of
from messaging.campaigns.wording.personalization import GapValues

HASH_LENGTH = 22  # at the end of a batching key: equal for equal parameters
MARK = "@"  # before the minute from which on people of a key are reached
MARK_LENGTH = 8  # with that minute


class NewRecipients:
    """Of a campaign; what is the same for all of them is found once.

    `hours`: the countries with sending hours of their own. `number_for` a key: of the call, if it is known.
    """

    def __init__(
        self, campaign: Campaign, hours: Collection[str], number_for: Callable[[str], int | None]
    ) -> None:
        self._campaign, self._hours, self._number_for = campaign, hours, number_for
        self._stage = REST if campaign.has_stages else FIRST
        self._now = clock.now()

    def make(self, listed: JudgedRow, wording: int | None, moment: datetime | None) -> NewRecipient:
        """`wording`: which of the texts they get; None: to be chosen. `moment`: theirs, if not with all."""
        contact, values, reason = listed
        phone = contact["phone"]
        key = batch_key(self._campaign, values, wording, country_of(phone, self._hours), moment)
        return NewRecipient(
            self._campaign.pk,
            contact["pk"],
            phone,
            values,
            key,
            RecipientState.SKIPPED if reason else RecipientState.PLANNED,
            reason,
            self._now if reason else None,
            self._stage,
            wording,
            None if reason or moment else self._number_for(key),
        )


def batch_key(
    campaign: Campaign, values: GapValues, wording: int | None, country: str, moment: datetime | None = None
) -> str:
    """The same for equal texts, parameters and sending hours and, where people have their own, times."""
    parts = () if campaign.is_sms else values
    if wording:
        parts = (f"\x1e{wording}", *parts)  # no parameter has such a separator
    said = hashlib.sha256("\x1f".join(parts).encode()).hexdigest() if parts else ""
    if moment is None:
        return country + said[:30]
    return f"{mark_of(moment)}{country}{said[:22]}"


def mark_of(moment: datetime) -> str:
    """What keys begin with of people whose own time it is."""
    return f"{MARK}{ceil(moment.timestamp() / 60):07x}"


def moment_of(key: str) -> datetime | None:
    """None of those who get it with all others."""
    return datetime.fromtimestamp(int(key[1:MARK_LENGTH], 16) * 60, UTC) if key.startswith(MARK) else None
