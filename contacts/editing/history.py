"""What happened to a contact: what people did, and what imports brought."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import AuditEvent
from accounts.trail import timeline
from accounts.trail.timeline import FieldChange, TimelineEntry
from contacts.bulk import action_texts
from contacts.fields import label
from contacts.models import BulkPart, Contact, ImportRow, ImportState
from contacts.models.import_rows import SAVED_KINDS, RowKind
from contacts.text.phones import spellings

MAX_EVENTS = 50
_RENUMBERING = ["contact.updated", "contact.number_kept"]

_WORDS = {
    "contact.created": ("Added", "positive"),
    "contact.joined": ("Asked to join", "positive"),
    "contact.adopted": ("Taken over from SmartDialog", "positive"),
    "contact.found": ("Found at SmartDialog, and added", "positive"),
    "contact.updated": ("Changed", "neutral"),
    "contact.number_kept": ("The old number stays: SmartDialog did not take the new one", "negative"),
    "contact.spelling_taken": ("The number is written as SmartDialog has it", "neutral"),
    "contact.verified": ("Compared with SmartDialog", "neutral"),
    "contact.deleted": ("Deleted", "negative"),
    "contact.sent_again": ("Sent to SmartDialog again", "info"),
    "contact.met": ("Was at SmartDialog before, and was taken in", "warning"),
    "contact.decided": ("Said whether they get messages", "info"),
    "contact.opted_out": ("Opted out", "warning"),
    "contact.opted_in": ("Opt-out removed", "positive"),
}


def of_contact(contact: Contact) -> list[TimelineEntry]:
    """The newest first; four queries."""
    steps = [*_from_audit(contact), *_from_imports(contact), *_from_bulk_actions(contact)]
    return sorted(steps, key=lambda step: step.at or contact.created_at, reverse=True)[:MAX_EVENTS]


def earlier_numbers(contact: Contact) -> dict[str, datetime]:
    """Numbers that the contact had and has no more, each until when. One query."""
    changed = AuditEvent.objects.about(contact).filter(
        customer=contact.group.customer_id, verb="contact.updated", before__has_key="phone"
    )
    until = dict(changed.order_by("at", "pk").values_list("before__phone", "at"))
    return {phone: at for phone, at in until.items() if phone not in spellings(contact.phone)}


def _from_audit(contact: Contact) -> list[TimelineEntry]:
    return timeline.steps(contact, customer=contact.group.customer, words=_WORDS, changes=_differences)


def _from_imports(contact: Contact) -> list[TimelineEntry]:
    found = ImportRow.objects.filter(
        _by_its_numbers(contact), kind__in=SAVED_KINDS, job__group=contact.group, job__saved_at__isnull=False
    ).select_related("job__created_by", "job__undone_by")
    rows = list(found.order_by("-job", "line")[:MAX_EVENTS])
    taken_back = [row for row in rows if row.job.state == ImportState.UNDONE and not row.left_alone]
    return [*map(_by_import, rows), *map(_by_undo, taken_back)]


def _by_its_numbers(contact: Contact) -> Q:
    """Rows of the number that the contact had when each was saved."""
    renumbered = AuditEvent.objects.about(contact).filter(
        customer=contact.group.customer_id, verb__in=_RENUMBERING, before__has_key="phone"
    )
    rows = Q()
    since: dict[str, Any] = {}
    for number, until in renumbered.order_by("at", "pk").values_list("before__phone", "at"):
        rows |= Q(phone=number, job__saved_at__lt=until, **since)
        since = {"job__saved_at__gte": until}
    return rows | Q(phone=contact.phone, **since)


def _by_import(row: ImportRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.job.saved_at,
        who=str(row.job.created_by or "Somebody"),
        text=_brought(row),
        changes=[(label(target), old, new) for target, (old, new) in row.changes.items()],
    )


def _by_undo(row: ImportRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.job.undone_at,
        who=str(row.job.undone_by or "Somebody"),
        text=f"Import of {row.job.original_name} undone",
        changes=[(label(target), new, old) for target, (old, new) in row.changes.items()],
    )


def _from_bulk_actions(contact: Contact) -> list[TimelineEntry]:
    parts = BulkPart.objects.filter(
        group=contact.group, first__lte=contact.pk, last__gte=contact.pk, changes__has_key=str(contact.pk)
    ).select_related("action__created_by")
    return [
        TimelineEntry(
            at=part.action.begun_at or part.action.created_at,
            who=str(part.action.created_by or "Somebody"),
            text=action_texts.brought(part.action),
            changes=_by_bulk(part, contact),
        )
        for part in parts[:MAX_EVENTS]
    ]


def _by_bulk(part: BulkPart, contact: Contact) -> list[FieldChange]:
    options = part.action.options
    return [(options["name"], part.changes[str(contact.pk)], options["value"])] if "name" in options else []


def _brought(row: ImportRow) -> str:
    done = "Added" if row.kind == RowKind.NEW else "Changed"
    return f"{done} by importing {row.job.original_name}, row {row.line}"


def _differences(event: AuditEvent) -> list[FieldChange]:
    """What is new of somebody who was added is all in the sheet."""
    if event.verb in ("contact.created", "contact.found", "contact.deleted"):
        return []
    before, after = event.before or {}, event.after or {}
    said = [name for name in after if name != "why" and before.get(name) != after[name]]
    return [(label(name), _in_words(before.get(name)), _in_words(after[name])) for name in said]


def _in_words(value: object) -> object:
    return ("Yes" if value else "No") if isinstance(value, bool) else value
