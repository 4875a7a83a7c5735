"""What a campaign's messages tell of its template: one that arrived was approved, one refused may not be."""

from datetime import datetime

from gateway import clock
from messaging.campaigns.models import Campaign, RecipientState
from messaging.whatsapp.submission import approval, failures


def take(campaign: Campaign, state: RecipientState, code: str, *, sent_at: datetime) -> None:
    """Of the new state of a message, with WhatsApp's code where it failed."""
    if campaign.is_sms or campaign.template_id is None:
        return
    if state == RecipientState.DELIVERED and not campaign.sms_fallback:  # an SMS may have been delivered
        approval.infer_from_delivery(campaign.template_id, sent_at)
    elif state == RecipientState.FAILED:
        approval.infer_from_failure(campaign.template_id, code)


def take_refusal(campaign: Campaign, text: str) -> None:
    """Of a whole call that SmartDialog refused, in its words."""
    take(campaign, RecipientState.FAILED, failures.code_in(text), sent_at=clock.now())
