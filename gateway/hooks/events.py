"""What an event says, read from its raw bytes only after they are stored."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import models

from gateway import clock

# The contract does not name a report's parameters: names seen at this and sibling gateways, first match wins.
# SMARTDIALOG_REPORT_NAMES puts others in front.
PARAMETER_ALIASES = {
    "recipientId": ("recipientid", "recipient_id", "id"),
    "messageId": ("messageid", "message_id"),
    "address": ("address", "recipient", "msisdn", "to"),
    "status": ("status", "state", "deliverystatus"),
    "errorCode": ("errorcode", "error_code", "error"),
    "timestamp": ("timestamp", "time", "date"),
}


class MalformedEvent(Exception):
    """The event is kept, and set aside for an admin with this reason."""


class DeliveryStatus(models.TextChoices):
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"
    REJECTED = "rejected", "Rejected"
    BUFFERED = "buffered", "On its way"
    UNKNOWN = "unknown", "Unknown"


STATUS_SYNONYMS = {
    DeliveryStatus.DELIVERED: ("delivered", "delivrd", "ok", "success", "received", "read", "seen"),
    DeliveryStatus.FAILED: ("failed", "failure", "error", "undeliverable", "undeliv", "undelivered"),
    DeliveryStatus.EXPIRED: ("expired", "timeout"),
    DeliveryStatus.REJECTED: ("rejected", "rejectd", "blocked", "barred"),
    DeliveryStatus.BUFFERED: ("buffered", "sent", "accepted", "enroute", "queued", "pending", "acked"),
}
_BY_WORD = {word: status for status, words in STATUS_SYNONYMS.items() for word in words}


@dataclass(frozen=True)
class Inbound:
    """A message that a person sent. `timestamp` is None when the platform gave none that can be read."""

    sender: str
    recipient: str
    content: str
    timestamp: datetime | None
    protocol: str
    message_id: str
    attachments: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class DeliveryReport:
    """`query` holds all parameters as they came, ours among them."""

    query: dict[str, str]
    recipient_id: str
    message_id: str
    address: str
    status: DeliveryStatus
    raw_status: str
    error_code: str
    timestamp: datetime | None


def read_inbound(body: bytes) -> Inbound:
    data = _json_object(body)
    return Inbound(
        sender=_text(data, "sender"),
        recipient=_text(data, "recipient"),
        content=_text(data, "content", longest=100_000),
        timestamp=_time(data.get("timestamp")),
        protocol=_text(data, "protocol"),
        message_id=_text(data, "messageId"),
        attachments=[_attachment(each) for each in _list(data, "attachments") if isinstance(each, dict)],
    )


def read_report(query: str) -> DeliveryReport:
    values: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True, max_num_fields=200):
        values.setdefault(key, _plain(value)[:1000])
    more = settings.SMARTDIALOG_REPORT_NAMES
    found = {name: _first(values, (*more.get(name, ()), *names)) for name, names in PARAMETER_ALIASES.items()}
    raw_status = found["status"]
    return DeliveryReport(
        query=values,
        recipient_id=found["recipientId"],
        message_id=found["messageId"],
        address=found["address"],
        status=_BY_WORD.get(raw_status.strip().lower(), DeliveryStatus.UNKNOWN),
        raw_status=raw_status,
        error_code=found["errorCode"],
        timestamp=_time(found["timestamp"]),
    )


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except RecursionError as error:
        raise MalformedEvent("It is nested too deeply.") from error
    except ValueError as error:  # not JSON, not UTF-8, a number of thousands of digits
        raise MalformedEvent(f"It is not JSON: {str(error)[:200]}") from error
    if not isinstance(data, dict):
        raise MalformedEvent(f"It is a JSON {type(data).__name__}, not an object.")
    return data


def _list(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _attachment(each: dict[str, Any]) -> dict[str, str]:
    return {key: _text(each, key, longest=2000) for key in ("name", "mimeType", "resourceLocation")}


def _text(data: dict[str, Any], key: str, *, longest: int = 500) -> str:
    value = data.get(key)
    if value is None:
        return ""
    return _plain(value if isinstance(value, str) else json.dumps(value))[:longest]


def _plain(text: str) -> str:
    """Without what a database cannot hold: NULs, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _first(values: dict[str, str], aliases: tuple[str, ...]) -> str:
    lowered = {key.lower(): value for key, value in reversed(values.items())}
    return next((lowered[alias.lower()] for alias in aliases if alias.lower() in lowered), "")


def _time(value: Any) -> datetime | None:
    """ISO 8601; UTC where no zone is given; a time over a day ahead is not believed."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if at < clock.after(86_400) else None
