"""An empty SQLite database with every migration applied: made once, then copied, as migrating takes seconds.

It is made again when a migration, or what requirements.txt pins, has changed.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.remote_python import ROOT, run_python

FOLDER = ROOT / ".pytest_cache" / "migrated"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """The tests' own database begins as a copy; its migrate then finds nothing to do."""
    creation = connection.creation
    create = creation._create_test_db

    def created(*args: object, **named: object) -> str:
        name: str = create(*args, **named)
        copy_to(Path(name))
        return name

    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setattr(creation, "_create_test_db", created)
        yield


def copy_to(path: Path) -> None:
    shutil.copyfile(_migrated(), path)


@cache
def _migrated() -> Path:
    migrations = [ROOT / "requirements.txt", *ROOT.glob("[!.]*/**/migrations/*.py")]
    return made_once("migrated", of=migrations, by=_migrate)


def made_once(name: str, *, of: Iterable[Path], by: Callable[[Path], None]) -> Path:
    """The file that `by` makes, made again when one of these has changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = FOLDER / f"{name}-{_state(of)}"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of all processes that want it, one makes it
        if not made.exists():
            for old in FOLDER.glob(f"{name}-*"):
                old.unlink()
            half = FOLDER / f"{name}-half"
            by(half)
            half.replace(made)
    return made


def _migrate(path: Path) -> None:
    here = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": f"sqlite:///{path}"}
    run_python("-m", "django", "migrate", "--verbosity", "0", **here)


def _state(files: Iterable[Path]) -> str:
    written = b"".join(str(file.relative_to(ROOT)).encode() + file.read_bytes() for file in sorted(files))
    return sha256(written).hexdigest()[:16]
