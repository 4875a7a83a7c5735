"""What happened to one thing, as its page tells it, from the audit trail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import AuditEvent, Customer

MAX_EVENTS = 50
# What a page says of a verb, and its tone; the others it passes over.
VerbLabels = Mapping[str, tuple[str, str]]
FieldChange = tuple[str, Any, Any]  # what it is called, as it was, as it is


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened, or, with `is_next`, is yet to come. `note` says more, such as why."""

    text: str
    at: datetime | None
    who: str = ""
    tone: str = "neutral"
    note: str = ""
    is_next: bool = False
    changes: Sequence[FieldChange] = ()


def steps(
    subject: models.Model,
    *,
    customer: Customer,
    words: VerbLabels,
    changes: Callable[[AuditEvent], Sequence[FieldChange]] = lambda _: (),
) -> list[TimelineEntry]:
    """The latest events that have words, oldest first; one query."""
    events = AuditEvent.objects.about(subject).filter(customer=customer, verb__in=words)[:MAX_EVENTS]
    return [_step(event, words, changes(event)) for event in reversed(events)]


def _step(event: AuditEvent, words: VerbLabels, changes: Sequence[FieldChange]) -> TimelineEntry:
    text, tone = words[event.verb]
    who = event.actor_name if event.actor_id else ""  # by the key: a name proves nothing
    why = str((event.after or {}).get("why", ""))
    return TimelineEntry(text, event.at, who, tone, why, changes=changes)
