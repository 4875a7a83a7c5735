"""What the audit trail and the outbox say of a person, of contacts that are long gone, too."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent, keys_named
from contacts.erasure.registry import CallHolder, DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.words_holder import Place
from contacts.fields import NAMES, Values
from contacts.models import Contact
from contacts.sync import pushing
from gateway import outbox

ERASED = "Erased at the person’s request"
_BLANK: dict[str, Any] = {"subject_text": ERASED, "before": None, "after": None}
_TRAIL = Place(AuditEvent, "Entry", customer="customer", columns=" ".join(_BLANK), lone=" ".join(_BLANK))


@holds("contacts.gone")
class GoneContacts(Holder):
    """Deleted before the erasure: the holders of calls and of the trail find them by these subjects."""

    def subjects(self, person: DataSubject) -> Iterable[str]:
        """One that is here under another number is somebody's: it is found by that."""
        named = {subject for phone in person.phones for subject in _saying(person, phone)}
        keys = keys_named(Contact, named)
        here = set(Contact.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
        return sorted(name for name, key in keys.items() if key not in here)

    def held(self, person: DataSubject) -> list[HeldRow]:
        return []

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        """The other holders do, by these subjects."""


@holds("contacts.audit_trail")
class AuditTrailHolder(Holder):
    title = "Entries of the audit trail"
    fate = "Who did what and when stays; what it says of the person goes"
    covers = {"accounts.AuditEvent": "subject subject_text before after"}

    def known(self, person: DataSubject) -> Iterable[Values]:
        """As each contact was called in the end, and before that."""
        for subject in person.subjects:
            told: Values = {}
            for event in AuditEvent.objects.filter(customer=person.customer, subject=subject).order_by("pk"):
                yield told | _values(event.before)
                told |= _values(event.after)
                yield dict(told)

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"When": event.at, "Who": event.actor_name, "What": event.verb, **_told(event)}
            for event in (*_about(person), *(event for event, _ in _naming(person)))
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for event, left in _naming(person):
            AuditEvent.objects.filter(pk=event.pk).update(**left)
        _about(person).filter(subject__in=person.phones).update(subject=ERASED, **_BLANK)
        _about(person).update(**_BLANK)


@holds("contacts.contact_calls")
class ContactCalls(CallHolder):
    title = "Calls to SmartDialog that name the person"
    fate = "What they say of the person goes, when none of them is being made any more"
    covers = {outbox.CALLS: "payload"}

    def known(self, person: DataSubject) -> Iterable[Values]:
        for call in self.calls(person):
            for said in (call.payload, call.payload.get("contact")):
                yield _values(said)

    def calls(self, person: DataSubject) -> list[outbox.QueuedCall]:
        return outbox.calls_of(customer=person.customer, subjects=person.subjects)

    def tidy(self, person: DataSubject) -> int:
        """A refused deletion needs the number until a person has tried it again."""
        return outbox.forget(customer=person.customer, subjects=person.subjects, but=[pushing.DELETE])


@holds("contacts.calls_of_others")
class CallsOfOthers(CallHolder):
    """Those that are over: one that is still to be made says what it has to."""

    title = "Calls to SmartDialog for others that name the person"
    fate = "They stay, without what names the person"
    covers = {outbox.CALLS: "payload reason_params", "gateway.Call": "error"}
    comes_last = True

    def calls(self, person: DataSubject) -> list[outbox.QueuedCall]:
        found = outbox.calls_saying(person.customer, person.naming.may_be_in)
        others = (call for call in found if call.subject not in person.subjects)
        return [call for call in others if person.naming.found_in(call.payload)]

    def tidy(self, person: DataSubject) -> int:
        for call in self.calls(person):
            outbox.redact(call, person.naming.without(call.payload), cancel=False)
        outbox.forget_answers(person.customer, person.naming.may_be_in, person.naming.without)
        return 0


def _saying(person: DataSubject, phone: str) -> set[str]:
    """As the outbox and the trail name what says the number."""
    saying = Q(before__phone=phone) | Q(after__phone=phone)
    told = AuditEvent.objects.filter(saying, customer=person.customer).values_list("subject", flat=True)
    return set(told) | outbox.subjects_saying(person.customer, phone=phone, contact__phone=phone)


def _about(person: DataSubject) -> QuerySet[AuditEvent]:
    told = AuditEvent.objects.filter(customer=person.customer)
    return told.filter(subject__in=[*person.subjects, *person.phones]).exclude(subject_text=ERASED)


def _naming(person: DataSubject) -> list[tuple[AuditEvent, dict[str, Any]]]:
    """About something else, and saying who the person is, with what each is to say instead."""
    about = {*person.subjects, *person.phones}
    return [(event, left) for event, left in _TRAIL.naming(person) if event.subject not in about]


def _values(said: Any) -> Values:
    """Of what the trail or a call says of a contact."""
    if not isinstance(said, dict):
        return {}
    return {name: said[name] for name in NAMES if isinstance(said.get(name), str) and said[name]}


def _told(event: AuditEvent) -> HeldRow:
    return {name: value for name, value in (("Before", event.before), ("After", event.after)) if value}
