"""Tell the workers that events wait: of many at once, they hear the first and, a moment later, the rest."""

import threading
import time

from gateway.wake_up import wake_now

INTERVAL = 0.1  # seconds from one nudge of this process to its next


class TaskDebouncer:
    """Whoever rings goes on at once: a thread of its own talks to the broker, slow as that may be."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._lock = threading.Lock()
        self._rung = self._busy = False

    def ring(self) -> None:
        with self._lock:
            self._rung = True
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._nudge, name="bell", daemon=True).start()

    def _nudge(self) -> None:
        while self._was_rung():
            wake_now(self._task)
            time.sleep(INTERVAL)

    def _was_rung(self) -> bool:
        with self._lock:
            self._busy, self._rung = self._rung, False
            return self._busy
