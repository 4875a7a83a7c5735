"""Delivery reports: one GET a recipient, to the address that the send named."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox import clock, ids
from sandbox.api.numbers import in_spelling
from sandbox.models import Callback, Recipient


def report(
    recipient: Recipient,
    switches: dict[str, Any],
    *,
    due_at: datetime,
    status: str = "",
    error_code: str = "",
    at: str = "",
) -> Callback:
    """The callback that tells a recipient's state, not yet saved; switches say in which words."""
    values = (
        ids.encode(recipient.told_id(switches), switches["id_form"]),
        ids.encode(recipient.message_id, switches["id_form"]),
        in_spelling(recipient.address, switches["answered_addresses"]),
        status or status_word(recipient.state, switches),
        error_code or recipient.error_code,
        at or clock.text(recipient.delivered_at or clock.now()),
    )
    pairs = zip(switches["report_names"].split(), values, strict=False)
    query = {name: value for name, value in pairs if value and name != "-"}
    url = with_query(recipient.message.report_url, query)
    return Callback(kind="delivery report", method="GET", url=url, due_at=due_at)


def status_word(state: str, switches: dict[str, Any]) -> str:
    words = dict(zip(("Delivered", "Failed"), switches["report_words"].split(), strict=False))
    return str(words.get(state, state))


def with_query(url: str, values: dict[str, str]) -> str:
    """Add to the query; what was there stays in front as it was."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))
