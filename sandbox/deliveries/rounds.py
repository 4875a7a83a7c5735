"""One round of the platform's own work: messages reach phones, templates pass review."""

from datetime import timedelta

from sandbox import clock, switches
from sandbox.deliveries.outcomes import outcome
from sandbox.deliveries.reports import report
from sandbox.models import Callback, Recipient, Template
from sandbox.store import update_alike, writing

BATCH = 500


def deliver_due() -> int:
    """Deliver what is due, at most a batch; returns how many."""
    now = clock.now()
    due = Recipient.objects.filter(state="Queued", deliver_at__lte=now).select_related("message")
    recipients = list(due.order_by("deliver_at")[:BATCH])
    if not recipients:
        return 0
    for recipient in recipients:
        result = outcome(recipient)
        recipient.state, recipient.error_code, recipient.as_sms = (
            result.state,
            result.error_code,
            result.as_sms,
        )
        recipient.delivered_at = now
    reports = [report(recipient, due_at=now) for recipient in recipients if recipient.message.report_url]
    with writing():
        update_alike(recipients, fields=["state", "error_code", "as_sms", "delivered_at"])
        Callback.objects.bulk_create(reports)
    return len(recipients)


def review_due() -> None:
    seconds = switches.get("template_review_seconds")
    pending = Template.objects.filter(review=Template.Review.PENDING)
    if seconds and pending.exists():
        with writing():
            old_enough = pending.filter(created_at__lte=clock.now() - timedelta(seconds=seconds))
            old_enough.update(review=Template.Review.APPROVED)
