"""Look contacts up at SmartDialog, and mark those of whom it has something else: a call each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from accounts.trail import audit
from contacts.listing.action_selection import remaining_contacts
from contacts.models import BulkAction, Contact, SyncState
from contacts.models.contact import BeforeOptOut, ContactQuerySet
from contacts.sync import pushing, remote_merge
from contacts.sync.answers import ContactReader
from contacts.sync.remote_diff import DIFFERS_PREFIX, diff_message, remote_diff
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import RemoteContact

VERIFY = "contact.verify"
GONE = "SmartDialog does not have this contact. Send it again, or delete it here."


def begin(action: BulkAction, people: int) -> None:
    assert action.connection
    backlog = outbox.backlogs.open_backlog(
        action.connection,
        kind=VERIFY,
        customer=action.group.customer,
        by=action.created_by,
        batch=action.batch,
        lane=action.lane,
    )
    outbox.backlogs.add_rows(backlog, people)
    outbox.backlogs.plan_now(action.batch)


@outbox.plans(VERIFY)
class Verification(outbox.Planner):
    """No row names the backlog: the cursor of the action says who is next."""

    def plan(self, backlog: outbox.BacklogRef, limit: int) -> int:
        action = _action(backlog)
        contacts = list(remaining_contacts(action).select_related("group__customer").order_by("pk")[:limit])
        outbox.add_many(backlog.connection, [_operation(contact, backlog) for contact in contacts])
        if contacts:
            _move(action, contacts[-1].pk, len(contacts))
        return len(contacts)

    def take_back(self, backlog: outbox.BacklogRef, calls: Sequence[outbox.QueuedCall]) -> None:
        if calls:
            first = min(call.payload["contact_id"] for call in calls)
            _move(_action(backlog), first - 1, -len(calls))

    def drop(self, backlog: outbox.BacklogRef, limit: int) -> int:
        """Nobody has to be told: nothing was changed."""
        return min(limit, backlog.left)


@dataclass(frozen=True)
class Results:
    """What was found of those that an action looked up: how many are there and otherwise, and not there."""

    different: int
    gone: int


def results(action: BulkAction) -> Results:
    looked_at = Contact.objects.present().filter(
        group=action.group_id,
        pk__lte=action.ceiling,
        sync_state=SyncState.FAILED,
        verified_at__gte=action.begun_at,
    )
    gone = Q(sync_error=GONE)
    return Results(**looked_at.aggregate(gone=Count("pk", filter=gone), different=Count("pk", filter=~gone)))


@outbox.handles(VERIFY)
class VerifyContact(ContactReader):
    def done(self, call: outbox.QueuedCall, result: RemoteContact) -> None:
        found = _comparable(call)
        contact = found.select_related("group__customer").select_for_update(of=("self",)).first()
        if contact is None:
            return
        there = remote_diff(contact, result)
        is_no = contact.active and result.active is False
        found.update(
            known_remotely=True,
            **remote_merge.seen(result),
            **(_take_no(contact) if is_no else {}),
            sync_state=SyncState.FAILED if there else SyncState.SYNCED,
            sync_error=diff_message(there, contact),
            found_remotely=there or None,
        )

    def refused(self, call: outbox.QueuedCall, error: GatewayError) -> None:
        """That it is not there is an answer, and needs nobody but for the contact."""
        if error.status != 404:
            return
        outbox.close(call, outbox.Reason("absent"))
        _comparable(call).update(
            known_remotely=False,
            verified_at=clock.now(),
            sync_state=SyncState.FAILED,
            sync_error=GONE,
            found_remotely=None,
        )


def _take_no(contact: Contact) -> dict[str, Any]:
    """SmartDialog has taken all that we said: the No is the person's. It need not be told of it."""
    remote_merge.keep_no(contact)
    audit.record(
        actor=None,
        customer=contact.group.customer,
        verb="contact.opted_out",
        subject=contact,
        before={"active": True},
        after={"active": False},
    )
    live.announce(contact.group.customer, "contacts")
    as_imported = contact.imported_revision == contact.revision
    return {
        "active": False,
        "before_opt_out": BeforeOptOut.ACTIVE,
        "revision": contact.revision + 1,
        "imported_revision": contact.revision + 1 if as_imported else contact.imported_revision,
        "updated_at": clock.now(),
    }


def _comparable(call: outbox.QueuedCall) -> ContactQuerySet:
    """The contact, if it is as it was when it was asked about, and nothing of it is to be sent.

    What an earlier look found may be otherwise by now; what SmartDialog refused is to be sent still.
    """
    marked = Q(sync_error=GONE) | Q(sync_error__startswith=DIFFERS_PREFIX)
    return Contact.objects.filter(
        Q(sync_state=SyncState.SYNCED) | Q(marked, sync_state=SyncState.FAILED),
        pk=call.payload["contact_id"],
        revision=call.payload["revision"],
    )


def _operation(contact: Contact, backlog: outbox.BacklogRef) -> outbox.NewOperation:
    return outbox.NewOperation(
        kind=VERIFY,
        payload=_payload(contact),
        customer=contact.group.customer,
        lane=backlog.lane,
        subject=contact,
        batch=backlog.batch,
        by=backlog.created_by,
    )


def _payload(contact: Contact) -> dict[str, Any]:
    return {name: value for name, value in pushing.payload_of(contact).items() if name != "contact"}


def _action(backlog: outbox.BacklogRef) -> BulkAction:
    return BulkAction.objects.select_related("group").of_batch(backlog.batch).get()


def _move(action: BulkAction, cursor: int, done: int) -> None:
    BulkAction.objects.filter(pk=action.pk).update(cursor=cursor, done=F("done") + done)
