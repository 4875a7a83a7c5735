"""What happened to a contact: what people did, and what imports brought."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from accounts.models import AuditEvent
from contacts.importing.columns import label
from contacts.importing.comparing import APPLIED, Kind
from contacts.models import Contact, ImportRow

MOST = 50

_WORDS = {
    "contact.created": "Added",
    "contact.updated": "Changed",
    "contact.deleted": "Deleted",
    "contact.sent_again": "Sent to SmartDialog again",
    "contact.opted_out": "Asked for no messages",
}


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    what: str
    changes: list[tuple[str, Any, Any]]  # label, old, new


def of_contact(contact: Contact) -> list[Entry]:
    """The newest first; two queries."""
    entries = [*_from_audit(contact), *_from_imports(contact)]
    return list(islice(sorted(entries, key=lambda entry: entry.at, reverse=True), MOST))


def _from_audit(contact: Contact) -> list[Entry]:
    events = AuditEvent.objects.about(contact).filter(customer=contact.group.customer)[:MOST]
    return [
        Entry(
            at=event.at,
            who=event.actor_name,
            what=_WORDS.get(event.verb, event.verb),
            changes=_differences(event) if event.verb != "contact.created" else [],
        )
        for event in events
    ]


def _from_imports(contact: Contact) -> list[Entry]:
    rows = ImportRow.objects.filter(
        phone=contact.phone, kind__in=APPLIED, job__group=contact.group, job__saved_at__isnull=False
    ).select_related("job__created_by")
    return [
        Entry(
            at=row.job.saved_at,
            who=str(row.job.created_by or "Somebody"),
            what=_brought(row),
            changes=[(label(target), old, new) for target, (old, new) in row.changes.items()],
        )
        for row in rows.order_by("-pk")[:MOST]
    ]


def _brought(row: ImportRow) -> str:
    done = "Added" if row.kind == Kind.NEW else "Changed"
    return f"{done} by importing {row.job.original_name}, row {row.line}"


def _differences(event: AuditEvent) -> list[tuple[str, Any, Any]]:
    before, after = event.before or {}, event.after or {}
    return [(label(name), before.get(name), after.get(name)) for name in after]
