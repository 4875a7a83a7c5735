"""What contacts, imports, the audit trail and the outbox hold of a person."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import AuditEvent, subject_key
from contacts.erasure.registry import (
    CallHolder,
    DataSubject,
    ErasureOrder,
    HeldRow,
    Holder,
    holds,
)
from contacts.fields import NAMES, PERSONAL, label
from contacts.models import BulkPart, Contact, Import, ImportRow, Lookup, Suppression, SyncState
from contacts.models.contact import ContactQuerySet
from contacts.sync import pushing
from contacts.text.phones import InvalidPhone, spellings, to_e164
from gateway import outbox

ERASED = "Erased at the person’s request"


@holds("contacts.bulk_change")
class BulkChangeHolder(Holder):
    """Before the contacts, by whose keys it finds them."""

    title = "Changes made to many contacts at once"
    fate = "What was done stays; that it was done to the person goes"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Action": str(part.action), "When": part.action.created_at, "Before": old}
            for part, key in _parts(person)
            if (old := part.changes[key])
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for part, key in _parts(person):
            del part.changes[key]
            part.save(update_fields=["changes"])


@holds("contacts.contact")
class ContactHolder(Holder):
    title = "Contacts"
    fate = "Deleted here, and at SmartDialog by one call for each group"

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return [subject_key(contact) for contact in _contacts(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [_contact(contact) for contact in _contacts(person).select_related("group")]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        """Emptied at once; the row with its number goes when SmartDialog has deleted it."""
        contacts = list(_contacts(person).select_related("group__customer", "backlog"))
        for contact in contacts:
            outbox.cancel_waiting(subject=contact)
            pushing.remove_from_backlog(contact)
            _empty(contact)
        known = [each for each in contacts if each.may_exist_remotely or outbox.is_underway(subject=each)]
        if order.connection:
            pushing.push_deletions(known, connection=order.connection, by=order.by, batch=order.erasure.batch)
        _contacts(person).exclude(pk__in=[contact.pk for contact in known]).delete()

    def tidy(self, person: DataSubject) -> int:
        """What was refused and taken at another try is gone as well."""
        for contact in _contacts(person).filter(known_remotely=False):
            if not outbox.is_underway(subject=contact):
                contact.delete()
        return _contacts(person).count()


@holds("contacts.lookup")
class LookupHolder(Holder):
    title = "Numbers looked up at SmartDialog"

    def subjects(self, person: DataSubject) -> Iterable[str]:
        return [subject_key(lookup) for lookup in _lookups(person)]

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {
                "Group": lookup.group.name,
                "When": lookup.asked_at,
                **{label(target): text for target, text in lookup.found.items()},
                **_typed(lookup),
            }
            for lookup in _lookups(person).select_related("group")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for lookup in _lookups(person):
            outbox.cancel_waiting(subject=lookup)
            lookup.delete()


@holds("contacts.import_row")
class ImportRowHolder(Holder):
    title = "Rows of imported files"

    def held(self, person: DataSubject) -> list[HeldRow]:
        rows = _import_rows(person).select_related("job__group").order_by("job", "line")
        return [
            {
                "File": row.job.original_name,
                "Group": row.job.group.name,
                "Row": row.line,
                **{label(target): value for target, value in row.values.items()},
            }
            for row in rows
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        lines = set(_import_rows(person).values_list("job", "line"))
        _import_rows(person).delete()
        for job in Import.objects.of_customer(person.customer).exclude(samples=[], mends={}).iterator():
            samples = [cells for cells in job.samples if not _is_of(person, cells, job.regions)]
            mends = {
                line: texts
                for line, texts in job.mends.items()
                if (job.pk, int(line)) not in lines and not _is_of(person, texts.values(), job.regions)
            }
            questions = [question | {"words": _without_examples(question)} for question in job.questions]
            if (samples, mends, questions) != (job.samples, job.mends, job.questions):
                Import.objects.filter(pk=job.pk).update(samples=samples, mends=mends, questions=questions)


@holds("contacts.suppression")
class SuppressionHolder(Holder):
    title = "Record of consent"
    fate = "Deleted; the hash that is kept has the same effect on imports"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Since": each.since, "Why": each.reason, **_lifting(each)}
            for each in _suppressions(person).filter(other_spelling=False).select_related("by", "lifted_by")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _suppressions(person).delete()


@holds("contacts.audit_trail")
class AuditTrailHolder(Holder):
    title = "Entries of the audit trail"
    fate = "Who did what and when stays; what it says of the person goes"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"When": event.at, "Who": event.actor_name, "What": event.verb, **_told(event)}
            for event in _events(person)
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _events(person).update(subject_text=ERASED, before=None, after=None)
        AuditEvent.objects.filter(customer=person.customer, subject=person.phone).update(subject=ERASED)


@holds("contacts.contact_calls")
class ContactCalls(CallHolder):
    title = "Calls to SmartDialog that name the person"
    fate = "What they say of the person goes, when none of them is being made any more"

    def calls(self, person: DataSubject) -> list[outbox.QueuedCall]:
        return outbox.calls_of(customer=person.customer, subjects=person.subjects)

    def tidy(self, person: DataSubject) -> int:
        """A refused deletion needs the number until a person has tried it again."""
        return outbox.forget(customer=person.customer, subjects=person.subjects, but=[pushing.DELETE])


def _parts(person: DataSubject) -> Iterator[tuple[BulkPart, str]]:
    """Those that changed a contact of the person, and its key in them."""
    for contact in _contacts(person):
        key = str(contact.pk)
        parts = BulkPart.objects.filter(group=contact.group_id, first__lte=contact.pk, last__gte=contact.pk)
        yield from ((part, key) for part in parts.filter(changes__has_key=key).select_related("action"))


def _contacts(person: DataSubject) -> ContactQuerySet:
    return Contact.objects.of_customer(person.customer).filter(phone=person.phone)


def _contact(contact: Contact) -> HeldRow:
    return {
        "Group": contact.group.name,
        **{label(target): value for target, value in contact.values().items()},
        "Gets messages": "Yes" if contact.active else "No",
        "At SmartDialog": contact.get_sync_state_display(),
        "Added": contact.created_at,
        "Changed": contact.updated_at,
    }


def _empty(contact: Contact) -> None:
    blank: dict[str, Any] = {
        **PERSONAL,
        "properties": {},
        "name_key": "",
        "search_text": "",
        "sync_error": "",
        "met": None,
        "found_remotely": None,
        "last_import": None,
        "sync_state": SyncState.DELETING,
    }
    Contact.objects.filter(pk=contact.pk).update(**blank, revision=F("revision") + 1)
    contact.refresh_from_db(fields=[*blank, "revision"])


def _typed(lookup: Lookup) -> HeldRow:
    """What the form held beside the number, as ContactForm kept it."""
    fields = {label(target): text for target, text in lookup.typed.items() if target in NAMES}
    return {
        f"{name}, as typed": text for name, text in [*fields.items(), *lookup.typed.get("properties", [])]
    }


def _lookups(person: DataSubject) -> QuerySet[Lookup]:
    return Lookup.objects.of_customer(person.customer).filter(phone=person.phone)


def _import_rows(person: DataSubject) -> QuerySet[ImportRow]:
    """Of those that could be read."""
    return ImportRow.objects.of_customer(person.customer).filter(phone=person.phone)


def _without_examples(question: dict[str, str]) -> str:
    """Words of a file, which may be anybody's name, stand after a colon."""
    before, colon, _ = question["words"].partition(":")
    return f"{before}." if colon and question["about"] == "encoding" else question["words"]


