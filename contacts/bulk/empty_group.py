"""A whole group at once: SmartDialog empties it in one call, and then our rows go.

Nothing goes here before it has gone there, so that a refusal loses nothing.
"""

from django.db import transaction
from django.db.models import Q

from contacts.bulk import chunks
from contacts.models import BulkAction, BulkState, Contact, SyncState
from contacts.models.contact import delete_contacts
from contacts.sync import group_deletion, pushing
from gateway.live_updates import live
from gateway.outbox import BacklogRef, backlogs
from gateway.workers.leases import Lease

CHUNK = 10_000
RESEND_CHUNK = 2000  # contacts put on a backlog again in one statement


def remove_rows(lease: Lease, action: BulkAction) -> None:
    """What was there when SmartDialog was asked; who was added or changed since goes there again."""
    while keys := _next(action):
        with transaction.atomic():
            lease.checkpoint(max(keys[-1], action.cursor))
            delete_contacts(keys)
            lease.write(done=action.done + len(keys))
            live.announce(action.group.customer, action.batch)
        action.cursor, action.done = max(keys[-1], action.cursor), action.done + len(keys)
    _send_again(lease, action)
    with transaction.atomic():
        group_deletion.release_held(action)
        lease.move(BulkState.RUNNING, to=BulkState.SYNCING)
        live.announce(action.group.customer, "contacts")


def _next(action: BulkAction) -> list[int]:
    """Those of the lists, then those that were being deleted one by one."""
    there = Contact.objects.filter(
        group=action.group, pk__lte=action.ceiling, updated_at__lte=action.begun_at
    ).order_by("pk")
    listed, going = there.present().filter(pk__gt=action.cursor), there.filter(sync_state=SyncState.DELETING)
    return chunks.keys_of(listed[:CHUNK]) or chunks.keys_of(going[:CHUNK])


def _send_again(lease: Lease, action: BulkAction) -> None:
    """Who was added or changed while SmartDialog was being asked may be gone there: each once, by key.

    A drain takes them off the backlog meanwhile, so that having none does not tell who is done.
    """
    since = Q(pk__gt=action.ceiling) | Q(updated_at__gt=action.begun_at)
    left = Contact.objects.present().filter(since, group=action.group, backlog=None).order_by("pk")
    last = 0
    while keys := chunks.keys_of(left.filter(pk__gt=last)[:RESEND_CHUNK]):
        with transaction.atomic():
            lease.write()
            Contact.objects.filter(pk__in=keys).update(known_remotely=False)
            chunks.update_and_queue(keys, _backlog(action))
        last = keys[-1]


def _backlog(action: BulkAction) -> BacklogRef:
    assert action.connection
    return backlogs.backlog_of(action.batch) or pushing.open_backlog(
        action.group, connection=action.connection, by=action.created_by, batch=action.batch
    )
