"""Telling SmartDialog of contacts, in the transaction of the change.

One contact becomes an outbox operation at once; many name a backlog, and contacts.sync.backlog_planner
writes their operations when their turn comes.
"""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from contacts.fields import NAMES
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from gateway import outbox
from gateway.models import Connection, Lane, Service
from gateway.outbox import Backlog, NewOperation, backlogs
from gateway.types import ContactFields

CREATE, UPDATE, DELETE, LOOKUP = "contact.create", "contact.update", "contact.delete", "contact.lookup"
DELETE_FORMER = "contact.delete_former"
KINDS = (CREATE, UPDATE, DELETE, LOOKUP, DELETE_FORMER)
BACKLOG = "contact"


def push(contact: Contact, *, connection: Connection, by: User | None, lane: Lane | None = None) -> None:
    """Queue the contact as it is now; coalesced with an earlier change that has not left yet."""
    is_there = contact.known_remotely or contact.pk in _being_created([contact], tried=True)
    outbox.supersede(subject=contact)  # this change says all of it
    remove_from_backlog(contact)
    outbox.add(
        connection=connection,
        customer=contact.group.customer,
        kind=UPDATE if is_there else CREATE,
        payload=payload_of(contact),
        lane=lane,
        subject=contact,
        by=by,
        coalesce=True,
    )


def push_many(
    contacts: Sequence[Contact],
    *,
    connection: Connection,
    by: User | None,
    batch: str,
    lane: Lane | None = None,
) -> int:
    """Queue many of one group."""
    created = _being_created(contacts, tried=False)
    kinds = [UPDATE if each.known_remotely or each.pk in created else CREATE for each in contacts]
    return _queue(contacts, kinds, connection, by=by, batch=batch, lane=lane)


def push_deletions(
    contacts: Sequence[Contact],
    *,
    connection: Connection,
    by: User | None,
    batch: str = "",
    lane: Lane | None = None,
) -> int:
    """Queue their deletion, after whatever is queued of them already."""
    return _queue(contacts, [DELETE] * len(contacts), connection, by=by, batch=batch, lane=lane)


def open_backlog(
    group: Service, *, connection: Connection, by: User | None, batch: str, lane: Lane = Lane.BULK
) -> Backlog:
    """For contacts of a group that are about to change, or to be deleted: see `add_to_backlog`."""
    return backlogs.open_backlog(
        connection, kind=BACKLOG, customer=group.customer, by=by, batch=batch, lane=lane
    )


def add_to_backlog(contacts: ContactQuerySet, backlog: Backlog) -> int:
    """Each has one call to make when its turn comes, as it is by then; two statements. Returns how many.

    One that was on another backlog moves: both changes are one call.
    """
    count = contacts.update(backlog=backlog)
    if count:
        backlogs.add_rows(backlog, count)
    return count


def remove_from_backlog(contact: Contact) -> None:
    """Its call is made or dropped in another way; does not save the contact's other fields."""
    if contact.backlog is None:
        return
    if Contact.objects.filter(pk=contact.pk, backlog=contact.backlog).update(backlog=None):
        backlogs.add_rows(contact.backlog, -1)
    contact.backlog = None


def _queue(contacts: Sequence[Contact], kinds: Sequence[str], connection: Connection, **how: Any) -> int:
    outbox.supersede(subjects=_subjects(contacts))  # a later change says all of it
    operations = [
        NewOperation(
            kind=kind,
            payload=payload_of(contact),
            customer=contact.group.customer,
            subject=contact,
            **how,
        )
        for contact, kind in zip(contacts, kinds, strict=True)
    ]
    return outbox.add_many(connection, operations)


def payload_of(contact: Contact) -> dict[str, Any]:
    """A snapshot of what a call needs; by `revision` its answer leaves later changes alone."""
    return {
        "contact_id": contact.pk,
        "revision": contact.revision,
        "customer": contact.group.customer.remote_id,
        "group": contact.group.remote_id,
        "phone": contact.phone,
        "former": contact.former_phone,
        "contact": fields_of(contact).to_json(),
    }


def fields_of(contact: Contact) -> ContactFields:
    """All fields, `active` too: the contract does not say whether an update merges or replaces."""
    return ContactFields(
        **{name: getattr(contact, name) for name in NAMES},
        active=contact.active,
        properties=[[name, str(value)] for name, value in contact.properties.items()],
        regions=contact.group.regions,
    )


def _being_created(contacts: Sequence[Contact], *, tried: bool) -> set[int]:
    """Those with a creation by this number still to end; `tried`: only one that may have left already."""
    numbers = outbox.payload_values(
        "contact_id", "phone", tried=tried, subjects=_subjects(contacts), kinds=[CREATE]
    )
    return {contact.pk for contact in contacts if numbers.get(contact.pk) == contact.phone}


def _subjects(contacts: Sequence[Contact]) -> list[str]:
    return outbox.subjects_of(Contact, [contact.pk for contact in contacts])
