"""What happened to a template, in order, as its page tells it."""

from accounts.trail import timeline
from accounts.trail.timeline import TimelineEntry
from messaging.whatsapp.catalogue import polling
from messaging.whatsapp.models import Approval, Template, TemplateList

EVENT_LABELS = {
    "template.created": ("Created", "neutral"),
    "template.edited": ("Changed", "neutral"),
    "template.submitted": ("Submitted", "info"),
    "template.withdrawn": ("Withdrawn before it was sent", "neutral"),
    "template.taken": ("SmartDialog took it; WhatsApp reviews it", "info"),
    "template.refused": ("SmartDialog refused it", "negative"),
    "template.uncertain": ("SmartDialog gave no clear answer", "warning"),
    "template.confirmed": ("Known to be at SmartDialog", "info"),
    "template.rejected": ("Marked as rejected", "negative"),
    "template.marked_approved": ("Marked as approved", "positive"),
    "template.marked_rejected": ("Marked as rejected", "negative"),
    "template.marked_unknown": ("Its approval is not known after all", "neutral"),
    "template.inferred_approved": ("A message with it was delivered, so it was approved", "positive"),
    "template.inferred_rejected": ("WhatsApp refused a message with it", "negative"),
    "template.approved": ("Seen in SmartDialog’s list", "info"),  # as it was called before
    "template.listed": ("Seen in SmartDialog’s list", "info"),
    "template.archived": ("Archived", "neutral"),
    "template.unarchived": ("Taken out of the archive", "neutral"),
    "template.described": ("Described", "neutral"),
    "template.joined": ("Joined with one that SmartDialog lists", "info"),
    "template.adopted": ("Seen in SmartDialog’s list; it was made elsewhere", "info"),
    "template.text_changed": ("Its text was changed at SmartDialog; approval not known", "warning"),
    "template.unlisted": ("No longer offered by SmartDialog", "warning"),
}


def steps(template: Template, listed: TemplateList | None) -> list[TimelineEntry]:
    """The latest events, oldest first; one query."""
    return timeline.steps(template, customer=template.customer, words=EVENT_LABELS) + _to_come(
        template, listed
    )


def _to_come(template: Template, listed: TemplateList | None) -> list[TimelineEntry]:
    if listed is None or not listed.asked_at or not template.submitted_at:
        return []
    if not template.is_in_review or template.is_overdue or template.approval == Approval.REJECTED:
        return []
    at = polling.due_at(listed.asked_at, template.submitted_at)
    return [TimelineEntry("SmartDialog’s list is read again", at, is_next=True)]
