"""Whether there is room to write down what a call comes to. It is asked before the call is made."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.db import connection

MIN_FREE_BYTES = 8 * 1024 * 1024  # bytes: the outcomes of some calls, and what people do meanwhile
RECHECK_AFTER = timedelta(seconds=5)


def is_sufficient() -> bool:
    """In SQLite's file and on its disk.

    PostgreSQL says by itself that its disk is full, when the call is claimed: then none is made, either.
    """
    return connection.vendor != "sqlite" or min(_in_file(), _on_disk()) >= MIN_FREE_BYTES


def _in_file() -> int:
    """Bytes until the file is as large as it may be; the pages that are free in it count."""
    with connection.cursor() as cursor:
        most, used, free, size = (
            int(cursor.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("max_page_count", "page_count", "freelist_count", "page_size")
        )
    return (most - used + free) * size


def _on_disk() -> int:
    return shutil.disk_usage(Path(str(connection.settings_dict["NAME"])).parent).free
