"""Take back an import: what it added is deleted, what it overwrote comes back, here and at SmartDialog.

Whom SmartDialog had before the import is not deleted there: they get back what they had, and leave this list.

A contact that somebody changed since is left alone, and its row says so; one that a later import changed can
be taken back again once that import is. Rows are taken back from the last to
the first, so that the cursor of a save that was cancelled half-way tells where to begin.
"""

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.importing import import_lifecycle
from contacts.importing.undo_statements import RENUMBERED, take_back
from contacts.models import ConsentSource, Contact, Import, ImportState, Suppression, SyncState
from contacts.models.contact import BeforeOptOut
from contacts.models.imports import UNDOABLE
from contacts.sync import pushing, remote_merge
from gateway import clock
from gateway.live_updates import live
from gateway.outbox import BacklogRef, backlogs
from gateway.sign_in import connections
from gateway.workers.leases import Lease, LeaseLost

CHUNK = 10_000  # rows of the file
LIFTED_AT_ONCE = 500  # numbers


def begin(job: Import, *, by: User) -> bool:
    """Stop its calls, and let a worker take it back. Raises NotConnected. False when there is nothing."""
    carrier = connections.for_user(by)
    with transaction.atomic():
        begun = move(
            Import.objects.filter(_has_effects(), pk=job.pk),
            *UNDOABLE,
            to=ImportState.UNDOING,
            undone_by=by,
            paused=False,
            **import_lifecycle.for_a_new_worker(),
        )
        if begun:
            backlogs.cancel(job.batch)
            pushing.open_backlog(job.group, connection=carrier, by=by, batch=job.undo_batch)
            audit.record(actor=by, customer=job.group.customer, verb="import.undo_confirmed", subject=job)
            import_lifecycle.wake_worker(job, ImportState.UNDOING)
    return bool(begun)


def _has_effects() -> Q:
    return Q(saved__gt=0) | Q(Exists(Suppression.objects.in_force().filter(job=OuterRef("pk"))))


def undo(job_id: int) -> None:
    """Resume at the cursor and go back to the first row; leaves at once when another worker is at it."""
    lease = import_lifecycle.acquire(job_id, ImportState.UNDOING)
    if lease is None:
        return
    job = Import.objects.select_related("group__customer", "undone_by").get(pk=job_id)
    backlog = backlogs.backlog_of(job.undo_batch)
    try:
        if backlog is None:
            _stop(lease, job)
        elif lease.is_hopeless:
            import_lifecycle.hold(lease, job)
        else:
            with lease.counting():
                while job.cursor:
                    _undo_chunk(lease, job, backlog)
                _end(lease, job, backlog)
    except LeaseLost:
        return
    finally:
        lease.release()


def _undo_chunk(lease: Lease, job: Import, backlog: BacklogRef) -> None:
    after = max(job.cursor - CHUNK, 0)
    with transaction.atomic():
        lease.checkpoint(after)
        done = take_back(job, backlog, after)
        job.undone = {name: job.undone.get(name, 0) + count for name, count in done.items()}
        lease.write(undone=job.undone)
    job.cursor = after


def _stop(lease: Lease, job: Import) -> None:
    """The connection that was to make the calls is gone with its person: somebody else may go on."""
    with transaction.atomic():
        lease.move(ImportState.UNDOING, to=ImportState.DONE)
        audit.record(
            actor=None,
            customer=job.group.customer,
            verb="import.undo_stopped",
            subject=job,
            after={"why": "The connection of the person who took it back is gone.", **job.undone},
        )


def _lift(job: Import, backlog: BacklogRef) -> None:
    """The file's No; whom nothing else stops is what they were before it."""
    customer = job.group.customer
    evidence = Evidence(ConsentSource.FILE, place=job.original_name, by=job.undone_by)
    lifted_numbers = opt_outs.lift_job(job, evidence)
    for start in range(0, len(lifted_numbers), LIFTED_AT_ONCE):
        phones = lifted_numbers[start : start + LIFTED_AT_ONCE]
        free = set(phones) - opt_outs.stopped_among(customer, phones)
        here = Contact.objects.present().filter(group__customer=customer, phone__in=free, active=False)
        changed = {
            "before_opt_out": "",
            "found_remotely": None,
            "revision": F("revision") + 1,
            "updated_at": clock.now(),
        }
        here.filter(before_opt_out=BeforeOptOut.UNDECIDED).update(
            **remote_merge.TO_BE_DECIDED, **changed, backlog=None
        )
        waiting = {"sync_state": SyncState.WAITING, "sync_error": "", "backlog_id": backlog.id}
        lifted = here.filter(before_opt_out=BeforeOptOut.ACTIVE).update(active=True, **waiting, **changed)
        backlogs.add_rows(backlog, lifted)


def _end(lease: Lease, job: Import, backlog: BacklogRef) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _lift(job, backlog)
        cursor.execute(RENUMBERED, {"job": job.pk})
        job.undone = job.undone | {"left_alone": job.undone.get("left_alone", 0) + cursor.fetchone()[0]}
        lease.move(ImportState.UNDOING, to=ImportState.UNDONE, undone_at=clock.now(), undone=job.undone)
        audit.record(
            actor=job.undone_by,
            customer=job.group.customer,
            verb="import.undone",
            subject=job,
            after={"group": job.group.name, **job.undone},
        )
        live.announce(job.group.customer, "contacts")
