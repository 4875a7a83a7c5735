"""Ask SmartDialog for a number that a group does not have here, and adopt what it has: one call."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.trail import audit
from contacts.errors import EditConflict
from contacts.fields import label
from contacts.models import Contact, Lookup, LookupState, Suppression, SyncState
from contacts.models.erased_numbers import await_erasures, erased_among
from contacts.sync.answers import OTHER_NUMBER, ContactReader, ask_next_spelling, is_about_it, spelling_asked
from contacts.sync.remote_diff import storable
from contacts.sync.remote_merge import keep_no, newcomer, values_there
from contacts.text.phones import spellings
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Lane, Service
from gateway.outbox import QueuedCall, handles
from gateway.sign_in import connections
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import RemoteContact
from gateway.workers.retention import keeps
from gateway.workers.wake_up import wake_on_commit

FIND = "contact.find"
ERASED = "This person asked to be erased, and was. Nothing is taken over from SmartDialog."
BEING_DELETED = "This number is still being deleted at SmartDialog. Look it up again when that is done."
TAKEN = "Somebody added this number meanwhile. Nothing was taken over."


def start_lookup(
    group: Service,
    *,
    phone: str,
    by: User,
    typed: dict[str, Any] | None = None,
    lane: Lane = Lane.INTERACTIVE,
) -> Lookup:
    """Queue the call, if none is on its way already. Raises NotConnected, or EditConflict.

    `typed`: what else the form holds, to go on with when SmartDialog does not have the number.
    """
    connection = connections.for_user(by)
    _refuse(group, phone)
    with transaction.atomic():
        lookup, is_asking = _asking(group, phone, by, typed or {})
        if is_asking:
            outbox.supersede(subject=lookup)
            outbox.add(
                connection=connection,
                customer=group.customer,
                kind=FIND,
                payload=_payload(lookup),
                lane=lane,
                subject=lookup,
                by=by,
            )
    return lookup


def _asking(group: Service, phone: str, by: User, typed: dict[str, Any]) -> tuple[Lookup, bool]:
    """The row, and whether it is asked anew: not while its call is on its way."""
    kept = {"asked_by": by, "typed": typed}
    lookup, is_new = Lookup.objects.get_or_create(group=group, phone=phone, defaults=kept)
    lookup.group = group  # and its customer
    if is_new:
        return lookup, True
    if not typed and lookup.asked_by == by:
        kept["typed"] = lookup.typed  # tried again
    answered = Lookup.objects.filter(pk=lookup.pk).exclude(state=LookupState.ASKING)
    blank: dict[str, Any] = {"found": {}, "active": None, "error": "", "takes_in": False}
    fresh = {"state": LookupState.ASKING, **blank, "asked_at": clock.now()}
    return lookup, bool(answered.update(**kept, **fresh))


def _payload(lookup: Lookup) -> dict[str, Any]:
    return {
        "lookup": lookup.pk,
        "customer": lookup.group.customer.remote_id,
        "group": lookup.group.remote_id,
        "phone": lookup.phone,
    }


def adopt(lookup: Lookup, *, by: User) -> Contact:
    """Save what SmartDialog has as a contact of the group; no call. Raises EditConflict.

    Where SmartDialog does not say whether they get messages, a person does. If they asked us for none, the
    sweep tells SmartDialog so.
    """
    if lookup.state != LookupState.FOUND:
        raise EditConflict("SmartDialog was not found to have this number. Look it up again.")
    group, phone = lookup.group, lookup.phone
    contact = newcomer(group, phone, lookup.found, active=lookup.active)
    try:
        with transaction.atomic():
            await_erasures([group.customer])
            _refuse(group, phone)
            contact.save()
            if lookup.active is False:
                keep_no(contact)
            if is_suppressed(lookup):
                wake_on_commit("contacts.tasks.sweep_opt_outs")
            after = {**contact.values(), "active": contact.active}
            audit.record(
                actor=by, customer=group.customer, verb="contact.found", subject=contact, after=after
            )
            live.announce(group.customer, "contacts")
            _keep_or_forget(lookup)
    except IntegrityError as error:
        raise EditConflict(TAKEN) from error
    return contact


def start_lookups(group: Service, *, phones: Iterable[str], by: User) -> int:
    """Look each up, and take in who is there; how many calls that is. Raises NotConnected."""
    written = {phone: spellings(phone) for phone in phones}
    all_written = [each for some in written.values() for each in some]
    there = Contact.objects.filter(group=group, phone__in=all_written)
    known = {*there.values_list("phone", flat=True), *erased_among(group.customer, all_written)}
    asked = [phone for phone, some in written.items() if known.isdisjoint(some)]
    with transaction.atomic():
        for phone in asked:
            lookup = start_lookup(group, phone=phone, by=by, lane=Lane.BULK)
            Lookup.objects.filter(pk=lookup.pk).update(takes_in=True)
    return len(asked)


def _keep_or_forget(lookup: Lookup) -> None:
    """Of a list that was looked up, who was taken in is counted; what they had is in the contact."""
    if lookup.takes_in:
        Lookup.objects.filter(pk=lookup.pk).update(state=LookupState.TAKEN, found={})
    else:
        lookup.delete()


def is_suppressed(lookup: Lookup) -> bool:
    """Whether the number asked the customer for no messages."""
    return Suppression.objects.stopping(lookup.group.customer, lookup.phone).exists()


def found_fields(found: dict[str, str]) -> list[tuple[str, str, bool]]:
    """What each field is called, what SmartDialog has, and whether it can be kept."""
    kept = storable(found)
    return [(label(target), text, target in kept) for target, text in found.items()]


@keeps("lookups")
def prune(before: datetime) -> None:
    """What nobody adopted is not kept."""
    Lookup.objects.filter(asked_at__lt=before).delete()


@handles(FIND)
class FindContact(ContactReader):
    def done(self, call: QueuedCall, result: RemoteContact) -> None:
        if not is_about_it(call, result):
            _settle(call, state=LookupState.FAILED, error=OTHER_NUMBER)
            return
        spelling = spelling_asked(call)
        _drop_double(call, spelling)
        found = values_there(result)
        _settle(call, state=LookupState.FOUND, phone=spelling, found=found, active=result.active)
        lookup = Lookup.objects.select_related("group__customer", "asked_by")
        asked = lookup.filter(pk=call.payload["lookup"], takes_in=True).first()
        if asked and asked.asked_by:
            _take_in(asked, asked.asked_by)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """That it is not there is an answer, too."""
        if error.status != 404:
            _settle(call, state=LookupState.FAILED, error=error.text[:500])
        elif not ask_next_spelling(call):
            outbox.close(call)
            _settle(call, state=LookupState.ABSENT)


def _drop_double(call: QueuedCall, spelling: str) -> None:
    """Another look-up of the same person, by the spelling that SmartDialog has."""
    asked = Lookup.objects.filter(pk=call.payload["lookup"]).values("group")
    Lookup.objects.filter(group__in=asked, phone=spelling).exclude(pk=call.payload["lookup"]).delete()


def _settle(call: QueuedCall, **outcome: Any) -> None:
    lookup = Lookup.objects.filter(pk=call.payload["lookup"]).select_related("group__customer").first()
    if lookup:
        Lookup.objects.filter(pk=lookup.pk).update(**outcome)
        live.announce(lookup.group.customer, lookup.topic)


def _take_in(lookup: Lookup, by: User) -> None:
    try:
        adopt(lookup, by=by)
    except EditConflict as conflict:
        Lookup.objects.filter(pk=lookup.pk).update(state=LookupState.FAILED, error=conflict.text[:500])


def _refuse(group: Service, phone: str) -> None:
    """Neither somebody who was erased, nor somebody who is here, comes in this way, in whatever spelling."""
    written = spellings(phone)
    if erased_among(group.customer, written):
        raise EditConflict(ERASED)
    here = Contact.objects.filter(group=group, phone__in=written).first()
    if here:
        raise EditConflict(BEING_DELETED if here.sync_state == SyncState.DELETING else TAKEN)
