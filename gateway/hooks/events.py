"""What an event says, read from its raw bytes only after they are stored."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import models

from gateway import clock
from gateway.hooks.bodies import LARGEST_UNPACKED, MOST_FIELDS, is_packed, read_form, read_json
from gateway.hooks.times import read_time
from gateway.models import Quirks
from gateway.smartdialog.parsing import LONGEST_ID

# The contract does not name a report's parameters: names seen at this and sibling gateways, first match wins.
# What an admin has said, and SMARTDIALOG_REPORT_NAMES, come in front.
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
LONGEST_WORD = 195  # characters of a status that tell it from others
OUR_PARAMETERS = {"c", "b", "reply"}  # of the address that we gave
# Of who adds to our address without looking whether it has a query, or writes & as it stands in a page.
_SECOND_QUERY, _ESCAPED = re.compile(r"((?:^|&)(?:amp;)?(?:c|b|reply)=[^&?]*)\?"), "amp;"
_BY_WORD = {word: status for status, words in STATUS_SYNONYMS.items() for word in words}


@dataclass(frozen=True)
class Inbound:
    """A message that a person sent. `timestamp` is None when the platform gave none that can be read.

    `thread_id`: of its discussion. The contract names none; it is taken where one comes.
    """

    sender: str
    recipient: str
    content: str
    timestamp: datetime | None
    protocol: str
    message_id: str
    attachments: list[dict[str, str]] = field(default_factory=list)
    raw_time: str = ""
    thread_id: str = ""


class DeliveryReport(NamedTuple):
    """`query` holds all parameters as they came, ours among them."""

    query: dict[str, str]
    recipient_id: str
    message_id: str
    address: str
    status: DeliveryStatus
    raw_status: str
    error_code: str
    timestamp: datetime | None
    raw_time: str = ""

    @property
    def unclear(self) -> str:
        """What an admin has to say before it can be taken in: `word:DELIVRD`, or `names:…` as they came."""
        is_of_somebody = self.recipient_id or self.address or "reply" in self.query
        if not self.raw_status or not is_of_somebody:
            return ("names:" + " ".join(sorted(self.query.keys() - OUR_PARAMETERS)))[:200]
        return f"word:{_cut(self.raw_status)}" if self.status == DeliveryStatus.UNKNOWN else ""


def read_inbound(body: bytes, zone: str = "") -> Inbound:
    """`zone`: of a time that comes without one."""
    data = _object(body)
    return Inbound(
        sender=_text(_address_in(data, "sender"), "sender"),
        recipient=_text(data, "recipient"),
        content=_text(data, "content", longest=100_000),
        timestamp=read_time(data.get("timestamp"), zone=zone),
        protocol=_text(data, "protocol"),
        message_id=_id(data, "messageid"),
        attachments=list(_attachments(data.get("attachments"))),
        raw_time=_text(data, "timestamp", longest=50),
        thread_id=_text(data, "threadid"),
    )


class ReportReader:
    """Reads the reports of one customer. `known`: what an admin has said of them."""

    def __init__(self, known: Quirks | None = None) -> None:
        self.known, self._now = known or Quirks(), clock.now()
        self._names = [_names(name, self.known) for name in PARAMETER_ALIASES]
        self._found: dict[tuple[str, ...], list[str | None]] = {}

    def read(self, query: str) -> DeliveryReport:
        values = read_query(query)
        said = [values[key] if key is not None else "" for key in self._theirs(tuple(values))]
        recipient_id, message_id, address, raw_status, error_code, raw_time = said
        return DeliveryReport(
            values,
            recipient_id[:LONGEST_ID],
            message_id,
            address,
            _status(word_of(raw_status), self.known),
            raw_status,
            error_code,
            read_time(raw_time, zone=self.known.zone, now=self._now),
            raw_time[:50],
        )

    def _theirs(self, keys: tuple[str, ...]) -> list[str | None]:
        """The key of each of the six, where one is here: found out once for reports that look alike."""
        found = self._found.get(keys)
        if found is None:
            lowered = {key.lower(): key for key in reversed(keys)}
            found = self._found[keys] = [_first(lowered, names) for names in self._names]
        return found


def word_of(status: str) -> str:
    """By which it is looked up: as it was shown to an admin, in small letters."""
    return _cut(status).lower()


def _cut(status: str) -> str:
    return status.strip()[:LONGEST_WORD].strip()


def read_report(query: str, known: Quirks | None = None) -> DeliveryReport:
    return ReportReader(known).read(query)


def read_query(query: str) -> dict[str, str]:
    """The parameters as they came, the first of those that come twice. Raises MalformedEvent."""
    fields = (_SECOND_QUERY.sub(r"\1&", query, count=1) if "?" in query else query).split("&")
    if len(fields) > MOST_FIELDS:
        raise MalformedEvent(f"It has more than {MOST_FIELDS} parameters.")
    read = _value if query == _plain(query) else _decoded
    values: dict[str, str] = {}
    for each in fields:
        if each:
            key, _, value = each.partition("=")
            values.setdefault(_decoded(key).removeprefix(_ESCAPED)[:100], read(value)[:1000])
    return values


def _value(text: str) -> str:
    """What is plain. Numbers and ids are others each time: those need no more than a look."""
    if text.startswith("%2B") and text[3:].isdigit():
        return "+" + text[3:]
    return _decoded(text) if "%" in text or "+" in text else text


@lru_cache(maxsize=1000)
def _decoded(text: str) -> str:
    """Of names, states and times most come again and again."""
    return _plain(unquote_plus(text))


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = read_json(body)
    except RecursionError as error:
        raise MalformedEvent("It is nested too deeply.") from error
    except ValueError as error:  # not JSON, a number of thousands of digits
        data = read_form(body)
        if data is None:
            raise MalformedEvent(f"{_kind_of(body)}: {str(error)[:200]}") from error
    if not isinstance(data, dict):
        raise MalformedEvent(f"It is a JSON {type(data).__name__}, not an object.")
    return data


def _kind_of(body: bytes) -> str:
    if is_packed(body):
        return f"It is packed, and not whole or over {LARGEST_UNPACKED // 1024} kB"
    return "It is XML or a page, which is not read" if body.lstrip()[:1] == b"<" else "It is not JSON"


def _attachments(value: Any) -> Iterator[dict[str, str]]:
    """One may stand by itself, and one that is a text says where it is."""
    for each in value if isinstance(value, list) else [value]:
        said = {"resourcelocation": each} if isinstance(each, str) and each.strip() else each
        if isinstance(said, dict) and said:
            yield {
                key: _text(said, key.lower(), longest=2000)
                for key in ("name", "mimeType", "resourceLocation")
            }


def _address_in(data: dict[str, Any], key: str) -> dict[str, Any]:
    """SmartDialog writes people as `{"address": …}` elsewhere, and might here."""
    value = data.get(key)
    address = value.get("address") if isinstance(value, dict) else None
    return {key: address} if isinstance(address, str) else data


def _text(data: dict[str, Any], key: str, *, longest: int = 500) -> str:
    """Numbers as whole ones where they are: 16400.0 is written 16400."""
    value = data.get(key)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _plain(value if isinstance(value, str) else json.dumps(value))[:longest]


def _id(data: dict[str, Any], key: str) -> str:
    """.NET says 00000000-0000-0000-0000-000000000000 for none."""
    text = _text(data, key)
    return text if text.strip("{}-0 ") else ""


def _plain(text: str) -> str:
    """Without what a database cannot hold: NULs, and halves of surrogate pairs."""
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _names(name: str, known: Quirks) -> list[str]:
    """In small letters. What an admin gave to another of the six is not this one any more."""
    told = known.report_names
    others = {each.lower() for ours, theirs in told.items() if ours != name for each in theirs}
    guessed = (*settings.SMARTDIALOG_REPORT_NAMES.get(name, ()), *PARAMETER_ALIASES[name])
    names = (*told.get(name, ()), *(each for each in guessed if each.lower() not in others))
    return [each.lower() for each in names]


def _status(word: str, known: Quirks) -> DeliveryStatus:
    said = known.report_words.get(word)
    return DeliveryStatus(said) if said else _BY_WORD.get(word, DeliveryStatus.UNKNOWN)


def _first(values: dict[str, str], names: list[str]) -> str | None:
    return next((values[name] for name in names if name in values), None)
