"""Tell a worker that there is work. The database is the truth: a lost wake-up costs seconds, nothing else.

Nobody waits for the broker (`gateway.workers.publishing`).
Tasks are sent by their names, so that what wakes a worker up need not import what the worker then does.
"""

import threading
import time
from contextlib import nullcontext
from datetime import datetime
from functools import partial

from celery import current_app
from django.db import transaction

from gateway import clock
from gateway.models import Connection
from gateway.workers import inline_tasks, publishing
from gateway.workers.inline_tasks import TaskKey

MAX_DELAY = 60.0  # seconds; what is due later is left to the sweep

DRAIN = "gateway.tasks.drain"
DROP_BACKLOG = "gateway.tasks.drop_backlog"
PROCESS_EVENTS = "gateway.tasks.process_events"


def wake_drain(connection: Connection) -> None:
    wake_on_commit(DRAIN, connection.pk)


def wake_on_commit(task: str, *ids: int) -> None:
    """Once this transaction commits, ask for the task; never raises, and asks once per transaction."""
    connection = transaction.get_connection()
    pending = {key for _, func, _ in connection.run_on_commit if (key := getattr(func, "wake_key", None))}
    key = (task, ids)
    if key in pending:
        return
    send = partial(wake_now, task, *ids)
    send.wake_key = key  # type: ignore[attr-defined]
    transaction.on_commit(send)


def wake_at(moment: datetime, task: str, *ids: int) -> None:
    """Ask for the task at that moment, once in this process. It dies with it: the sweep finds the work."""
    wait = max(0.0, (moment - clock.now()).total_seconds())
    if wait <= MAX_DELAY:
        _timers.set(time.monotonic() + wait, task, ids)


class _Timers:
    """At most one for each task and ids: the earliest that was asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: dict[TaskKey, tuple[float, threading.Timer]] = {}

    def set(self, at: float, task: str, ids: tuple[int, ...]) -> None:
        key = (task, ids)
        with self._lock:
            earlier, timer = self._set.get(key, (at, None))
            if timer and earlier <= at:
                return
            if timer:
                timer.cancel()
            given = (at, task, ids, inline_tasks.is_here())
            timer = threading.Timer(at - time.monotonic(), self._fire, given)
            timer.daemon = True
            self._set[key] = (at, timer)
            timer.start()

    def _fire(self, at: float, task: str, ids: tuple[int, ...], is_local: bool) -> None:
        with self._lock:
            key = (task, ids)
            if self._set.get(key, (None,))[0] == at:
                del self._set[key]
        with inline_tasks.here() if is_local else nullcontext():
            wake_now(task, *ids)


_timers = _Timers()


def is_broker_reachable() -> bool:
    """Whether the broker takes wake-ups now. One that has just been away is not waited for."""
    if publishing.breaker.is_open:
        return False
    with current_app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=0)  # connect() sleeps two seconds, and tries once more
        except (*publishing.LOST, *broker.connection_errors) as error:
            publishing.breaker.failed(error)
            return False
    return True


def wake_now(task: str, *ids: int) -> None:
    """Now; never raises, and waits for nobody."""
    send = inline_tasks.instead if inline_tasks.is_here() else publishing.publisher.put
    send((task, ids))
