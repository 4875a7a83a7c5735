"""What people do with contacts, one at a time or some: add, edit, send again, delete."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from contacts import pushing
from contacts.models import Contact, Suppression, SyncState
from gateway import connections, live, outbox
from gateway.models import Lane, Service


class Conflict(Exception):
    """`text` tells the person why what they see is no longer so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def add(group: Service, *, phone: str, values: dict[str, Any], by: User) -> Contact:
    """Save a new contact and queue its call. Raises NotConnected, or Conflict when the number is taken."""
    connection = connections.for_work(by)
    with transaction.atomic():
        contact = _row_for(group, phone)
        _change(contact, values)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        _record(contact, by, "contact.created", after=_audited(contact))
    return contact


def edit(contact: Contact, *, values: dict[str, Any], revision: int, by: User) -> bool:
    """Save what the person changed since they saw `revision`; False when nothing differs.

    Raises NotConnected, or Conflict when somebody else changed the contact meanwhile.
    """
    connection = connections.for_work(by)
    with transaction.atomic():
        contact = _held(contact, revision)
        before = _audited(contact)
        _set(contact, values)
        if _audited(contact) == before:
            return False
        _keep(contact)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        was, became = audit.differences(before, _audited(contact))
        _record(contact, by, "contact.updated", before=was, after=became)
    return True


def send_again(contact: Contact, *, by: User) -> None:
    """Queue the contact as it is, after a failure. Raises NotConnected or Conflict."""
    connection = connections.for_work(by)
    with transaction.atomic():
        contact = _held(contact, contact.revision)
        _keep(contact)
        pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
        _record(contact, by, "contact.sent_again")


def delete(contacts: Sequence[Contact], *, by: User) -> int:
    """Take contacts of one group off our lists at once, and from SmartDialog call by call; how many calls.

    Those that SmartDialog has never heard of cost none.
    """
    connection = connections.for_work(by)
    with transaction.atomic():
        unheard = [contact for contact in contacts if _was_unheard(contact)]
        heard = [contact for contact in contacts if contact not in unheard]
        for contact in contacts:
            _record(contact, by, "contact.deleted", before=_audited(contact))
        rows = Contact.objects.filter(pk__in=[contact.pk for contact in heard])
        rows.update(sync_state=SyncState.DELETING, sync_error="", revision=F("revision") + 1)
        calls = pushing.push_deletions(
            list(rows.select_related("group__customer")), connection=connection, by=by
        )
        Contact.objects.filter(pk__in=[contact.pk for contact in unheard]).delete()
    return calls


def suppress(customer, *, phone: str, reason: str, by: User | None = None, connection=None) -> int:
    """The number wants no messages from the customer: kept for good, and its contacts become inactive.

    `connection` carries the news to SmartDialog; without one it goes with the next change. How many contacts.
    """
    with transaction.atomic():
        Suppression.objects.get_or_create(customer=customer, phone=phone, defaults={"reason": reason})
        contacts = Contact.objects.present().filter(group__customer=customer, phone=phone, active=True)
        stopped = list(contacts.select_related("group__customer"))
        for contact in stopped:
            contact.active = False
            _keep(contact)
            if connection is not None:
                pushing.push(contact, connection=connection, by=by, lane=Lane.INTERACTIVE)
            _record(contact, by, "contact.opted_out", before={"active": True}, after={"active": False})
    return len(stopped)


def _row_for(group: Service, phone: str) -> Contact:
    """A new row, or the one that is still being deleted, begun anew."""
    left = Contact.objects.filter(group=group, phone=phone).first()
    if left and left.sync_state != SyncState.DELETING:
        raise Conflict(f"{left} has this number already. Open that contact to change it.")
    contact = Contact(pk=left.pk if left else None, group=group, phone=phone)
    contact.revision = left.revision if left else 0
    return contact


def _change(contact: Contact, values: dict[str, Any]) -> None:
    _set(contact, values)
    contact.touch()
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise Conflict("Somebody has just added this number. Open that contact to change it.") from error


def _set(contact: Contact, values: dict[str, Any]) -> None:
    """Every field of the form, the emptied ones, too."""
    for field, value in values.items():
        setattr(contact, field, value)
    contact.index()


def _held(contact: Contact, revision: int) -> Contact:
    """The row, ours until the commit, if nobody changed it since `revision`."""
    same = Contact.objects.present().filter(pk=contact.pk, revision=revision)
    if not same.update(revision=F("revision")):
        raise Conflict(
            "Somebody else changed this contact meanwhile. Look at it again, then make your change."
        )
    return same.select_related("group__customer").get()


def _keep(contact: Contact) -> None:
    contact.touch()
    contact.save()


def _was_unheard(contact: Contact) -> bool:
    """Never taken, and now never to be sent: its waiting call is cancelled."""
    if contact.known_remotely:
        return False
    outbox.cancel_waiting(subject=pushing.subject_of(contact))
    return not pushing.is_underway(contact)


def _record(contact: Contact, by: User | None, verb: str, **what: Any) -> None:
    customer = contact.group.customer
    audit.record(actor=by, customer=customer, verb=verb, subject=contact, **what)
    live.announce(customer, "contacts")


def _audited(contact: Contact) -> dict[str, Any]:
    return {**contact.values(), "active": contact.active}
