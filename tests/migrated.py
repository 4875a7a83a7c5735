"""An empty SQLite database with every migration applied: made once, then copied, as migrating takes seconds.

It is made again when a migration, or what requirements.txt pins, has changed.
"""

import fcntl
import shutil
from collections.abc import Iterator
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
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = FOLDER / f"{_state()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of all processes that want it, one makes it
        if not made.exists():
            _make(made)
    return made


def _make(path: Path) -> None:
    for old in FOLDER.glob("*.sqlite3*"):
        old.unlink()
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    here = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": f"sqlite:///{half}"}
    run_python("-m", "django", "migrate", "--verbosity", "0", **here)
    half.replace(path)


def _state() -> str:
    files = [ROOT / "requirements.txt", *sorted(ROOT.glob("[!.]*/**/migrations/*.py"))]
    written = b"".join(str(file.relative_to(ROOT)).encode() + file.read_bytes() for file in files)
    return sha256(written).hexdigest()[:16]
