"""Whether templates are still as a person agreed to send them: SmartDialog may change or drop them."""

from collections.abc import Iterator
from typing import Any

from gateway.outbox import QueuedCall
from messaging.campaigns.models import Campaign
from messaging.whatsapp.catalogue.list_sync import plain
from messaging.whatsapp.models import Approval, Template, TemplateState


def as_they_are(campaign: Campaign) -> list[dict[str, Any]]:
    """What is kept of each of its templates as a person agrees to them; of an SMS nothing."""
    templates = [] if campaign.is_sms else [text.template for text in campaign.texts]
    return [{"body": each.body, "approval": each.approval} for each in templates if each]


def reason_to_hold(campaign: Campaign) -> str:
    """Before it begins: in words, what has become of a template of it; "" while all are as agreed."""
    if campaign.is_sms:
        return ""
    return next((words for each in _agreed(campaign) if (words := _what_became_of(*each))), "")


def reason_to_stop(campaign: Campaign, call: QueuedCall) -> str:
    """Before a call leaves: in words, that people would get another text than those before them; or ""."""
    if campaign.is_sms:
        return ""
    named = call.payload["message"]["template"]
    for template, agreed in _agreed(campaign):
        if template and template.remote_id == named and _says_otherwise(template, agreed):
            return (
                f"The text of the template {template} has changed at SmartDialog since this began. Nobody "
                "has got the new one. Cancel this, and send it to the others as a new campaign."
            )
    return ""


def _agreed(campaign: Campaign) -> Iterator[tuple[Template | None, dict[str, Any]]]:
    """Each template with what was kept of it; nothing where it was agreed to before any was kept."""
    templates, kept = [text.template for text in campaign.texts], campaign.agreed_templates
    yield from zip(templates, kept if len(kept) == len(templates) else [{}] * len(templates), strict=True)


def _what_became_of(template: Template | None, agreed: dict[str, Any]) -> str:
    if template is None:
        return "A template of it is gone."
    if template.state != TemplateState.LISTED:
        return f"SmartDialog no longer lists the template {template}."
    if template.approval == Approval.REJECTED:
        return f"WhatsApp has rejected the template {template}."
    if _says_otherwise(template, agreed):
        return f"The text of the template {template} has changed at SmartDialog since a person looked at it."
    if agreed.get("approval") == Approval.APPROVED != template.approval:
        return f"It is not known any more whether WhatsApp approves the template {template}."
    return ""


def _says_otherwise(template: Template, agreed: dict[str, Any]) -> bool:
    return "body" in agreed and plain(agreed["body"]) != plain(template.body)
