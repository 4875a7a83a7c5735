"""What is written of a contact when a campaign lists it: what they will read, or why they are left out."""

import hashlib
from collections.abc import Collection

from django.utils import timezone

from messaging.campaigns.audiences.audience import Listed
from messaging.campaigns.dispatch.recipient_changes import NewRecipient
from messaging.campaigns.models import Campaign, RecipientState
from messaging.campaigns.rules.sending_hours import country_of
from messaging.campaigns.wording.personalization import Values

HASH_LENGTH = 30  # at the end of a batching key: the same for equal parameters


def new_recipient(campaign: Campaign, listed: Listed, hours: Collection[str]) -> NewRecipient:
    """`hours`: the countries that have sending hours of their own."""
    contact, values, reason = listed
    return NewRecipient(
        campaign_id=campaign.pk,
        contact_id=contact["pk"],
        phone=contact["phone"],
        values=values,
        key=_batch_key(() if campaign.is_sms else values, country_of(contact["phone"], hours)),
        state=RecipientState.SKIPPED if reason else RecipientState.PLANNED,
        reason=reason,
        settled_at=timezone.now() if reason else None,
    )


def _batch_key(values: Values, country: str) -> str:
    """The same for equal parameters and equal sending hours only."""
    if not values:
        return country
    return country + hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:HASH_LENGTH]
