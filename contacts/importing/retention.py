"""Files that nobody goes on with are not kept, nor what was read of them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from contacts.importing import import_lifecycle
from contacts.importing.files import stored_files
from contacts.models import Import, ImportRow, ImportState
from contacts.models.imports import OVER
from gateway.workers.retention import CHUNK, keeps

ABANDONED = [ImportState.UPLOADED, ImportState.CHECKED]
READS_ITS_FILE = [*ABANDONED, ImportState.CHECKING]  # what is saved was read before
DROPPED = [ImportState.CANCELLED, ImportState.REFUSED]


@keeps("uploads")
def drop_uploads(before: datetime) -> None:
    """Of imports that wait for a person or were dropped, and files that are of no import."""
    waits = Q(state__in=ABANDONED) | Q(state=ImportState.CHECKING, paused=True)
    for job in Import.objects.filter(waits, created_at__lt=before).select_related("group__customer"):
        import_lifecycle.cancel(job, by=None)
    dropped = Import.objects.filter(state__in=DROPPED, saved=0, created_at__lt=before)
    for job in dropped.filter(Exists(ImportRow.objects.filter(job=OuterRef("pk")))):
        _drop_rows(job)
    stored_files.drop_left_copies()
    _drop_orphans(before)


@keeps("rows")
def drop_rows(before: datetime) -> None:
    """Of imports that are over: they cannot be taken back any more, nor are they in anybody's history."""
    over = Import.objects.filter(state__in=OVER, finished_at__lt=before)
    for job in over.filter(Exists(ImportRow.objects.filter(job=OuterRef("pk")))):
        _drop_rows(job)


def _drop_rows(job: Import) -> None:
    rows = ImportRow.objects.filter(job=job)
    while lines := list(rows.order_by("line").values_list("line", flat=True)[:CHUNK]):
        rows.filter(line__lte=lines[-1]).delete()


def _drop_orphans(before: datetime) -> None:
    old = stored_files.names_before(before)
    wanted = Import.objects.filter(state__in=READS_ITS_FILE, stored_name__in=old)
    for name in set(old) - set(wanted.values_list("stored_name", flat=True)):
        stored_files.delete(name)
