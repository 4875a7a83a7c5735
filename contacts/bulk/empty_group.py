"""A whole group at once: SmartDialog empties it in one call, and then our rows go.

Nothing goes here before it has gone there, so that a refusal loses nothing.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from contacts.bulk import chunks
from contacts.models import BulkAction, BulkState, Contact, SyncState
from contacts.models.leases import Lease
from contacts.sync import pushing
from gateway import live, outbox
from gateway.models import Lane
from gateway.outbox import Backlog, backlogs

DELETE_ALL = "contact.delete_all"
CHUNK = 10_000
RESEND_CHUNK = 2000  # contacts put on a backlog again in one statement


def request_deletion(lease: Lease, action: BulkAction) -> None:
    """Ask SmartDialog, unless a call of the group is being made: then a sweep comes back to it."""
    assert action.connection
    with transaction.atomic():
        _hold_back(lease, action)
        if outbox.may_leave(**_calls_of_group(action)):
            return
        outbox.add(
            connection=action.connection,
            customer=action.group.customer,
            kind=DELETE_ALL,
            lane=Lane.INTERACTIVE,  # one call, in place of one for everybody
            payload={
                "action": action.pk,
                "customer": action.group.customer.remote_id,
                "group": action.group.remote_id,
            },
            subject=outbox.named("group", action.group),
            batch=action.batch,
            by=action.created_by,
        )
        lease.end(state=BulkState.ASKING, begun_at=timezone.now())


def remove_rows(lease: Lease, action: BulkAction) -> None:
    """What was there when SmartDialog was asked; who was added or changed since goes there again."""
    while keys := _next(action):
        with transaction.atomic():
            lease.write(cursor=max(keys[-1], action.cursor))
            chunks.delete_contacts(keys)
            lease.write(done=action.done + len(keys))
            live.announce(action.group.customer, action.batch)
        action.cursor, action.done = max(keys[-1], action.cursor), action.done + len(keys)
    _send_again(lease, action)
    with transaction.atomic():
        release_held(action)
        lease.end(state=BulkState.SYNCING)
        live.announce(action.group.customer, "contacts")


def _next(action: BulkAction) -> list[int]:
    """Those of the lists, then those that were being deleted one by one."""
    there = Contact.objects.filter(
        group=action.group, pk__lte=action.ceiling, updated_at__lte=action.begun_at
    ).order_by("pk")
    listed, going = there.present().filter(pk__gt=action.cursor), there.filter(sync_state=SyncState.DELETING)
    return chunks.keys_of(listed[:CHUNK]) or chunks.keys_of(going[:CHUNK])


def on_emptied(action: BulkAction) -> None:
    """SmartDialog did it, in the transaction of its answer: a worker takes our rows away."""
    asked = BulkAction.objects.filter(pk=action.pk, state=BulkState.ASKING)
    asked.update(state=BulkState.RUNNING)
    outbox.cancel_held(**_calls_of_group(action))
    live.announce(action.group.customer, action.batch)


def on_refused(action: BulkAction, words: str) -> None:
    """All stays as it was, here and there, and what was held back goes on."""
    waiting = BulkAction.objects.filter(pk=action.pk, state=BulkState.ASKING)
    waiting.update(state=BulkState.FAILED, note=words[:500], finished_at=timezone.now())
    release_held(action)
    live.announce(action.group.customer, action.batch)


def release_held(action: BulkAction) -> None:
    """What was held back goes on: the group is empty, or never will be."""
    for batch in action.options.get("held", []):
        backlogs.resume(batch)
    outbox.release(**_calls_of_group(action))


def _hold_back(lease: Lease, action: BulkAction) -> None:
    """Nothing that waits for people of the group leaves before it is empty, or stays full."""
    waiting = Contact.objects.filter(backlog=OuterRef("pk"), group=action.group)
    batches = backlogs.running_batches(action.group.customer, Exists(waiting))
    held = [*action.options.get("held", []), *batches]
    action.options["held"] = held
    lease.write(options=action.options)
    for batch in batches:
        backlogs.pause(batch)
    outbox.hold(**_calls_of_group(action))


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


def _backlog(action: BulkAction) -> Backlog:
    assert action.connection
    return backlogs.backlog_of(action.batch) or pushing.open_backlog(
        action.group, connection=action.connection, by=action.created_by, batch=action.batch
    )


def _calls_of_group(action: BulkAction) -> outbox.Which:
    return {
        "customer": action.group.customer,
        "kinds": pushing.KINDS,
        "payload": {"group": action.group.remote_id},
    }
