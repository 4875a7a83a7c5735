"""An erasure that begins while somebody else is in the middle of a transaction, on PostgreSQL."""

from collections.abc import Callable
from threading import Thread

from django.db import connection

from accounts.models import Customer, User
from contacts.erasure import erasing
from contacts.tests.erasures import PHONE

_WAITING = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


class ErasureBeside:
    """An erasure in a thread of its own, with a connection of its own."""

    def __init__(self, customer: Customer, by: User) -> None:
        self._customer, self._by = customer, by
        self._failed: list[Exception] = []
        self._thread = Thread(target=self._erase)

    def begin(self) -> None:
        """Until it is over, or waits for whoever began it."""
        self._thread.start()
        while self._thread.is_alive() and not is_it_waiting():
            pass

    def end(self) -> None:
        self._thread.join()
        assert self._failed == []

    def _erase(self) -> None:
        try:
            erasing.erase([self._customer], PHONE, by=self._by)
        except Exception as error:
            self._failed.append(error)
        finally:
            connection.close()


def is_it_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])


def after_the_first(monkeypatch, module, name: str, begin: Callable[[], None]) -> None:
    """`begin` once `name` of the module has answered for the first time, in the transaction that asked."""
    real, began = getattr(module, name), []

    def then_begin(*args, **named):
        answer = real(*args, **named)
        if not began:
            began.append(1)
            begin()
        return answer

    monkeypatch.setattr(module, name, then_begin)
