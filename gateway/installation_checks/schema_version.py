"""Whether the database has the shape that this code is made for, by names of migrations."""

from typing import Any

from django.apps import apps
from django.core import checks
from django.core.checks import Tags, register
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Step = tuple[str, str]  # an app, and the name of its migration


def differences() -> list[str]:
    """In words, with what to do."""
    known, there = _of_code(), _of_database()
    replaced = {step for migration in known.values() for step in migration.replaces}
    ours = {app for app, _ in known}
    if later := sorted(step for step in there - known.keys() - replaced if step[0] in ours):
        return [
            (
                f"The database is newer than this code, which does not know {' '.join(later[-1])}: another "
                "host runs a later version. Install that version on this host."
            )
        ]
    if found := left_between():
        return [found]
    if missing := sorted(known.keys() - there):
        return [
            (
                f"The database is older than this code: {' '.join(missing[0])} is not in it"
                f"{f', nor are {len(missing) - 1} more' if len(missing) > 1 else ''}. Once, on one host, run "
                ".venv/bin/python manage.py migrate (bin/run without arguments does so by itself)."
            )
        ]
    return []


def left_between() -> str:
    """Words for a database that has some of the steps that one migration stands for, and not all; else "".

    Django would leave that migration out, in silence or with an error that names neither.
    """
    there = _of_database()
    for (app, name), migration in sorted(_of_code().items()):
        lacking = [step for _, step in migration.replaces if (app, step) not in there]
        if lacking and len(lacking) < len(migration.replaces):
            where = apps.get_app_config(app).name.replace(".", "/")
            return (
                f"The database was left between two versions: of the steps that {app} {name} stands for, "
                f"{lacking[0]} is not in it, and others are. Install the last version that has "
                f"{where}/migrations/{lacking[-1]}.py, run .venv/bin/python manage.py migrate there, and "
                "come back to this one."
            )
    return ""


@register(Tags.database)
def check(app_configs: Any, databases: Any = None, **options: Any) -> list[checks.Error]:
    """As manage.py migrate begins."""
    found = left_between() if databases else ""
    return [checks.Error(found, id="smartdialog.E001")] if found else []


def _of_code() -> dict[Step, Migration]:
    return MigrationLoader(None).disk_migrations


def _of_database() -> set[Step]:
    return set(MigrationRecorder(connection).applied_migrations())
