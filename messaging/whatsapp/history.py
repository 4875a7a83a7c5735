"""What happened to a template, in order, as its page tells it."""

from accounts import timeline
from accounts.timeline import TimelineEntry
from messaging.whatsapp import polling
from messaging.whatsapp.models import Template, TemplateList

EVENT_LABELS = {
    "template.created": ("Written", "neutral"),
    "template.edited": ("Changed", "neutral"),
    "template.submitted": ("Submitted", "info"),
    "template.withdrawn": ("Taken back before it left", "neutral"),
    "template.taken": ("SmartDialog took it; WhatsApp reviews it", "info"),
    "template.refused": ("SmartDialog refused it", "negative"),
    "template.uncertain": ("SmartDialog gave no clear answer", "warning"),
    "template.confirmed": ("Known to be at SmartDialog", "info"),
    "template.rejected": ("Marked as rejected", "negative"),
    "template.approved": ("Listed by SmartDialog: approved", "positive"),
    "template.adopted": ("Listed by SmartDialog; it was made elsewhere", "positive"),
    "template.unlisted": ("No longer listed by SmartDialog", "warning"),
}


def steps(template: Template, listed: TemplateList | None) -> list[TimelineEntry]:
    """The latest events, oldest first; one query."""
    return timeline.steps(template, customer=template.customer, words=EVENT_LABELS) + _to_come(
        template, listed
    )


def _to_come(template: Template, listed: TemplateList | None) -> list[TimelineEntry]:
    if not template.is_in_review or listed is None or not listed.asked_at or not template.submitted_at:
        return []
    at = polling.due_at(listed.asked_at, template.submitted_at)
    return [TimelineEntry("SmartDialog’s list is read again", at, is_next=True)]
