"""Each worker asks the database by itself what is due: with the broker or beat away, nothing waits.

While beat's sweeps arrive, the worker's heartbeat is fresh, and nobody stands in. When it is not, one worker
at a time does all that beat would have asked for, and does what that wakes by itself (`inline_tasks`).
"""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import signals
from django.db import Error, close_old_connections

from gateway import clock
from gateway.models import Heartbeat
from gateway.workers import inline_tasks

log = logging.getLogger(__name__)

SWEEP_EVERY = 5.0  # seconds: how often beat asks for a sweep
LATE = 1.5  # seconds that its sweep may take to arrive
SHORTEST, LONGEST = 0.5, 6.5  # seconds between two looks
AWAY_PAUSE = 2.0  # seconds between two looks at a database that does not answer


@signals.worker_init.connect
def start(sender: Any, **kwargs: Any) -> None:
    """Before a worker reaches for its broker: from now on it needs nobody to tell it."""
    schedule = sender.app.conf.beat_schedule.values()
    intervals = {entry["task"]: entry["schedule"] for entry in schedule}
    inline_tasks.allow()
    threading.Thread(target=_Looker(intervals).look_on, name="looker", daemon=True).start()


class _Looker:
    def __init__(self, intervals: Mapping[str, float]) -> None:
        self._intervals = intervals
        self._sleep = threading.Event()  # never set: one that a test may set
        self._is_away = False

    def look_on(self) -> None:
        while not self._sleep.wait(self._look()):
            pass

    def _look(self) -> float:
        """Seconds until the next look."""
        try:
            close_old_connections()
            pause = look(self._intervals)
        except Error as error:
            if not self._is_away:
                log.warning("the database does not answer (%s); looking again", type(error).__name__)
            self._is_away = True
            return AWAY_PAUSE
        except Exception:
            log.exception("a look at what is due did not end")
            return AWAY_PAUSE
        if self._is_away:
            log.warning("the database answers again")
        self._is_away = False
        return pause


def look(intervals: Mapping[str, float]) -> float:
    """Do what is due where nobody asks for it; seconds until the next look."""
    last = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    late = _overdue(last)
    if late < 0:
        return min(max(-late, SHORTEST), LONGEST)
    for task, seconds in intervals.items():
        if _claim(_name_of(task), seconds):
            inline_tasks.instead((task, ()))
    return SHORTEST


def _overdue(last: datetime | None) -> float:
    """Seconds since a sweep should have been here; below 0 while it may still come in time."""
    if last is None:
        return 0.0
    return (clock.now() - last).total_seconds() - SWEEP_EVERY - LATE


def _claim(name: str, seconds: float) -> bool:
    """Of the workers that look, one: who moves the time of the last run on."""
    now = clock.now()
    row = Heartbeat.objects.filter(name=name)
    if row.filter(at__lte=now - timedelta(seconds=seconds)).update(at=now):
        return True
    if row.filter(at__gt=now).update(at=now):  # a clock that was set back
        return True
    return not row.exists() and Heartbeat.objects.get_or_create(name=name, defaults={"at": now})[1]


def _name_of(task: str) -> str:
    """A heartbeat's, of one that stood in."""
    return f"instead:{task.rpartition('.')[2]}"