def _is_of(person: DataSubject, cells: Iterable[str], regions: list[str]) -> bool:
    return any(_number(cell, regions) == person.phone for cell in cells)


def _number(cell: str, regions: list[str]) -> str:
    try:
        return to_e164(cell, regions)
    except InvalidPhone:
        return ""


def _suppressions(person: DataSubject) -> QuerySet[Suppression]:
    """In whatever spelling: an opt-out is kept for each."""
    return Suppression.objects.of_customer(person.customer).filter(phone__in=spellings(person.phone))


def _lifting(suppression: Suppression) -> HeldRow:
    if suppression.lifted_at is None:
        return {}
    return {"Removed": suppression.lifted_at, "Why it was removed": suppression.lift_reason}


def _events(person: DataSubject) -> QuerySet[AuditEvent]:
    """By what they are about, and those that name the number, of contacts long deleted, too."""
    about = Q(subject__in=[*person.subjects, person.phone])
    naming = (
        Q(subject_text__regex=person.naming) | Q(before__phone=person.phone) | Q(after__phone=person.phone)
    )
    return AuditEvent.objects.of_customer(person.customer).filter(about | naming)


def _told(event: AuditEvent) -> HeldRow:
    return {name: value for name, value in (("Before", event.before), ("After", event.after)) if value}
