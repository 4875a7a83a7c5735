"""A resumable job: a bulk action in chunks, each in one transaction with its checkpoint, the cursor."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.wording.quantities import counted
from contacts.bulk import empty_group
from contacts.bulk.fingerprints import fingerprint_of
from contacts.bulk.verbs import VERBS, ChunkResult
from contacts.listing.action_selection import remaining_contacts
from contacts.models import BulkAction, BulkPart, BulkState, BulkVerb
from contacts.models.bulk import WORKING
from contacts.sync import group_deletion, pushing, verification
from gateway import clock
from gateway.live_updates import live
from gateway.outbox import backlogs
from gateway.workers import leases
from gateway.workers.leases import Lease, LeaseLost

CHUNK = 2000
GIVEN_UP = (
    "It ended several times before it got any further, so it was given up. What was changed before stays. "
    "Tell whoever runs this installation, and start it again for the rest."
)
LOOK_AGAIN = " Nothing was changed: look at the list again."
OTHER_NUMBER = "{people} by now, {agreed:,} when you said yes."
OTHER_PEOPLE = "Others match by now than when you said yes."
NO_CONNECTION = (
    "The SmartDialog sign-in of the person who asked for it is gone. What was changed before stays."
)


def run(action_id: int) -> None:
    """Go on from where it has come to; leaves at once while it is not due or another worker has it."""
    due = Q(state__in=WORKING, paused=False, begins_at__lte=clock.now())
    lease = leases.take(BulkAction.objects.filter(pk=action_id), condition=due)
    if lease is None:
        return
    action = BulkAction.objects.select_related("group__customer", "connection", "created_by").get(
        pk=action_id
    )
    try:
        with lease.counting():
            _run_under(lease, action)
    except LeaseLost:
        return
    finally:
        lease.release()


def _run_under(lease: Lease, action: BulkAction) -> None:
    if action.connection is None:
        _stop(lease, action, NO_CONNECTION)
    elif lease.is_hopeless:
        _stop(lease, action, GIVEN_UP)
    elif action.state == BulkState.PENDING:
        _begin(lease, action)
    elif action.is_whole_group:
        empty_group.remove_rows(lease, action)
    else:
        _go_on(lease, action)


def _begin(lease: Lease, action: BulkAction) -> None:
    """Others than were agreed to are asked about again, not acted on; of ticked ones some may be gone.

    Looked at once: while it runs, whoever comes to match after its cursor is among them.
    """
    now = fingerprint_of(remaining_contacts(action))
    if action.ids is None and (now.people, now.fingerprint) != (action.agreed, action.fingerprint):
        _stop(lease, action, _otherwise(now.people, action.agreed) + LOOK_AGAIN)
    elif action.is_whole_group:
        group_deletion.request_deletion(lease, action)
    elif action.verb == BulkVerb.VERIFY:
        with transaction.atomic():
            lease.move(BulkState.PENDING, to=BulkState.SYNCING, begun_at=clock.now())
            verification.begin(action, now.people)
    else:
        with transaction.atomic():
            lease.move(BulkState.PENDING, to=BulkState.RUNNING, keep=True, begun_at=clock.now())
            _open_backlog(action)
        _go_on(lease, action)


def _go_on(lease: Lease, action: BulkAction) -> None:
    backlog = backlogs.backlog_of(action.batch)
    assert backlog is not None  # opened when it began
    while keys := list(remaining_contacts(action).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            lease.checkpoint(keys[-1])
            changed = VERBS[action.verb].apply(action, keys, backlog)
            _keep_history(action, changed)
            lease.write(done=F("done") + changed.count, left_out=F("left_out") + len(keys) - changed.count)
            live.announce(action.group.customer, action.batch)
        action.cursor = keys[-1]
    with transaction.atomic():
        lease.move(BulkState.RUNNING, to=BulkState.SYNCING)
        backlogs.plan_now(action.batch)
        live.announce(action.group.customer, "contacts")


def _otherwise(now: int, agreed: int) -> str:
    people = counted(now, "person matches", "people match")
    return OTHER_PEOPLE if now == agreed else OTHER_NUMBER.format(people=people, agreed=agreed)


def _open_backlog(action: BulkAction) -> None:
    assert action.connection
    pushing.open_backlog(
        action.group,
        connection=action.connection,
        by=action.created_by,
        batch=action.batch,
        lane=action.lane,
    )


def _keep_history(action: BulkAction, changed: ChunkResult) -> None:
    BulkPart.objects.bulk_create(
        BulkPart(action=action, group_id=group, first=min(before), last=max(before), changes=_by_text(before))
        for group, before in changed.before.items()
        if before
    )


def _by_text(before: dict[int, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in before.items()}


def _stop(lease: Lease, action: BulkAction, note: str) -> None:
    with transaction.atomic():
        lease.move(*WORKING, to=BulkState.CANCELLED, note=note, filter="", finished_at=clock.now())
        if action.is_whole_group:
            group_deletion.release_held(action)
        live.announce(action.group.customer, "contacts")
