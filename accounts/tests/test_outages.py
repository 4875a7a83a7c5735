"""With the database away pages say so, callers are told to try again, and logs stay short."""

import logging

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import RequestFactory

from accounts.web import outages


def of_postgres(state: str | None, words: str = "x") -> OperationalError:
    error = OperationalError(words)
    cause = type("Psycopg", (psycopg.OperationalError,), {"__module__": "psycopg", "sqlstate": state})()
    error.__cause__ = cause
    return error


def within(error: Exception) -> Exception:
    """As a fault that it led to."""
    outer = ValueError()
    outer.__context__ = error
    return outer


AWAY = [
    of_postgres(None, "connection refused"),
    of_postgres("57P01"),
    of_postgres("55000"),
    of_postgres("53300"),
    InterfaceError("connection already closed"),
    OperationalError("unable to open database file"),
    within(of_postgres("08006")),
]
HERE = [
    of_postgres("53100", "No space left on device"),
    of_postgres("40P01", "deadlock"),
    OperationalError("database is locked"),
    OperationalError("database or disk is full"),
    IntegrityError("unique"),
    ValueError(),
    None,
]


@pytest.mark.parametrize("error", AWAY)
def test_that_the_database_is_away_is_known(error):
    assert outages.is_away(error)


@pytest.mark.parametrize("error", HERE)
def test_another_fault_is_not_taken_for_it(error):
    assert not outages.is_away(error)


def raised(error: Exception):
    try:
        raise error
    except type(error):
        return outages.server_fault(RequestFactory().get("/"))


def test_a_page_says_that_the_database_is_away_and_what_was_kept():
    answer = raised(of_postgres(None))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "What was saved before is kept" in answer.content.decode()


def test_any_other_fault_is_a_fault():
    assert raised(ValueError()).status_code == 500


def test_of_what_beat_cannot_carry_a_log_has_a_line():
    error = ConnectionError("refused")
    record = logging.LogRecord(
        "celery.beat",
        logging.ERROR,
        "",
        0,
        "Message Error: %s\n%s",
        ("refused", ["code"]),
        (None, error, None),
    )

    assert outages.WithoutTraceback().filter(record)

    assert (record.getMessage(), record.exc_info) == ("Message Error: refused: ConnectionError", None)


@pytest.mark.parametrize(("error", "has_traceback"), [(AWAY[0], False), (ValueError("a fault"), True)])
def test_of_an_outage_a_log_has_a_line(error, has_traceback):
    record = logging.LogRecord(
        "x", logging.ERROR, "", 0, "Task %s failed\nand more", ("a",), (type(error), error, None)
    )

    assert outages.WithoutTraceback().filter(record)

    assert bool(record.exc_info) == has_traceback
    assert ("the database does not answer" in record.getMessage()) != has_traceback
