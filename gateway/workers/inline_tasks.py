"""Tasks that a worker does by itself, in threads of its own, while no broker brings them to it.

What such a task wakes is done here, too: the broker may take a message, and bring it to nobody for a while.
"""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from celery import current_app
from django.db import Error, close_old_connections

log = logging.getLogger(__name__)

THREADS = 8

TaskKey = tuple[str, tuple[int, ...]]  # its name, and the ids of what it is about


class LocalWork:
    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: set[TaskKey] = set()
        self._lock = threading.Lock()

    def allow(self) -> None:
        """This process is a worker: it knows the tasks."""
        self._pool = self._pool or ThreadPoolExecutor(THREADS, thread_name_prefix="local")

    def add(self, key: TaskKey) -> None:
        """Once for as often as it is asked for before it begins; nothing where no worker is."""
        with self._lock:
            if self._pool is None or key in self._waiting:
                return
            self._waiting.add(key)
            self._pool.submit(self._do, key)

    def _do(self, key: TaskKey) -> None:
        with self._lock:
            self._waiting.discard(key)
        with here():
            run(*key)


def run(task: str, ids: tuple[int, ...] = ()) -> None:
    """The task in this thread, with a database connection that still stands."""
    try:
        close_old_connections()
        current_app.tasks[task](*ids)
    except Error as error:
        log.warning("%s%s did not end (%s); a later look finds what is left", task, ids, type(error).__name__)
    except Exception:
        log.exception("%s%s did not end; a later look finds what is left", task, ids)
    finally:
        close_old_connections()


_thread = threading.local()
_work = LocalWork()
allow = _work.allow
instead = _work.add


@contextmanager
def here() -> Iterator[None]:
    """Inside, whatever this thread wakes is done by this process."""
    before = is_here()
    _thread.is_local = True
    try:
        yield
    finally:
        _thread.is_local = before


def is_here() -> bool:
    return bool(getattr(_thread, "is_local", False))
