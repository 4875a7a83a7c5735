"""A confirmed import on its way: read, saved here, at SmartDialog; or taken back. How far and how fast."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from contacts.models import Contact, Import, ImportState, SyncState
from contacts.models.contact import NOT_SYNCED
from contacts.models.imports import TAKING_BACK
from gateway import clock, outbox
from gateway.models import Connection
from gateway.outbox import backlogs
from gateway.rate_limit import ledger


@dataclass(frozen=True)
class JobProgress:
    """Rows saved here (or taken back) and calls made, each of how many; the pace of what is going on now."""

    saved: int
    to_save: int
    sent: int
    to_send: int
    failed: int
    waiting: int
    done_at: datetime | None  # of the calls
    rows_a_second: int = 0  # 0 when no rows are being worked on
    seconds_left: int = 0  # of the rows
    calls_a_minute: int = 0

    @property
    def is_sending(self) -> bool:
        return self.waiting > 0


def progress_of(job: Import) -> JobProgress:
    is_back = job.state in TAKING_BACK
    calls = outbox.progress_of(job.undo_batch if is_back else job.batch)
    saved = job.rows_done if is_back else job.saved
    to_save = job.saved if is_back or job.saved_at or job.is_over else max(job.calls, job.saved)
    connection = job.connection
    underway = calls.waiting and connection is not None and connection.is_active and not job.paused
    pace = _pace(job) if job.state in (ImportState.SAVING, ImportState.UNDOING) else 0
    return JobProgress(
        saved=saved,
        to_save=to_save,
        sent=calls.settled - calls.cancelled,
        to_send=calls.total if job.saved_at or job.is_over else max(calls.total, job.calls),
        failed=calls.failed + calls.unknown,
        waiting=calls.waiting,
        done_at=_done_at(job, connection, calls.waiting) if underway and connection else None,
        rows_a_second=pace,
        seconds_left=_left(to_save, saved, pace),
        calls_a_minute=ledger.used(connection) if underway and connection else 0,
    )


def _done_at(job: Import, connection: Connection, waiting: int) -> datetime:
    """At the latest: a look may be followed by a creation."""
    return outbox.eta(connection, calls=waiting if job.group.looks_first else 0)


def unsent_count(job: Import) -> int:
    """Whom it brought and SmartDialog does not have as they are here, once no call of it is to come."""
    if job.state not in (ImportState.DONE, ImportState.CANCELLED):
        return 0
    cancelled = backlogs.names(job.batch)  # and yet to be told so
    brought = Contact.objects.present().exclude(sync_state=SyncState.SYNCED)
    brought = brought.decided().filter(group=job.group_id, last_import=job)
    return brought.filter(Q(sync_state__in=NOT_SYNCED) | cancelled).count()


def sent_count(job: Import) -> int:
    """Whom it brought and SmartDialog has as they are here; a look alone sends nobody."""
    return Contact.objects.present().filter(last_import=job, sync_state=SyncState.SYNCED).count()


def met_counts(job: Import) -> tuple[int, int]:
    """Whom SmartDialog had before the import, and of how many it is yet to be said if they get messages."""
    met = Contact.objects.present().met_by(job.pk)
    counts = met.aggregate(met=Count("pk"), undecided=Count("pk", filter=Q(undecided=True)))
    return counts["met"], counts["undecided"]


@dataclass(frozen=True)
class CheckProgress:
    """How far a check is. `total` None: not known before the end, as with a workbook."""

    done: int
    total: int | None
    rows_a_second: int
    seconds_left: int


def check_progress_of(job: Import) -> CheckProgress:
    total = max(job.rows_expected, job.rows_read) if job.rows_expected else None
    pace = _pace(job) if job.state == ImportState.CHECKING else 0
    return CheckProgress(job.rows_read, total, pace, _left(total or 0, job.rows_read, pace))


def _pace(job: Import) -> int:
    """Rows a second since it was begun or resumed; 0 while nothing is done."""
    if job.paused or job.paced_at is None:
        return 0
    seconds = (clock.now() - job.paced_at).total_seconds()
    return max(0, round((job.rows_done - job.paced_from) / seconds)) if seconds > 0 else 0


def _left(total: int, done: int, pace: int) -> int:
    return round((total - done) / pace) if pace and total > done else 0
