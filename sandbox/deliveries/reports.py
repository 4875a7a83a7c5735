"""Delivery reports: one GET a recipient, to the address that the send named."""

from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox import clock
from sandbox.models import Callback, Recipient


def report(
    recipient: Recipient, *, due_at: datetime, status: str = "", error_code: str = "", at: str = ""
) -> Callback:
    """The callback that tells a recipient's state, not yet saved."""
    values = {
        "recipientId": str(recipient.id),
        "messageId": str(recipient.message_id),
        "address": recipient.address,
        "status": status or recipient.state,
        "errorCode": error_code or recipient.error_code,
        "timestamp": at or clock.text(recipient.delivered_at or clock.now()),
    }
    url = with_query(recipient.message.report_url, {name: value for name, value in values.items() if value})
    return Callback(kind="delivery report", method="GET", url=url, due_at=due_at)


def with_query(url: str, values: dict[str, str]) -> str:
    """Add to the query; what was there stays in front as it was."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))
