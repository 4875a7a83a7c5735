"""Whether the database has the shape that this code is made for, by names of migrations."""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def differences() -> list[str]:
    """In words, with what to do."""
    here = _of_code()
    there = {(app, name) for app, name in MigrationRecorder(connection).applied_migrations() if app in here}
    known = {(app, name) for app, names in here.items() for name in names}
    if later := sorted(there - known):
        return [
            (
                f"The database is newer than this code, which does not know {' '.join(later[-1])}: another "
                "host runs a later version. Install that version on this host."
            )
        ]
    if missing := sorted(known - there):
        return [
            (
                f"The database is older than this code: {' '.join(missing[0])} is not in it"
                f"{f', nor are {len(missing) - 1} more' if len(missing) > 1 else ''}. Once, on one host, run "
                ".venv/bin/python manage.py migrate (bin/run without arguments does so by itself)."
            )
        ]
    return []


def _of_code() -> dict[str, set[str]]:
    """Names of migrations by app."""
    folders = {each.label: Path(each.path) / "migrations" for each in apps.get_app_configs()}
    found = {app: {path.stem for path in folder.glob("[0-9]*.py")} for app, folder in folders.items()}
    return {app: names for app, names in found.items() if names}
