"""Wake the workers for events, debounced: of many at once for the first and, a moment later, for the rest."""

import threading
import time

from gateway.workers.wake_up import wake_now

INTERVAL = 0.1  # seconds from one wake-up by this process to the next


class TaskDebouncer:
    """Leading and trailing edge: `trigger` returns at once, as a thread of its own talks to the broker."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._lock = threading.Lock()
        self._pending = self._busy = False

    def trigger(self) -> None:
        with self._lock:
            self._pending = True
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._wake, name="debounce", daemon=True).start()

    def _wake(self) -> None:
        while self._take_pending():
            wake_now(self._task)
            time.sleep(INTERVAL)

    def _take_pending(self) -> bool:
        with self._lock:
            self._busy, self._pending = self._pending, False
            return self._busy
