"""One round of the platform's own work: messages reach phones, templates pass review."""

from datetime import timedelta

from sandbox import clock, switches
from sandbox.db import bulk_update_grouped, write_transaction
from sandbox.deliveries.outcomes import outcome
from sandbox.deliveries.reports import report
from sandbox.models import Callback, Recipient, Template

BATCH = 500


def deliver_due() -> int:
    """Deliver what is due, at most a batch; returns how many."""
    now = clock.now()
    due = Recipient.objects.filter(state="Queued", deliver_at__lte=now).select_related("message")
    recipients = list(due.order_by("deliver_at")[:BATCH])
    if not recipients:
        return 0
    values = switches.current()
    for recipient in recipients:
        result = outcome(recipient, sms_fallback=values["sms_fallback"] == "rendered")
        recipient.state, recipient.error_code, recipient.as_sms = (
            result.state,
            result.error_code,
            result.as_sms,
        )
        recipient.delivered_at = now
    steps = ("Buffered", "") if values["report_on_the_way"] else ("",)
    reports = [
        report(recipient, values, due_at=now, status=status)
        for recipient in recipients
        if recipient.message.report_url
        for status in steps
        for _ in range(values["report_copies"])
    ]
    with write_transaction():
        bulk_update_grouped(recipients, fields=["state", "error_code", "as_sms", "delivered_at"])
        Callback.objects.bulk_create(reports)
    return len(recipients)


def review_due() -> None:
    values = switches.current()
    seconds = values["template_review_seconds"]
    pending = Template.objects.filter(review=Template.Review.PENDING)
    if seconds and pending.exists():
        with write_transaction():
            old_enough = pending.filter(created_at__lte=clock.now() - timedelta(seconds=seconds))
            verdict = values["template_review_verdict"]
            reason = values["template_rejection_reason"] if verdict == Template.Review.REJECTED else ""
            old_enough.update(review=verdict, reason=reason)
