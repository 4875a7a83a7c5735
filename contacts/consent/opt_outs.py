"""Opting numbers out of all that a customer sends, and back in; wherever that was said.

The record is what counts: no contact is needed for it, and none that comes later gets messages. Contacts
follow it at once where they are few, and by the sweep where they are many.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.db.array_param import Listed
from accounts.models import Customer, User
from accounts.trail import audit
from contacts.consent import opt_out_requests, propagation
from contacts.models import (
    ConsentSource,
    Import,
    NumberList,
    OptOutDecision,
    OptOutRequest,
    Suppression,
)
from contacts.models.suppression import MAX_WORDS_LENGTH, SuppressionQuerySet
from contacts.text.phones import SPELT_IN_SEVERAL_WAYS, spellings
from gateway import clock
from gateway.workers.wake_up import wake_on_commit

AT_ONCE = 100  # numbers whose contacts follow before an answer
CHUNK = 500


@dataclass(frozen=True)
class Evidence:
    """Who said it, in what words and where; `dated`: when, if staff say it for somebody."""

    source: ConsentSource
    words: str = ""
    place: str = ""
    by: User | None = None
    dated: date | None = None


@transaction.atomic
def opt_out(customer: Customer, phone: str, evidence: Evidence) -> int:
    """How many contacts were stopped."""
    keep(customer, [phone], evidence)
    return propagation.stop(customer, spellings(phone), by=evidence.by)


@transaction.atomic
def opt_out_many(
    customer: Customer, phones: Collection[str], evidence: Evidence, number_list: NumberList | None = None
) -> int:
    """How many numbers are new to the record of this source, or of the list."""
    kept = keep(customer, phones, evidence, number_list)
    propagation.stop(customer, _in_every_spelling(list(phones)[:AT_ONCE]), by=evidence.by)
    if len(phones) > AT_ONCE:
        wake_on_commit("contacts.tasks.sweep_opt_outs")
    return kept


def keep(
    customer: Customer, phones: Iterable[str], evidence: Evidence, number_list: NumberList | None = None
) -> int:
    """The record alone, in the caller's transaction, of every spelling; how many numbers are new to it.

    What a list says is kept beside what others say, so that it can be taken back without that.
    """
    unique = list(dict.fromkeys(phones))
    said = _in_force(customer, unique).filter(source=evidence.source, number_list=number_list)
    known = set(said.values_list("phone", flat=True))
    new = [phone for phone in unique if phone not in known]
    since = clock.now()
    rows = [
        Suppression(
            customer=customer,
            phone=spelling,
            since=since,
            source=evidence.source,
            words=evidence.words[:MAX_WORDS_LENGTH],
            place=evidence.place[:200],
            by=evidence.by,
            number_list=number_list,
            other_spelling=spelling != phone,
        )
        for phone in new
        for spelling in spellings(phone)
    ]
    Suppression.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    for some in _chunks(_in_every_spelling(unique)):
        opt_out_requests.close(customer, some, OptOutDecision.OPTED_OUT, by=evidence.by)
    _record(customer, new, "number.opted_out", evidence)
    return len(new)


def spell_out(job: Import, since: datetime) -> None:
    """What a chunk of a file opted out holds in every spelling; the sweep stops those."""
    kept = Suppression.objects.in_force().as_said().filter(job=job, since=since)
    several = kept.filter(phone__regex=rf"^\+({'|'.join(SPELT_IN_SEVERAL_WAYS)})")
    others = []
    for opt_out in several.iterator(chunk_size=CHUNK):
        for spelling in spellings(opt_out.phone)[1:]:
            opt_out.pk, opt_out.phone, opt_out.other_spelling = None, spelling, True
            others.append(copy(opt_out))
    Suppression.objects.bulk_create(others, batch_size=CHUNK, ignore_conflicts=True)


@transaction.atomic
def lift(
    customer: Customer,
    phones: Collection[str],
    evidence: Evidence,
    *,
    of: Collection[ConsentSource] = tuple(ConsentSource),
) -> int:
    """End the opt-outs by these sources, in the record alone; of how many numbers."""
    found = _in_force(customer, _in_every_spelling(phones)).filter(source__in=of)
    ended = set(found.as_said().values_list("phone", flat=True))
    _end(found, evidence)
    _record(customer, sorted(ended), "number.opted_in", evidence)
    return len(ended)


def lift_job(job: Import, evidence: Evidence) -> list[str]:
    """End the opt-outs that came by a file, in the record alone; the numbers, sorted."""
    found = Suppression.objects.in_force().filter(job=job)
    phones = sorted(found.values_list("phone", flat=True))
    _end(found, evidence)
    return phones


def lift_list(number_list: NumberList, evidence: Evidence) -> list[str]:
    """The same of a list, and the trail says it of each number."""
    found = Suppression.objects.in_force().filter(number_list=number_list)
    ended = sorted(found.as_said().values_list("phone", flat=True))
    phones = sorted(found.values_list("phone", flat=True))
    _end(found, evidence)
    _record(number_list.customer, ended, "number.opted_in", evidence)
    return phones


@transaction.atomic
def allow(customer: Customer, phone: str, evidence: Evidence, **of: Any) -> int:
    """Lift, and let the contacts follow; how many get messages again."""
    if not lift(customer, [phone], evidence, **of) or stopped_among(customer, spellings(phone)):
        return 0
    return propagation.allow(customer, spellings(phone), by=evidence.by)


@transaction.atomic
def decide(request: OptOutRequest, decision: OptOutDecision, *, by: User) -> bool:
    """What a person makes of words that came close to an opt-out; False when somebody just did."""
    if request.unreadable and decision == OptOutDecision.OPTED_OUT:
        raise ValueError("Say which number it is: opt_out_named.")
    if not opt_out_requests.close(request.customer, spellings(request.phone), decision, by=by):
        return False
    if decision == OptOutDecision.OPTED_OUT:
        opt_out(request.customer, request.phone, _evidence_of(request, by))
    return True


@transaction.atomic
def opt_out_named(request: OptOutRequest, phone: str, *, by: User) -> bool:
    """A person says that they opted out, and which number it is; False when somebody just decided."""
    if not opt_out_requests.name_number(request, phone, by=by):
        return False
    opt_out(request.customer, phone, _evidence_of(request, by))
    return True


def stopped_among(customer: Customer, phones: Collection[str]) -> set[str]:
    return set(_in_force(customer, phones).values_list("phone", flat=True))


def _evidence_of(request: OptOutRequest, by: User) -> Evidence:
    return Evidence(ConsentSource.MESSAGE, words=request.words, place=request.place, by=by)


def _end(found: SuppressionQuerySet, evidence: Evidence) -> None:
    found.update(
        lifted_at=clock.now(),
        lift_source=evidence.source,
        lift_words=evidence.words[:MAX_WORDS_LENGTH],
        lift_place=evidence.place[:200],
        lift_dated=evidence.dated,
        lifted_by=evidence.by,
    )


def _in_force(customer: Customer, phones: Collection[str]) -> SuppressionQuerySet:
    return Suppression.objects.in_force().filter(customer=customer, phone__in=Listed(phones))


def _in_every_spelling(phones: Iterable[str]) -> list[str]:
    return [spelling for phone in phones for spelling in spellings(phone)]


def _chunks(phones: Sequence[str]) -> Iterator[Sequence[str]]:
    """SQLite takes so many values in a question."""
    return (phones[start : start + CHUNK] for start in range(0, len(phones), CHUNK))


def _record(customer: Customer, phones: Iterable[str], verb: str, evidence: Evidence) -> None:
    said = {"source": evidence.source.value, "words": evidence.words, "place": evidence.place}
    after = {name: value for name, value in said.items() if value}
    audit.record_each(phones, actor=evidence.by, customer=customer, verb=verb, after=after)
