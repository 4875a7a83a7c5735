"""A database that does not answer: told from its other faults, said in words, and logged in a line."""

import logging
import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

# Of PostgreSQL: connections that break, shutting down and starting up, too many, and refused.
_AWAY = ("08", "57P", "53300", "55000", "3D000", "28")
_SQLITE = "unable to open database file"
_FULL, _FULL_OF_SQLITE = "53100", "database or disk is full"
# Who only carries messages: what they cannot carry is told by its name, and no code of theirs.
_CARRIERS = {"celery.beat", "celery.worker.consumer.consumer"}
WORDS = """<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>SmartDialog Admin cannot work right now</title>
  <h1>SmartDialog Admin cannot work right now</h1>
  <p>It does not reach its database. What was saved before is kept, and goes on by itself when the database is
  back. What you sent just now was not saved: go back to it and send it again in a minute.</p>
</html>
"""


def is_away(error: BaseException | None) -> bool:
    """Whether the error, or what led to it, says that the database does not answer."""
    return any(map(_says_so, _chain(error)))


def has_no_room(error: BaseException) -> bool:
    """Whether the database says that its disk is full."""
    is_told = getattr(error.__cause__, "sqlstate", None) == _FULL or _FULL_OF_SQLITE in str(error)
    return isinstance(error, OperationalError) and is_told


def server_fault(request: HttpRequest) -> HttpResponse:
    """What is answered to a fault: 503 where only the database is away, so that callers try again."""
    if not is_away(sys.exc_info()[1]):
        return server_error(request)
    answer = HttpResponse(WORDS, status=503)
    answer.headers["Retry-After"] = "30"
    answer.headers["Cache-Control"] = "no-store"
    return answer


class WithoutTraceback(logging.Filter):
    """Of an outage each fault is a line: a page of code tells nothing more of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_away(error):
            self._shorten(record, "the database does not answer")
        elif error is not None and record.name in _CARRIERS:
            self._shorten(record, type(error).__name__)
        return True

    def _shorten(self, record: logging.LogRecord, why: str) -> None:
        text = f"{record.getMessage().splitlines()[0][:200]}: {why}"
        record.msg, record.args, record.exc_info, record.exc_text = text, None, None, None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _says_so(error: BaseException) -> bool:
    if isinstance(error, InterfaceError):
        return "closed" in str(error)
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state:
        return state.startswith(_AWAY)
    is_postgres = type(error.__cause__).__module__.startswith("psycopg")
    return is_postgres or _SQLITE in str(error)
