"""Telling SmartDialog of contacts, in the transaction of the change.

One contact becomes an outbox operation at once; many name a backlog, and contacts.sync.backlog_planner
writes their operations when their turn comes.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from accounts.models import User
from contacts.fields import BLANKS, DETAILS, NAMES, label
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from contacts.sync.remote_diff import not_storable
from gateway import outbox
from gateway.models import Connection, Lane, Service
from gateway.outbox import BacklogRef, NewBytes, NewOperation, backlogs
from gateway.smartdialog.types import ContactFields

CREATE, UPDATE, DELETE, LOOKUP = "contact.create", "contact.update", "contact.delete", "contact.lookup"
DELETE_FORMER = "contact.delete_former"
DELETE_OURS, GIVE_BACK = "contact.delete_ours", "contact.give_back"
REPEAT = "contact.repeat"
KINDS = (CREATE, UPDATE, DELETE, LOOKUP, DELETE_FORMER, DELETE_OURS, GIVE_BACK, REPEAT)
BACKLOG = "contact"


def push(contact: Contact, *, connection: Connection, by: User | None, lane: Lane | None = None) -> None:
    """Queue the contact as it is now; coalesced with an earlier change that has not left yet."""
    kind = _kind_of_one(contact)
    outbox.supersede(subject=contact)  # this change says all of it
    remove_from_backlog(contact)
    outbox.add(
        connection=connection,
        customer=contact.group.customer,
        kind=kind,
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
    _say_anew([each for each in contacts if each.pk in created])
    kinds = [_kind_for(each, created) for each in contacts]
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


def push_undo(contacts: Sequence[Contact], *, connection: Connection, **how: Any) -> int:
    """Queue that what was added is taken back, of those of whom SmartDialog may have been told."""
    created = _being_created(contacts, tried=False)
    told = [each for each in contacts if each.known_remotely or each.pk in created]
    return _queue(told, [_undo_kind(each) for each in told], connection, **how)


def open_backlog(
    group: Service, *, connection: Connection, by: User | None, batch: str, lane: Lane = Lane.BULK
) -> BacklogRef:
    """For contacts of a group that are about to change, or to be deleted: see `add_to_backlog`."""
    return backlogs.open_backlog(
        connection, kind=BACKLOG, customer=group.customer, by=by, batch=batch, lane=lane
    )


def add_to_backlog(contacts: ContactQuerySet, backlog: BacklogRef) -> int:
    """Each has one call to make when its turn comes, as it is by then; two statements. Returns how many.

    One that was on another backlog moves: both changes are one call.
    """
    count = contacts.update(backlog_id=backlog.id)
    if count:
        backlogs.add_rows(backlog, count)
    return count


def withdraw(contact: Contact) -> None:
    """What waits of it is not sent before a person has decided."""
    outbox.cancel_waiting(subject=contact, kinds=[CREATE, UPDATE, LOOKUP])
    remove_from_backlog(contact)


def remove_from_backlog(contact: Contact) -> None:
    """Its call is made or dropped in another way; does not save the contact's other fields."""
    if contact.backlog_id is None:
        return
    if Contact.objects.filter(pk=contact.pk, backlog_id=contact.backlog_id).update(backlog_id=None):
        backlogs.remove_row(contact.backlog_id)
    contact.backlog_id = None


def _queue(contacts: Sequence[Contact], kinds: Sequence[str], connection: Connection, **how: Any) -> int:
    outbox.supersede(subjects=_subjects(contacts))  # a later change says all of it
    operations = [
        NewOperation(
            kind=kind,
            payload=_given_back(contact) if kind == GIVE_BACK else payload_of(contact),
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
    """All fields, `active` too: the contract does not say whether an update merges or replaces.

    Of somebody who was there before us, what cannot be kept here is said as it was; what neither has is not.
    """
    if contact.met is None:
        return _fields(contact, contact.values())
    unsaid = [field.wire for field in DETAILS if field.name not in contact.met]
    return _fields(contact, not_storable(contact.met) | contact.values(), unsaid=unsaid)


def _given_back(contact: Contact) -> dict[str, Any]:
    """What SmartDialog had before us; what it did not have is emptied."""
    return payload_of(contact) | {"contact": _fields(contact, contact.met or {}).to_json()}


def _fields(contact: Contact, values: Mapping[str, Any], **how: Any) -> ContactFields:
    details = {name: values.get(name, blank) for name, blank in BLANKS.items()}
    properties = [(label(target), value) for target, value in values.items() if target not in NAMES]
    said = ContactFields(
        phone=contact.phone,
        active=contact.active,
        **details | {"birth_year": int(details["birth_year"]) if details["birth_year"] else None},
        properties=[[name, str(value)] for name, value in properties],
        regions=contact.group.regions,
        **how,
    )
    return said.without_empty() if contact.group.refuses_empty else said


def _kind_of_one(contact: Contact) -> str:
    """What waits and was never tried takes what is new: a creation, which follows a look, or the look."""
    if contact.known_remotely or _being_created([contact], tried=True):
        return _kind_for(contact, [contact.pk])
    is_looked_up = _being_created([contact], tried=False, kinds=[CREATE])
    return CREATE if is_looked_up else _kind_for(contact, [])


def _kind_for(contact: Contact, created: Collection[int]) -> str:
    """Who may be there is looked at before anything is changed; so where a creation is yet to end."""
    if contact.known_remotely:
        return UPDATE
    return LOOKUP if contact.pk in created or contact.group.looks_first else CREATE


def _say_anew(contacts: Sequence[Contact]) -> None:
    """Creations that wait and were never tried say what is true by now: whom a No has met is not active."""
    now = {contact.pk: contact for contact in contacts}
    if now:
        outbox.rebuild(
            lambda call: NewBytes(call.payload | payload_of(now[call.payload["contact_id"]])),
            subjects=_subjects(contacts),
            kinds=[CREATE],
        )


def _undo_kind(contact: Contact) -> str:
    """Who was there before us is not deleted, and only who surely came from us is deleted unseen."""
    if contact.met is not None:
        return GIVE_BACK
    return DELETE if contact.known_remotely else DELETE_OURS


def _being_created(
    contacts: Sequence[Contact], *, tried: bool, kinds: Collection[str] = (CREATE, LOOKUP)
) -> set[int]:
    """Those with a creation by this number still to end; `tried`: only one that may have left already."""
    numbers = outbox.payload_values(
        "contact_id", "phone", tried=tried, subjects=_subjects(contacts), kinds=kinds
    )
    return {contact.pk for contact in contacts if numbers.get(contact.pk) == contact.phone}


def _subjects(contacts: Sequence[Contact]) -> list[str]:
    return outbox.subjects_of(Contact, [contact.pk for contact in contacts])
