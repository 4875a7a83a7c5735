"""The tests' own database: as another process is told of it, and one for what runs outside pytest."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment


def database_url() -> str:
    ours = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{ours['NAME']}"
    who = f"{ours['USER']}:{ours['PASSWORD']}@" if ours["USER"] else ""
    return f"postgres://{who}{ours['HOST']}:{ours['PORT'] or 5432}/{ours['NAME']}"


def with_host(url: str, host: str) -> str:
    """The same with another host and port, and who asks as before."""
    who, at, _ = urlsplit(url).netloc.rpartition("@")
    return urlunsplit(urlsplit(url)._replace(netloc=who + at + host))


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def is_kept() -> bool:
    """Whether a PostgreSQL database, and what a benchmark filled it with, stays for its next run."""
    return bool(os.environ.get("KEEP_DATABASE")) and connection.vendor == "postgresql"


@contextmanager
def empty_database() -> Iterator[str]:
    """The name of one beside the tests' own, without any table, for as long as it is wanted."""
    if connection.vendor == "sqlite":
        with TemporaryDirectory() as folder:
            yield f"{folder}/beside.sqlite3"
        return
    name = f"{connection.settings_dict['NAME']}_beside"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield name
        cursor.execute(f'DROP DATABASE "{name}"')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Inside, whoever asks for the tests' database asks that one."""
    ours = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours


@contextmanager
def temporary_database() -> Iterator[None]:
    """The tests' own way of making one, but a file: an SQLite in memory would flatter."""
    with TemporaryDirectory() as folder:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{folder}/bench.sqlite3"
        runner = get_runner(settings)(verbosity=0, interactive=False, keepdb=is_kept())
        setup_test_environment()
        databases = runner.setup_databases(serialized_aliases=[])  # nobody goes back to how it began
        try:
            yield
        finally:
            runner.teardown_databases(databases)
            teardown_test_environment()
