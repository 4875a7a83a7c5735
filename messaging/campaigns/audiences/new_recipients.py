"""What is written of a contact when a campaign lists it: what they will read, or why they are left out."""

import hashlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from math import ceil

from django.utils import timezone

from messaging.campaigns.audiences.audience import Listed
from messaging.campaigns.dispatch.recipient_changes import NewRecipient
from messaging.campaigns.models import FIRST, REST, Campaign, RecipientState
from messaging.campaigns.rules.sending_hours import country_of
from messaging.campaigns.wording.personalization import Values

HASH_LENGTH = 22  # at the end of a batching key: equal for equal parameters
MARK = "@"  # before the minute from which on people of a key are reached


def new_recipient(
    campaign: Campaign,
    listed: Listed,
    wording: int | None,
    hours: Collection[str],
    moment: datetime | None = None,
    number_for: Callable[[str], int | None] = lambda key: None,
) -> NewRecipient:
    """`wording`: which of the texts they get; None: to be chosen. `hours`: the countries with sending hours
    of their own. `moment`: when they get it, if not with all. `number_for` a key: of their call, if known.
    """
    contact, values, reason = listed
    key = batch_key(campaign, values, wording, country_of(contact["phone"], hours), moment)
    return NewRecipient(
        campaign.pk,
        contact["pk"],
        contact["phone"],
        values,
        key,
        RecipientState.SKIPPED if reason else RecipientState.PLANNED,
        reason,
        timezone.now() if reason else None,
        REST if campaign.has_stages else FIRST,
        wording,
        None if reason or moment else number_for(key),
    )


def batch_key(
    campaign: Campaign, values: Values, wording: int | None, country: str, moment: datetime | None = None
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
    return datetime.fromtimestamp(int(key[1:8], 16) * 60, UTC) if key.startswith(MARK) else None
