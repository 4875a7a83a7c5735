"""What is written of a contact when a campaign lists it: what they will read, or why they are left out."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from math import ceil

from django.utils import timezone

from messaging.campaigns.audiences.audience import Listed
from messaging.campaigns.dispatch.recipient_changes import NewRecipient
from messaging.campaigns.models import Campaign, RecipientState
from messaging.campaigns.rules.sending_hours import country_of
from messaging.campaigns.wording.personalization import Values

HASH_LENGTH = 22  # at the end of a batching key: equal for equal parameters
MARK = "@"  # before the minute from which on people of a key are reached


def new_recipient(
    campaign: Campaign, listed: Listed, hours: Collection[str], moment: datetime | None = None
) -> NewRecipient:
    """`hours`: the countries with sending hours of their own. `moment`: when they get it, if not with all."""
    contact, values, reason = listed
    return NewRecipient(
        campaign_id=campaign.pk,
        contact_id=contact["pk"],
        phone=contact["phone"],
        values=values,
        key=batch_key(() if campaign.is_sms else values, country_of(contact["phone"], hours), moment),
        state=RecipientState.SKIPPED if reason else RecipientState.PLANNED,
        reason=reason,
        settled_at=timezone.now() if reason else None,
    )


def batch_key(values: Values, country: str, moment: datetime | None = None) -> str:
    """The same for equal parameters and sending hours and, where people have their own, an equal time."""
    said = hashlib.sha256("\x1f".join(values).encode()).hexdigest() if values else ""
    if moment is None:
        return country + said[:30]
    return f"{mark_of(moment)}{country}{said[:22]}"


def mark_of(moment: datetime) -> str:
    """What keys begin with of people whose own time it is."""
    return f"{MARK}{ceil(moment.timestamp() / 60):07x}"


def moment_of(key: str) -> datetime | None:
    """None of those who get it with all others."""
    return datetime.fromtimestamp(int(key[1:8], 16) * 60, UTC) if key.startswith(MARK) else None
