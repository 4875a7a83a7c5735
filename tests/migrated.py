"""An empty database with every migration applied: made once, then copied, as migrating takes twenty seconds.

It is made again when a migration, or what requirements.txt pins, has changed. On SQLite it is a file, on
PostgreSQL a database beside those that are made from it.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.database import database_url, with_path
from tests.faults.remote_python import ROOT, run_python

FOLDER = ROOT / ".pytest_cache" / "migrated"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before the time of any test runs: on a busy machine it takes longer than a test may."""
    if hasattr(session.config, "workerinput"):
        return
    if connection.vendor == "sqlite":
        _file()
    else:
        with suppress(psycopg.OperationalError):  # the tests say so
            template_on(database_url())


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
            patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        else:
            patch.setitem(connection.settings_dict["TEST"], "TEMPLATE", template_on(database_url()))
        yield


def copy_to(path: Path) -> None:
    shutil.copyfile(_file(), path)


def empty(_: TransactionTestCase | None = None) -> None:
    """After a test that committed: page by page, where Django would flush each table and fill two again."""
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{_file()}?immutable=1", uri=True)) as migrated:
        migrated.backup(connection.connection)


@cache
def _file() -> Path:
    return made_once("migrated", of=_migrations(), by=lambda path: _migrate(f"sqlite:///{path}"))


def made_once(name: str, *, of: Iterable[Path], by: Callable[[Path], None]) -> Path:
    """The file that `by` makes, made again when one of these has changed."""
    made = FOLDER / f"{name}-{_state(of)}"
    with _alone(name):
        if not made.exists():
            for old in FOLDER.glob(f"{name}-*"):
                old.unlink()
            half = FOLDER / f"{name}-half"
            by(half)
            half.replace(made)
    return made


@cache
def template_on(url: str) -> str:
    """The name of that database on a PostgreSQL server; nobody connects to it."""
    ours = f"migrated_{sha256(str(ROOT).encode()).hexdigest()[:8]}_"
    name, half = f"{ours}{_state(_migrations())}", f"{ours}half"
    server_url = with_path(url, "postgres")
    with _alone("template"), psycopg.connect(server_url, autocommit=True, connect_timeout=5) as server:
        of_this_folder = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        there = {each for (each,) in server.execute(of_this_folder, [ours])}
        if name not in there:
            for old in there:
                server.execute(f'DROP DATABASE "{old}"')
            server.execute(f'CREATE DATABASE "{half}"')
            _migrate(with_path(url, half))
            server.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    return name


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Of all processes that want it, one makes it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    here = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    run_python("-m", "django", "migrate", "--verbosity", "0", **here)


def _migrations() -> list[Path]:
    return [ROOT / "requirements.txt", *ROOT.glob("[!.]*/**/migrations/*.py")]


def _state(files: Iterable[Path]) -> str:
    written = b"".join(str(file.relative_to(ROOT)).encode() + file.read_bytes() for file in sorted(files))
    return sha256(written).hexdigest()[:16]
