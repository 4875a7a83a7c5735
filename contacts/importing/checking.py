"""Compare a file with its group into rows of ImportRow, a chunk at a time. Nothing else changes."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Count, Q

from contacts.importing import import_lifecycle
from contacts.importing.columns.consent_columns import unseen_columns
from contacts.importing.comparing import STAGED_ROWS, comparison_sql
from contacts.importing.files import stored_files
from contacts.importing.files.reading import CHOICES, Reading
from contacts.importing.files.refusals import FileRefused, given_up, header_only
from contacts.importing.reader_process import ReadJob, staged_chunks
from contacts.importing.row_encoder import STAGING_COLUMNS, StagedRow
from contacts.importing.sql_dialects import dialect
from contacts.importing.staging_table import drop_erased, empty_hidden, spell_alike, staging_table
from contacts.importing.value_decisions import decisions_of
from contacts.models import Import, ImportRow, ImportState
from gateway import clock
from gateway.live_updates import live
from gateway.workers.leases import Lease, LeaseLost

log = logging.getLogger(__name__)

CHUNK = 5_000  # rows: about 5 MB here, and as much where they are read

_KEPT = ", ".join(column for column in STAGING_COLUMNS if column != "raw")
_KEEP = f"""
    INSERT INTO contacts_importrow (job_id, kind, before, left_alone, {_KEPT}, raw)
    SELECT %(job)s, found_kind, found_before, FALSE, {_KEPT},
        CASE WHEN warned OR barred OR found_kind IN ('unclear', 'invalid', 'duplicate', 'hidden')
            THEN CAST(raw AS {{json}}) ELSE '[]' END
    FROM ({{compared}}) AS found
"""


def check(job_id: int, *, on_progress: Callable[[Import], None] | None = None) -> None:
    """Go on from the cursor to the end of the file; leaves at once when another worker is at it.

    `on_progress` hears of each chunk.
    """
    lease = import_lifecycle.acquire(job_id, ImportState.CHECKING)
    if lease is None:
        return
    job = Import.objects.select_related("group__customer").get(pk=job_id)
    try:
        if lease.is_hopeless:
            raise given_up()
        with lease.counting(FileRefused, stored_files.StoreAway):
            _check_under(lease, job, on_progress)
    except FileRefused as refusal:
        _refuse(lease, job, refusal)
    except LeaseLost:
        return
    except stored_files.StoreAway as error:
        log.warning("the file of import %s cannot be read now: %s", job.pk, error)
    finally:
        lease.release()


def _check_under(lease: Lease, job: Import, on_progress: Callable[[Import], None] | None) -> None:
    with (
        stored_files.local_copy(job.stored_name, digest=job.digest, on_wait=lease.renew) as path,
        staged_chunks(_what_is_left(job, path), CHUNK, on_wait=lease.renew) as chunks,
    ):
        for chunk in chunks:
            with transaction.atomic():
                _check_chunk(lease, job, chunk)
            del chunk  # before the next one comes: its rows are all that this process holds
            if on_progress:
                on_progress(job)
    if not job.counts:
        raise header_only()
    with transaction.atomic():
        lease.move(ImportState.CHECKING, to=ImportState.CHECKED, checked_at=clock.now())
        live.announce(job.group.customer, job.batch)


def _what_is_left(job: Import, path: Path) -> ReadJob:
    return ReadJob(
        path=path,
        size=job.size,
        reading=Reading(**{name: getattr(job, name) for name in CHOICES}),
        mapping=job.mapping,
        regions=job.regions,
        decisions=decisions_of(job),
        blank_clears=job.blank_clears,
        mends=job.mends,
        after=job.cursor,
        unseen=unseen_columns(job.mapping, job.answered),
    )


def _check_chunk(lease: Lease, job: Import, chunk: Sequence[StagedRow]) -> None:
    first, last = chunk[0][0], chunk[-1][0]
    lease.checkpoint(last)
    with connection.cursor() as cursor:
        cursor.execute(dialect().prepare)
        rows = spell_alike(job, empty_hidden(drop_erased(job.group.customer, chunk)))
        with staging_table(cursor, rows):
            cursor.execute(
                _KEEP.format(compared=comparison_sql(STAGED_ROWS), json=dialect().json_type), parameters(job)
            )
    _count(job, first, last)
    lease.write(counts=job.counts, warnings=job.warnings)


def parameters(job: Import) -> dict[str, int]:
    """What the statement that compares is told of every import."""
    return {"job": job.pk, "group": job.group_id, "customer": job.group.customer_id}


def _count(job: Import, first: int, last: int) -> None:
    rows = ImportRow.objects.filter(job=job, line__gte=first, line__lte=last).order_by()
    warned = Count("line", filter=Q(warned=True))
    found = list(rows.values_list("kind").annotate(count=Count("line"), warnings=warned))
    job.counts = dict(Counter(job.counts) + Counter({kind: count for kind, count, _ in found}))
    job.warnings += sum(warned for _, _, warned in found)


def _refuse(lease: Lease, job: Import, refusal: FileRefused) -> None:
    """The whole file, before any call: rows that could be read before the fault are not offered."""
    with transaction.atomic():
        lease.move(
            ImportState.CHECKING,
            to=ImportState.REFUSED,
            refusal_code=refusal.code,
            refusal_words=refusal.words,
            counts={},
            warnings=0,
            samples=[],
            questions=[],
            mends={},
            finished_at=clock.now(),
        )
        ImportRow.objects.filter(job=job).delete()
    stored_files.delete(job.stored_name)
