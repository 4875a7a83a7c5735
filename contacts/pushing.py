"""Telling SmartDialog of contacts: one outbox operation for each, in the transaction of the change."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from contacts.models import Contact
from gateway import outbox
from gateway.models import UNSETTLED, Connection, Lane, Operation, OperationState
from gateway.outbox import NewOperation
from gateway.types import ContactFields

CREATE, UPDATE, DELETE, LOOKUP = "contact.create", "contact.update", "contact.delete", "contact.lookup"


def push(contact: Contact, *, connection: Connection, by: User | None, lane: Lane = Lane.BULK) -> None:
    """Queue the contact as it is now; an earlier change that has not left yet takes these values instead."""
    kind = UPDATE if contact.known_remotely else CREATE
    if kind == CREATE and _being_created([contact], tried=True):
        kind = UPDATE
    _supersede_failures(contact)
    outbox.add(
        connection=connection,
        customer=contact.group.customer,
        kind=kind,
        payload=payload_of(contact),
        lane=lane,
        subject=subject_of(contact),
        by=by,
        coalesce=True,
    )


def push_many(
    contacts: Sequence[Contact], *, connection: Connection, by: User | None, batch: str, fresh: bool = False
) -> int:
    """Queue many of one group. `fresh`: none of them was ever queued before."""
    queued = set() if fresh else _being_created(contacts, tried=False)
    return outbox.add_many(
        connection,
        [
            NewOperation(
                kind=UPDATE if contact.known_remotely or subject_of(contact) in queued else CREATE,
                payload=payload_of(contact),
                lane=Lane.BULK,
                customer=contact.group.customer,
                subject=subject_of(contact),
                batch=batch,
                by=by,
            )
            for contact in contacts
        ],
    )


def push_deletions(contacts: Sequence[Contact], *, connection: Connection, by: User | None) -> int:
    """Queue their deletion, after whatever is queued of them already."""
    return outbox.add_many(
        connection,
        [
            NewOperation(
                kind=DELETE,
                payload=payload_of(contact),
                lane=Lane.BULK,
                customer=contact.group.customer,
                subject=subject_of(contact),
                by=by,
            )
            for contact in contacts
        ],
    )


def is_underway(contact: Contact) -> bool:
    """Whether a call of the contact is still to be made, or being made."""
    return Operation.objects.filter(subject=subject_of(contact), state__in=UNSETTLED).exists()


def subject_of(contact: Contact) -> str:
    return f"contact:{contact.pk}"


def payload_of(contact: Contact) -> dict[str, Any]:
    """Everything a call needs, frozen; `revision` tells its answer from one to a later change."""
    return {
        "contact_id": contact.pk,
        "revision": contact.revision,
        "customer": contact.group.customer.remote_id,
        "group": contact.group.remote_id,
        "phone": contact.phone,
        "contact": fields_of(contact).to_json(),
    }


def fields_of(contact: Contact) -> ContactFields:
    """All fields, `active` too: the contract does not say whether an update merges or replaces."""
    return ContactFields(
        phone=contact.phone,
        active=contact.active,
        email=contact.email,
        first_name=contact.first_name,
        last_name=contact.last_name,
        gender=contact.gender,
        birth_year=contact.birth_year,
        street_address=contact.street_address,
        zip_code=contact.zip_code,
        city=contact.city,
        country_code=contact.country_code,
        properties=[[name, str(value)] for name, value in contact.properties.items()],
        regions=contact.group.regions,
    )


def _supersede_failures(contact: Contact) -> None:
    """What failed earlier needs nobody any more: this change says all that it said."""
    Operation.objects.filter(
        customer=contact.group.customer, subject=subject_of(contact), state=OperationState.FAILED
    ).update(state=OperationState.CANCELLED)


def _being_created(contacts: Sequence[Contact], *, tried: bool) -> set[str]:
    """Subjects with a creation still to come to an end; `tried`: only one that may have left already."""
    creating = Operation.objects.filter(
        subject__in=[subject_of(contact) for contact in contacts], kind=CREATE, state__in=UNSETTLED
    )
    creating = creating.filter(attempts__gt=0) if tried else creating
    return set(creating.values_list("subject", flat=True))
