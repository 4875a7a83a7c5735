"""What people do with an import: upload, choose columns, confirm, pause, cancel. And what a sweep does."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from contacts.importing import sniffing
from contacts.importing.columns import column_presets
from contacts.importing.files import stored_files
from contacts.importing.files.reading import CHOICES
from contacts.importing.files.stored_files import Upload
from contacts.importing.value_decisions import UNDECIDED, Decisions, decisions_of
from contacts.models import Import, ImportRow, ImportState
from contacts.models.imports import CANCELLABLE, CHOOSING, RUNNING, WORKING, ImportQuerySet
from contacts.sync import pushing
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Service
from gateway.outbox import backlogs
from gateway.sign_in import connections
from gateway.workers import leases
from gateway.workers.leases import Lease
from gateway.workers.wake_up import wake_on_commit

_SNIFFED = ("sheets", "questions", "answered", "header", "samples", "mapping")
TASKS = {
    ImportState.CHECKING: "contacts.tasks.check_import",
    ImportState.SAVING: "contacts.tasks.save_import",
    ImportState.UNDOING: "contacts.tasks.undo_import",
}


def upload(file: Upload, *, group: Service, by: User) -> Import:
    """Keep the file and look at its first rows. Raises FileRefused, and then nothing is kept."""
    job = Import(
        group=group,
        created_by=by,
        original_name=stored_files.shown_name(file.name),
        stored_name=f"{uuid.uuid4().hex}.upload",
        regions=group.regions,
    )
    with stored_files.arrived(file.blocks) as (path, found):
        job.size, job.digest = found.size, found.digest
        sniffing.sniff(job, path)
        job.rows_expected = max(found.lines - 1, 0) if job.encoding else 0
        with stored_files.kept(path, job.stored_name), transaction.atomic():
            sniffing.leave_out_erased(job)
            job.save()
    return job


def reread(job: Import, **choices: str | int) -> None:
    """Read the file another way, by fields of Reading. Raises FileRefused, and then it stays as it was.

    What was answered before stays so, but for the header of another sheet.
    """
    for name, choice in choices.items():
        setattr(job, name, choice)
    kept = set(job.answered) & set(CHOICES) - ({"header_row"} if "sheet" in choices else set())
    job.answered = sorted(kept | set(choices))
    with stored_files.copy_for_a_person(job.stored_name, digest=job.digest) as path:
        sniffing.sniff(job, path)
    with transaction.atomic():
        sniffing.leave_out_erased(job)
        move(
            _choosing(job),
            *CHOOSING,
            to=ImportState.UPLOADED,
            counts={},
            warnings=0,
            cursor=0,
            mends={},  # of columns that may be others now
            **{field: getattr(job, field) for field in (*CHOICES, *_SNIFFED)},
        )


def start_checking(
    job: Import,
    *,
    mapping: Sequence[str],
    regions: Sequence[str],
    decisions: Decisions = UNDECIDED,
    blank_clears: bool = False,
    is_remembered: bool = True,
) -> bool:
    """Compare every row with the group, anew; False when somebody else moved the import on meanwhile.

    `blank_clears`: a blank cell empties what is there, instead of keeping it. `is_remembered`: the next file
    of this shape begins with these columns.
    """
    with transaction.atomic():
        started = move(
            _choosing(job),
            *CHOOSING,
            to=ImportState.CHECKING,
            mapping=list(mapping),
            regions=list(regions),
            unclear_region=decisions.region,
            blank_consent=decisions.blank_consent,
            questions=[],
            answered=column_presets.answered_of(job),
            blank_clears=blank_clears,
            counts={},
            warnings=0,
            cursor=0,
            checked_at=None,
            **for_a_new_worker(),
        )
        if started:
            if is_remembered:
                column_presets.save_preset(job, mapping=mapping, regions=regions)
            ImportRow.objects.filter(job=job).delete()
            wake_worker(job, ImportState.CHECKING)
    return bool(started)


def decide_unclear(job: Import, **decided: str) -> bool:
    """Read all unclear rows as the Decisions say, and compare anew; False when the import has moved on."""
    return start_checking(
        job,
        mapping=job.mapping,
        regions=job.regions,
        decisions=replace(decisions_of(job), **decided),
        blank_clears=job.blank_clears,
    )


def confirm(job: Import, *, by: User) -> bool:
    """Begin to save. Raises NotConnected. False when somebody else has begun, or cancelled, already."""
    connection = connections.for_user(by)
    with transaction.atomic():
        begun = move(
            Import.objects.filter(pk=job.pk),
            ImportState.CHECKED,
            to=ImportState.SAVING,
            connection=connection,
            samples=[],
            questions=[],
            mends={},
            cursor=0,
            saved=0,
            confirmed_at=clock.now(),
            **for_a_new_worker(),
        )
        if begun:
            pushing.open_backlog(job.group, connection=connection, by=by, batch=job.batch)
            audit.record(
                actor=by,
                customer=job.group.customer,
                verb="import.confirmed",
                subject=job,
                after={"group": job.group.name, **job.counts},
            )
            wake_worker(job, ImportState.SAVING)
    return bool(begun)


def pause(job: Import, *, by: User) -> bool:
    """Stop after the rows at hand, and let no more calls leave; False when there is nothing to pause."""
    with transaction.atomic():
        running = Import.objects.filter(pk=job.pk, state__in=RUNNING, paused=False)
        if not running.update(paused=True):
            return False
        for batch in (job.batch, job.undo_batch):
            backlogs.pause(batch)
        _record(job, by, "import.paused")
    return True


def resume(job: Import, *, by: User) -> bool:
    """Go on where it was paused; False when it is not."""
    with transaction.atomic():
        paused = Import.objects.filter(pk=job.pk, paused=True)
        again = {"paced_at": clock.now(), "paced_from": job.rows_done}
        if not paused.update(paused=False, leased_until=None, stalls=0, **again):
            return False
        for batch in (job.batch, job.undo_batch):
            backlogs.resume(batch)
        _record(job, by, "import.resumed")
        if job.state in WORKING:
            wake_worker(job, job.state)
    return True


def cancel(job: Import, *, by: User | None) -> bool:
    """Stop here: what is saved stays, calls that have not left do not leave. False when it was over."""
    with transaction.atomic():
        if not move(
            Import.objects.filter(pk=job.pk),
            *CANCELLABLE,
            to=ImportState.CANCELLED,
            finished_at=clock.now(),
            leased_until=None,
            paused=False,
            samples=[],
            questions=[],
            mends={},
        ):
            return False
        calls = backlogs.cancel(job.batch)
        _record(job, by, "import.cancelled", calls_not_made=calls)
        # Where this is undone with what is around it, the import still has its file.
        transaction.on_commit(partial(stored_files.delete, job.stored_name))
    return True


def sweep() -> None:
    """Find work whose worker died, and imports whose last call has been made."""
    syncing = Import.objects.filter(state=ImportState.SYNCING, paused=False)
    for job in Import.objects.stalled() | syncing:
        if job.state != ImportState.SYNCING:
            wake_worker(job, job.state)
        elif outbox.progress_of(job.batch).is_over:
            mine = syncing.filter(pk=job.pk)
            move(mine, ImportState.SYNCING, to=ImportState.DONE, finished_at=clock.now())


def for_a_new_worker() -> dict[str, Any]:
    """Nobody's lease, no stalls yet, and a pace of its own."""
    return {"leased_until": None, "stalls": 0, "paced_at": clock.now(), "paced_from": 0}


def acquire(job_id: int, state: ImportState) -> Lease | None:
    """The lease of an import in this state, or None while somebody else has it or it moved on."""
    return leases.take(Import.objects.filter(pk=job_id), condition=Q(state=state, paused=False))


def hold(lease: Lease, job: Import) -> None:
    """Too many workers in a row came to nothing: it waits for a person, with all that was done until then."""
    with transaction.atomic():
        for batch in (job.batch, job.undo_batch):
            backlogs.pause(batch)
        _record(job, None, "import.paused", workers=lease.stalls)
        lease.end(paused=True)


def wake_worker(job: Import, state: str) -> None:
    wake_on_commit(TASKS[ImportState(state)], job.pk)


def _record(job: Import, by: User | None, verb: str, **what: int) -> None:
    audit.record(actor=by, customer=job.group.customer, verb=verb, subject=job, after=what or None)
    live.announce(job.group.customer, job.batch)


def _choosing(job: Import) -> ImportQuerySet:
    return Import.objects.filter(pk=job.pk, state__in=CHOOSING)
