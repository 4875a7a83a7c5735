"""What is written of a contact when a campaign lists it: what they will read, or why they are left out."""

import hashlib
from collections.abc import Collection

from django.utils import timezone

from messaging.campaigns.audiences.audience import Listed
from messaging.campaigns.dispatch.recipient_changes import NewRecipient
from messaging.campaigns.models import FIRST, REST, Campaign, RecipientState
from messaging.campaigns.rules.sending_hours import country_of
from messaging.campaigns.wording.personalization import Values


def new_recipient(
    campaign: Campaign, listed: Listed, wording: int | None, hours: Collection[str]
) -> NewRecipient:
    """`wording`: which of the texts they get. `hours`: the countries that have sending hours of their own."""
    contact, values, reason = listed
    return NewRecipient(
        campaign_id=campaign.pk,
        contact_id=contact["pk"],
        phone=contact["phone"],
        values=values,
        key=batch_key(campaign, values, wording, country_of(contact["phone"], hours)),
        state=RecipientState.SKIPPED if reason else RecipientState.PLANNED,
        reason=reason,
        settled_at=timezone.now() if reason else None,
        stage=REST if campaign.has_stages else FIRST,
        wording=wording,
    )


def batch_key(campaign: Campaign, values: Values, wording: int | None, country: str) -> str:
    """The same for equal texts, parameters and sending hours only. No parameter has such a separator."""
    said = () if campaign.is_sms else values
    if wording:
        said = (f"\x1e{wording}", *said)
    if not said:
        return country
    return country + hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:30]
