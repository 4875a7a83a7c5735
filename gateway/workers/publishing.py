"""Wake-ups on their way to the broker, by a thread of their own: nobody waits for one that is away.

A circuit breaker: after one that was lost none is tried for some seconds. In a worker, that worker does by
itself what is lost (`inline_tasks`); elsewhere the workers find it (`fallback_scheduler`).
"""

import atexit
import logging
import queue
import threading
import time
from collections.abc import Callable

from celery import current_app
from kombu.exceptions import OperationalError

from gateway.workers import inline_tasks
from gateway.workers.inline_tasks import TaskKey

log = logging.getLogger(__name__)

PAUSE = 3.0  # seconds without a try, after a broker did not answer
FLUSH = 1.0  # seconds that a process which ends waits for what it has not sent
LOST: tuple[type[BaseException], ...] = (OperationalError, OSError)


class Breaker:
    """Open while the broker is known to be away."""

    def __init__(self) -> None:
        self._tries_at = 0.0
        self.is_away = False

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._tries_at

    def failed(self, error: BaseException) -> None:
        """Said once for as long as it lasts."""
        if not self.is_away:
            log.warning("the broker takes no wake-ups (%s: %s); workers look by themselves", *_named(error))
        self.is_away, self._tries_at = True, time.monotonic() + PAUSE

    def succeeded(self) -> None:
        if self.is_away:
            log.warning("the broker takes wake-ups again")
        self.is_away, self._tries_at = False, 0.0


class Publisher:
    """`put` returns at once; one that waits already is not put again."""

    def __init__(self, send: Callable[[TaskKey], None], breaker: Breaker) -> None:
        self._send, self._breaker = send, breaker
        self._queue: queue.SimpleQueue[TaskKey] = queue.SimpleQueue()
        self._waiting: set[TaskKey] = set()
        self._is_sending = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, key: TaskKey) -> None:
        with self._lock:
            if key in self._waiting:
                return
            self._waiting.add(key)
            self._queue.put(key)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="wake-ups", daemon=True)
                self._thread.start()

    def flush(self, seconds: float = FLUSH) -> None:
        give_up = time.monotonic() + seconds
        while (
            (self._waiting or self._is_sending) and not self._breaker.is_open and time.monotonic() < give_up
        ):
            time.sleep(0.01)

    def _work(self) -> None:
        while True:
            key = self._queue.get()
            with self._lock:  # before it leaves: what is put from now on may be of work that comes after it
                self._is_sending = True
                self._waiting.discard(key)
            try:
                self._publish(key)
            finally:
                self._is_sending = False

    def _publish(self, key: TaskKey) -> None:
        if not self._breaker.is_open:
            try:
                self._send(key)
            except LOST as error:
                self._breaker.failed(error)
            else:
                self._breaker.succeeded()
                return
        inline_tasks.instead(key)


def _send_task(key: TaskKey) -> None:
    task, ids = key
    current_app.send_task(task, args=ids, retry=False, ignore_result=True)


def _named(error: BaseException) -> tuple[str, str]:
    return type(error).__name__, str(error)[:200]


breaker = Breaker()
publisher = Publisher(_send_task, breaker)
atexit.register(publisher.flush)
