"""A database and a broker that nothing else uses, on the servers the environment names; none by default."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import redis

from tests import migrated
from tests.database import with_path

TAKEN = "taken-by-tests"


@contextmanager
def temporary_servers() -> Iterator[dict[str, str]]:
    """DATABASE_URL and CELERY_BROKER_URL for a stack; skips, with the reason, when one cannot be reached."""
    with (
        _database(os.environ.get("DATABASE_URL", "")) as database,
        _broker(os.environ.get("CELERY_BROKER_URL", "")) as broker,
    ):
        yield database | broker


@contextmanager
def _database(url: str) -> Iterator[dict[str, str]]:
    if not url.startswith("postgres"):
        yield {}
        return
    name = f"faults_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(with_path(url, "postgres"), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL cannot be reached: {error}")
    with server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated.template_on(url)}"')
        try:
            yield {"DATABASE_URL": with_path(url, name)}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _broker(url: str) -> Iterator[dict[str, str]]:
    if not url.startswith("redis"):
        yield {"CELERY_BROKER_URL": url} if url else {}
        return
    try:
        number = next(number for number in range(15, 0, -1) if _claim(_client(url, number)))
    except redis.ConnectionError as error:
        pytest.skip(f"Redis cannot be reached: {error}")
    except StopIteration:
        pytest.skip("Redis has no empty database left")
    try:
        yield {"CELERY_BROKER_URL": with_path(url, str(number))}
    finally:
        _client(url, number).flushdb()


def _claim(client: "redis.Redis") -> bool:
    """Whether the database was empty, and now is ours: of two who ask at once, one gets it."""
    if not client.set(TAKEN, "yes", nx=True, ex=3600):
        return False
    if client.dbsize() == 1:
        return True
    client.delete(TAKEN)
    return False


def _client(url: str, number: int) -> "redis.Redis":
    return redis.Redis.from_url(with_path(url, str(number)))
