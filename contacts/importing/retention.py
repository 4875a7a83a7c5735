"""Files that nobody goes on with are not kept, nor what was read of them."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from contacts.importing import import_lifecycle
from contacts.models import Import, ImportRow, ImportState
from contacts.models.imports import OVER
from gateway.retention import CHUNK, keeps

ABANDONED = [ImportState.UPLOADED, ImportState.CHECKED]
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
    _drop_orphans(Path(settings.UPLOADS_DIR), before.timestamp())


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


def _drop_orphans(folder: Path, before: float) -> None:
    old = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < before]
    wanted = Import.objects.unfinished().filter(stored_name__in=[path.name for path in old])
    kept = set(wanted.values_list("stored_name", flat=True))
    for path in old:
        if path.name not in kept:
            path.unlink(missing_ok=True)
