"""Contacts follow the record of consent, here and at SmartDialog, in every group that has the number."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Customer, Role, User
from accounts.trail import audit
from contacts.models import Contact, NumberList, Suppression
from contacts.models.contact import BeforeOptOut, ContactQuerySet
from contacts.sync import pushing, remote_merge
from gateway.live_updates import live
from gateway.models import Connection, ConnectionState, Lane

INTERACTIVE_UP_TO = 10  # contacts whose calls go before those that many wait for
SWEEP = 200  # numbers in a transaction
_TO_BE_STOPPED = Q(active=True) | Q(undecided=True)  # SmartDialog may have the undecided as active


def stop(customer: Customer, phones: Collection[str], *, by: User | None) -> int:
    """Nobody with these numbers is active any more, nor undecided; how many were."""
    return _switch(_of(customer, phones).filter(_TO_BE_STOPPED), customer, active=False, by=by)


def allow(customer: Customer, phones: Collection[str], *, by: User | None) -> int:
    """Those whom nothing stops any more get messages again; how many."""
    return _switch(_of(customer, phones).filter(active=False), customer, active=True, by=by)


def release(customer: Customer, phones: Collection[str], *, by: User | None) -> int:
    """Those whom nothing stops any more are what they were before an opt-out; how many get messages again."""
    stopped = _of(customer, phones).filter(active=False).exclude(before_opt_out="")
    list(stopped.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    kept = Suppression.objects.in_force().filter(customer=customer, phone__in=phones)
    free = set(phones) - set(kept.values_list("phone", flat=True))
    _ask_again(_of(customer, free).filter(before_opt_out=BeforeOptOut.UNDECIDED), customer, by=by)
    return _switch(
        _of(customer, free).filter(before_opt_out=BeforeOptOut.ACTIVE), customer, active=True, by=by
    )


def sweep() -> None:
    """Who is opted out and still active: after a list of many, or somebody who was added at that moment.

    And whom a list of many stops no more.
    """
    for number_list in NumberList.objects.filter(settled=False).select_related("customer", "undone_by"):
        _settle(number_list)
    for customer in Customer.objects.filter(Exists(_unsettled(OuterRef("pk")))):
        while phones := list(_unsettled(customer.pk).values_list("phone", flat=True)[:SWEEP]):
            with transaction.atomic():
                if not stop(customer, set(phones), by=None):
                    break


def _settle(number_list: NumberList) -> None:
    phones = list(number_list.opt_outs.order_by("phone").values_list("phone", flat=True))
    for start in range(0, len(phones), SWEEP):
        with transaction.atomic():
            release(number_list.customer, phones[start : start + SWEEP], by=number_list.undone_by)
    NumberList.objects.filter(pk=number_list.pk).update(settled=True)


def _unsettled(customer: int | OuterRef) -> QuerySet[Suppression]:
    here = Contact.objects.present().filter(group__customer=OuterRef("customer"), phone=OuterRef("phone"))
    return Suppression.objects.in_force().filter(Exists(here.filter(_TO_BE_STOPPED)), customer=customer)


def _of(customer: Customer, phones: Collection[str]) -> ContactQuerySet:
    return Contact.objects.present().filter(group__customer=customer, phone__in=phones)


def _switch(found: ContactQuerySet, customer: Customer, *, active: bool, by: User | None) -> int:
    contacts = list(found.select_related("group__customer").select_for_update(of=("self",)).order_by("pk"))
    connection = carrier(customer, by) if contacts else None
    lane = Lane.INTERACTIVE if len(contacts) <= INTERACTIVE_UP_TO else Lane.BULK
    for contact in contacts:
        before = {"active": None if contact.undecided else contact.active}
        was = BeforeOptOut.UNDECIDED if contact.undecided else BeforeOptOut.ACTIVE
        contact.active, contact.undecided = active, False  # the record decides about whoever was undecided
        contact.before_opt_out = was.value
        contact.touch()
        contact.save()
        if connection is not None:
            pushing.push(contact, connection=connection, by=by, lane=lane)
        verb = "contact.opted_in" if active else "contact.opted_out"
        after = {"active": active}
        audit.record(actor=by, customer=customer, verb=verb, subject=contact, before=before, after=after)
    if contacts:
        live.announce(customer, "contacts")
    return len(contacts)


def _ask_again(found: ContactQuerySet, customer: Customer, *, by: User | None) -> None:
    for contact in found.select_related("group__customer"):
        contact.before_opt_out = ""
        contact.touch()
        for name, value in remote_merge.TO_BE_DECIDED.items():
            setattr(contact, name, value)
        contact.save()
        pushing.withdraw(contact)
        before, after = {"active": False}, {"active": None}
        audit.record(
            actor=by, customer=customer, verb="contact.opted_in", subject=contact, before=before, after=after
        )


def carrier(customer: Customer, by: User | None) -> Connection | None:
    """The person's own connection, else a writer's that works, else one that will work again.

    Without any, SmartDialog hears of it with the next change.
    """
    if by is not None and (own := Connection.objects.of(by)):
        return own
    reaching = Connection.objects.filter(
        user__customers=customer, user__is_active=True, user__role__in=[Role.MARKETER, Role.ADMIN]
    ).order_by("-pk")
    return reaching.filter(state=ConnectionState.ACTIVE).first() or reaching.first()
