"""What people do with an import: upload, choose columns, confirm, cancel. And what a sweep does."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from contacts.importing import columns, refusals
from contacts.importing.reading import MOST_BYTES, open_sheet
from contacts.models import Contact, Import, ImportRow, ImportState, SyncState
from contacts.models.imports import OVER
from gateway import clock, connections, outbox
from gateway.models import Service
from gateway.nudge import nudge

SAMPLES = 20


@dataclass(frozen=True)
class Upload:
    """A file as it arrives: its name is shown and never used as a path."""

    name: str
    blocks: Iterable[bytes]


def upload(file: Upload, *, group: Service, by: User) -> Import:
    """Keep the file and look at its first rows. Raises FileRefused, and then nothing is kept."""
    job = Import(
        group=group,
        created_by=by,
        original_name=_shown_name(file.name),
        stored_name=f"{uuid.uuid4().hex}.upload",
        regions=group.regions,
    )
    try:
        job.size = _store(file.blocks, job.path)
        look(job)
    except refusals.FileRefused:
        job.path.unlink(missing_ok=True)
        raise
    job.save()
    return job


def look(job: Import) -> None:
    """Read the header and the first rows as encoding and delimiter say; does not save."""
    with open_sheet(job.path, encoding=job.encoding, delimiter=job.delimiter) as sheet:
        samples = [[cell[:100] for cell in row.cells] for row in islice(sheet.rows, SAMPLES)]
        if not samples:
            raise refusals.header_only()
        mapping = columns.recognise(sheet.header, samples)
        if "phone" not in mapping:
            raise refusals.no_phone_column()
        job.encoding, job.delimiter = sheet.encoding, sheet.delimiter
        job.header, job.samples, job.mapping = [name[:200] for name in sheet.header], samples, mapping


def look_again(job: Import, *, encoding: str, delimiter: str) -> None:
    """Read the file another way. Raises FileRefused, and then it stays as it was."""
    job.encoding, job.delimiter = encoding, delimiter
    look(job)
    fields = ("encoding", "delimiter", "header", "samples", "mapping")
    _choosing(job).update(
        state=ImportState.UPLOADED,
        counts={},
        warnings=0,
        cursor=0,
        **{field: getattr(job, field) for field in fields},
    )


def start_checking(job: Import, *, mapping: Sequence[str], regions: Sequence[str]) -> bool:
    """Compare every row with the group, anew; False when somebody else moved the import on meanwhile."""
    with transaction.atomic():
        started = _choosing(job).update(
            state=ImportState.CHECKING,
            mapping=list(mapping),
            regions=list(regions),
            counts={},
            warnings=0,
            cursor=0,
            checked_at=None,
            leased_until=None,
        )
        if started:
            ImportRow.objects.filter(job=job).delete()
            nudge_worker(job, ImportState.CHECKING)
    return bool(started)


def confirm(job: Import, *, by: User) -> bool:
    """Begin to save. Raises NotConnected. False when somebody else has begun, or cancelled, already."""
    connection = connections.for_work(by)
    with transaction.atomic():
        begun = Import.objects.filter(pk=job.pk, state=ImportState.CHECKED).update(
            state=ImportState.SAVING,
            connection=connection,
            cursor=0,
            saved=0,
            confirmed_at=clock.now(),
            leased_until=None,
        )
        if begun:
            audit.record(
                actor=by,
                customer=job.group.customer,
                verb="import.confirmed",
                subject=job,
                after={"group": job.group.name, **job.counts},
            )
            nudge_worker(job, ImportState.SAVING)
    return bool(begun)


def cancel(job: Import, *, by: User) -> bool:
    """Stop here: what is saved stays, calls that have not left do not leave. False when it was over."""
    with transaction.atomic():
        stopped = Import.objects.filter(pk=job.pk).exclude(state__in=OVER)
        if not stopped.update(state=ImportState.CANCELLED, finished_at=timezone.now(), leased_until=None):
            return False
        calls = outbox.cancel_waiting(batch=job.batch)
        Contact.objects.filter(last_import=job, sync_state=SyncState.WAITING).update(
            sync_state=SyncState.FAILED,
            sync_error="The import was cancelled before this change was sent to SmartDialog.",
        )
        audit.record(
            actor=by,
            customer=job.group.customer,
            verb="import.cancelled",
            subject=job,
            after={"calls_not_made": calls},
        )
    job.path.unlink(missing_ok=True)
    return True


def sweep() -> None:
    """Find work whose worker died, and imports whose last call has been made."""
    for job in Import.objects.stalled():
        nudge_worker(job, job.state)
    for job in Import.objects.filter(state=ImportState.SYNCING):
        if outbox.progress(job.batch).is_over:
            Import.objects.filter(pk=job.pk, state=ImportState.SYNCING).update(
                state=ImportState.DONE, finished_at=timezone.now()
            )


def nudge_worker(job: Import, state: str) -> None:
    from contacts import tasks  # a task calls the verbs of this package

    nudge(tasks.check_import if state == ImportState.CHECKING else tasks.save_import, job.pk)


def _choosing(job: Import):
    return Import.objects.filter(pk=job.pk, state__in=[ImportState.UPLOADED, ImportState.CHECKED])


def _shown_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[-200:] or "file"


def _store(blocks: Iterable[bytes], path: Path) -> int:
    """Write the file under our own name, and stop at the most that is taken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with path.open("xb") as stored:
        for block in blocks:
            size += len(block)
            if size > MOST_BYTES:
                raise refusals.too_large(f"the most is {MOST_BYTES // 1024**2} MB")
            stored.write(block)
    return size
