"""The background thread of the platform's own work. The rows are the truth, so a restart loses nothing."""

import logging
import threading

from django.db import DatabaseError, connection

from sandbox.deliveries import due_work
from sandbox.deliveries.callbacks import CallbackSender

IDLE_SECONDS = 0.2
BUSY_SECONDS = 0.01

log = logging.getLogger(__name__)
_woken = threading.Event()
_stopping = threading.Event()
_thread: threading.Thread | None = None


def start() -> None:
    global _thread
    _stopping.clear()
    _thread = threading.Thread(target=run, name="deliveries", daemon=True)
    _thread.start()


def stop() -> None:
    _stopping.set()
    wake()
    if _thread:
        _thread.join(timeout=2)


def wake() -> None:
    """Something may be due: look now."""
    _woken.set()


def run() -> None:
    caller = CallbackSender()
    try:
        while not _stopping.is_set():
            busy = run_once(caller)
            _woken.wait(BUSY_SECONDS if busy else IDLE_SECONDS)
            _woken.clear()
    finally:
        caller.stop()
        connection.close()


def run_once(caller: CallbackSender) -> bool:
    """Whether there may be more to do at once. A database that is locked or gone is tried again."""
    try:
        caller.settle()
        delivered = due_work.deliver_due()
        due_work.review_due()
        return bool(caller.start_due() or delivered)
    except DatabaseError:
        log.exception("The delivery round failed and is tried again")
        return False
