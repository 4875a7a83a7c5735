"""Files that nobody goes on with are not kept, nor what was read of them."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from contacts.importing import import_lifecycle
from contacts.models import Import, ImportRow, ImportState
from gateway.retention import keeps

ABANDONED = [ImportState.UPLOADED, ImportState.CHECKED]


@keeps("uploads")
def drop_uploads(before: datetime) -> None:
    """Of imports that wait for a person, and files that are of no import."""
    for job in Import.objects.filter(state__in=ABANDONED, created_at__lt=before).select_related(
        "group__customer"
    ):
        if import_lifecycle.cancel(job, by=None):
            ImportRow.objects.filter(job=job).delete()
    _drop_orphans(Path(settings.UPLOADS_DIR), before.timestamp())


def _drop_orphans(folder: Path, before: float) -> None:
    old = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < before]
    wanted = Import.objects.unfinished().filter(stored_name__in=[path.name for path in old])
    kept = set(wanted.values_list("stored_name", flat=True))
    for path in old:
        if path.name not in kept:
            path.unlink(missing_ok=True)
