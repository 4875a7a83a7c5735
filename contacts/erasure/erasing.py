"""Erase a person, here at once and at SmartDialog call by call, and keep what that was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.templatetags.ui import exact
from accounts.trail import audit
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.erasure.identity import former_numbers, person_of
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, holders
from contacts.models import ConsentSource, Contact, Erasure, OptOutRequest, Suppression
from contacts.models.contact import MAY_EXIST_REMOTELY
from contacts.models.erased_numbers import await_erasures, digest_of
from contacts.models.suppression import BY_THE_PERSON
from contacts.text.phones import spellings
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected


class AnotherNumber(UserError):
    text = "That is not the number that was erased. Nothing was changed."


@dataclass(frozen=True)
class HeldSection:
    """What one holder has of a person."""

    title: str
    fate: str
    rows: list[HeldRow]

    def in_words(self) -> list[list[tuple[str, str]]]:
        """The rows as people read them."""
        return [[(name, _in_words(value)) for name, value in row.items()] for row in self.rows]


def held_sections(person: DataSubject) -> list[HeldSection]:
    """Only what there is something of."""
    found = [HeldSection(holder.title, holder.fate, holder.held(person)) for holder in holders()]
    return [section for section in found if section.rows]


def calls_of(customers: Iterable[Customer], phone: str) -> int:
    """What erasing costs: one call for each group that SmartDialog knows the person in."""
    known = Contact.objects.filter(MAY_EXIST_REMOTELY, group__customer__in=customers)
    return known.filter(phone__in=spellings(phone)).count()


def erase(customers: Iterable[Customer], phone: str, *, by: User) -> list[Erasure]:
    """Of each of the customers, with the numbers that the person had there before; the newest number first.

    Raises NotConnected when SmartDialog has to be told and `by` cannot.
    """
    customers = list(customers)
    connection = Connection.objects.of(by)
    if connection is None and calls_of(customers, phone):
        raise NotConnected
    request = uuid4()
    with transaction.atomic():
        await_erasures(customers)
        for holder in holders():
            holder.hold(customers)
        people = [
            person_of(customer, number)
            for customer in customers
            for number in [phone, *former_numbers(customer, phone)]
        ]
        erasures = [_begin(person, by, request) for person in people]
        for person, erasure in zip(people, erasures, strict=True):
            for holder in holders():
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
        if sum(holder.tidy(person) for holder in holders()):
            return False
        held_now.update(phone="", subjects=[], finished_at=clock.now())
        live.announce(erasure.customer, "contacts")
    return True


def sweep() -> None:
    """Those whose calls are all taken. One that was refused waits for a person."""
    for erasure in Erasure.objects.unfinished().select_related("customer"):
        calls = outbox.progress_of(erasure.batch)
        if calls.is_over and not (calls.failed or calls.unknown):
            finish_erasure(erasure)


def allow_back(erasure: Erasure, *, by: User, phone: str = "") -> bool:
    """Let the person be added and imported again, by this number; False when somebody just did.

    `phone` is needed of somebody who wanted no messages, which holds on. Raises AnotherNumber.
    """
    with transaction.atomic():
        same = Erasure.objects.in_force().filter(customer=erasure.customer, digest=erasure.digest)
        if not same.update(lifted_at=clock.now()):
            return False
        if erasure.opted_out:
            _stop_again(erasure, phone, by)
        _record(erasure, "erasure.lifted", by)
    return True


def _stop_again(erasure: Erasure, phone: str, by: User) -> None:
    if erasure.digest not in [digest_of(erasure.customer, way) for way in spellings(phone)]:
        raise AnotherNumber
    source = ConsentSource(erasure.opted_out)
    if source == ConsentSource.MESSAGE:
        evidence = Evidence(source, place="us before they were erased")
    else:
        evidence = Evidence(source, words="Before they were erased", place="from before the erasure", by=by)
    opt_outs.opt_out(erasure.customer, phone, evidence)


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return exact(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _begin(person: DataSubject, by: User, request: UUID) -> Erasure:
    return Erasure.objects.create(
        customer=person.customer,
        request=request,
        digest=digest_of(person.customer, person.phone),
        ending=person.phone[-2:],
        phone=person.phone,
        subjects=person.subjects,
        opted_out=_stopped_by(person),
        held={section.title: len(section.rows) for section in held_sections(person)},
        asked_by=by,
    )


def _stopped_by(person: DataSubject) -> str:
    """Whose No it is; the person's own before all others, what may be one, too."""
    said = Suppression.objects.in_force().filter(customer=person.customer, phone__in=person.phones)
    sources = sorted(said.values_list("source", flat=True), key=lambda source: source not in BY_THE_PERSON)
    asked = OptOutRequest.objects.undecided().filter(customer=person.customer, phone__in=person.phones)
    return sources[0] if sources else ConsentSource.MESSAGE.value if asked.exists() else ""


def _record(erasure: Erasure, verb: str, by: User) -> None:
    audit.record(
        actor=by, customer=erasure.customer, verb=verb, subject=erasure, after={"held": erasure.held}
    )
