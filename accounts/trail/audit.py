"""The audit trail: every change says who, what, when, before and after."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import AuditEvent, Customer, User, subject_key
from accounts.templatetags.ui import exact

SYSTEM_ACTOR = "SmartDialog Admin"  # the dashboard itself, in place of a person's name

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

_encoder = DjangoJSONEncoder()


def record(
    *,
    actor: User | None,
    customer: Customer | None,
    verb: str,
    subject: models.Model | str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add an event in the transaction of the change. An actor of None is the dashboard itself."""
    event = _event(actor=actor, customer=customer, verb=verb, subject=subject, before=before, after=after)
    event.save(force_insert=True)
    return event


def record_each(
    subjects: Iterable[str],
    *,
    actor: User | None,
    customer: Customer | None,
    verb: str,
    after: dict[str, Any] | None = None,
) -> None:
    """An event for each of many of which the same is to be said."""
    same: dict[str, Any] = {"actor": actor, "customer": customer, "verb": verb, "after": after}
    events = [_event(subject=subject, before=None, **same) for subject in subjects]
    AuditEvent.objects.bulk_create(events, batch_size=500)


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the fields that differ, as they were and as they are."""
    changed = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in changed}, {key: after[key] for key in changed}


def describe_changes(event: AuditEvent) -> list[tuple[str, str, str]]:
    """What it says of each field: its name, as it was, as it is; "" for what it does not say."""
    before, after = event.before or {}, event.after or {}
    changes = (
        (name, _display_value(before.get(name)), _display_value(after.get(name)))
        for name in {**before, **after}
    )
    return [(_display_name(name), old, new) for name, old, new in changes if old or new]


def _event(
    *,
    actor: User | None,
    customer: Customer | None,
    verb: str,
    subject: models.Model | str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> AuditEvent:
    return AuditEvent(
        actor=actor,
        actor_name=str(actor) if actor else SYSTEM_ACTOR,
        customer=customer,
        verb=verb,
        subject=subject if isinstance(subject, str) else subject_key(subject),
        subject_text=str(subject)[:200],
        before=_plain(before),
        after=_plain(after),
    )


def _display_name(field: str) -> str:
    """left_alone -> left alone, property:Level -> Level."""
    return field.removeprefix("property:").replace("_", " ")


def _display_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if abs(value) < 10_000 else f"{value:,}"  # as a year is, too
    if isinstance(value, dict):
        return ", ".join(f"{_display_name(name)}: {_display_value(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_display_value, value))
    return _display_text(str(value or ""))


def _display_text(text: str) -> str:
    """2026-12-01T12:00:00Z -> Tue 1 Dec 2026 14:00 Helsinki."""
    if not _MOMENT.fullmatch(text):
        return text
    try:
        return exact(datetime.fromisoformat(text))
    except ValueError:  # somebody wrote what only looks like a time
        return text


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {key: _json_value(value) for key, value in values.items()}


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return _encoder.default(value) if hasattr(value, "isoformat") else str(value)
