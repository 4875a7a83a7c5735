"""Whether the database has the shape that this code is made for, by names of migrations."""

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def differences() -> list[str]:
    """In words, with what to do."""
    here = _of_code()
    there = {(app, name) for app, name in MigrationRecorder(connection).applied_migrations() if app in here}
    known = {(app, name) for app, names in here.items() for name in names}
    if later := sorted(there - known - _replaced()):
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
    found = {app.label: {path.stem for path in _files(app)} for app in apps.get_app_configs()}
    return {app: names for app, names in found.items() if names}


def _replaced() -> set[tuple[str, str]]:
    """What the first migration of an app stands for: steps that older databases went through one by one."""
    firsts = [(app, path.stem) for app in apps.get_app_configs() for path in _files(app)[:1]]
    modules = [import_module(f"{app.name}.migrations.{name}") for app, name in firsts]
    return {step for module in modules for step in module.Migration.replaces}


def _files(app: AppConfig) -> list[Path]:
    return sorted(Path(app.path, "migrations").glob("[0-9]*.py"))
