from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from sandbox.db import write_transaction
from sandbox.seed import seed


def prepare(*, fresh: bool = False) -> None:
    """Bring the database to shape and put the demo people in it; `fresh` forgets everything before."""
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    database.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    with write_transaction():
        seed()
