"""Erase a person, here at once and at SmartDialog call by call, and keep what that was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Customer, User
from accounts.templatetags.ui import exact
from contacts.erasure.registry import HOLDERS, DataSubject, ErasureOrder, HeldRow
from contacts.models import Contact, Erasure
from contacts.models.contact import MAY_EXIST_REMOTELY
from contacts.models.erased_numbers import digest_of
from gateway import live, outbox
from gateway.connections import NotConnected
from gateway.models import Connection


@dataclass(frozen=True)
class Section:
    """What one holder has of a person."""

    title: str
    fate: str
    rows: list[HeldRow]

    def in_words(self) -> list[list[tuple[str, str]]]:
        """The rows as people read them."""
        return [[(name, _in_words(value)) for name, value in row.items()] for row in self.rows]


def person_of(customer: Customer, phone: str) -> DataSubject:
    """With all that the trail and the outbox may name of theirs, as it stands now."""
    bare = DataSubject(customer, phone)
    return DataSubject(customer, phone, [name for holder in HOLDERS for name in holder.subjects(bare)])


def held_sections(person: DataSubject) -> list[Section]:
    """Only what there is something of."""
    found = [Section(holder.title, holder.fate, holder.held(person)) for holder in HOLDERS]
    return [section for section in found if section.rows]


def calls_of(customers: Iterable[Customer], phone: str) -> int:
    """What erasing costs: one call for each group that SmartDialog knows the person in."""
    return Contact.objects.filter(MAY_EXIST_REMOTELY, group__customer__in=customers, phone=phone).count()


def erase(customers: Iterable[Customer], phone: str, *, by: User) -> list[Erasure]:
    """Of each of the customers. Raises NotConnected when SmartDialog has to be told and `by` cannot."""
    customers = list(customers)
    connection = Connection.objects.of(by)
    if connection is None and calls_of(customers, phone):
        raise NotConnected
    request = uuid4()
    with transaction.atomic():
        erasures = [_begin(customer, phone, by, request) for customer in customers]
        for erasure in erasures:
            person = DataSubject(erasure.customer, phone, erasure.subjects)
            for holder in HOLDERS:
                holder.erase(person, ErasureOrder(erasure, by, connection))
            _record(erasure, "person.erased", by)
    for erasure in erasures:
        finish_erasure(erasure)
    return erasures


def finish_erasure(erasure: Erasure) -> bool:
    """Erase what a call has needed until now; whether nothing remains."""
    with transaction.atomic():
        held_now = Erasure.objects.unfinished().filter(pk=erasure.pk)
        if not held_now.update(ending=erasure.ending):
            return True
        person = DataSubject(erasure.customer, erasure.phone, erasure.subjects)
        if sum(holder.tidy(person) for holder in HOLDERS):
            return False
        held_now.update(phone="", subjects=[], finished_at=timezone.now())
        live.announce(erasure.customer, "contacts")
    return True


def sweep() -> None:
    """Those whose calls are all taken. One that was refused waits for a person."""
    for erasure in Erasure.objects.unfinished().select_related("customer"):
        calls = outbox.progress_of(erasure.batch)
        if calls.is_over and not (calls.failed or calls.unknown):
            finish_erasure(erasure)


def allow_back(erasure: Erasure, *, by: User) -> bool:
    """Let the person be added and imported again; False when somebody just did."""
    with transaction.atomic():
        same = Erasure.objects.in_force().filter(customer=erasure.customer, digest=erasure.digest)
        if not same.update(lifted_at=timezone.now()):
            return False
        _record(erasure, "erasure.lifted", by)
    return True


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return exact(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _begin(customer: Customer, phone: str, by: User, request: UUID) -> Erasure:
    person = person_of(customer, phone)
    return Erasure.objects.create(
        customer=customer,
        request=request,
        digest=digest_of(customer, phone),
        ending=phone[-2:],
        phone=phone,
        subjects=person.subjects,
        held={section.title: len(section.rows) for section in held_sections(person)},
        asked_by=by,
    )


def _record(erasure: Erasure, verb: str, by: User) -> None:
    audit.record(
        actor=by, customer=erasure.customer, verb=verb, subject=erasure, after={"held": erasure.held}
    )
