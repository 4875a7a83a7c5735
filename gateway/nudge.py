"""Tell a worker that there is work. The database is the truth: a lost nudge costs seconds, nothing else."""

import logging
from functools import partial

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def nudge(task: Task, *ids: int) -> None:
    """Once this transaction commits, ask for the task; never raises, and asks once per transaction."""
    connection = transaction.get_connection()
    asked = {key for _, func, _ in connection.run_on_commit if (key := getattr(func, "nudges", None))}
    key = (task.name, ids)
    if key in asked:
        return
    send = partial(_send, task, ids)
    send.nudges = key  # type: ignore[attr-defined]
    transaction.on_commit(send)


def _send(task: Task, ids: tuple[int, ...]) -> None:
    try:
        task.apply_async(args=ids, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning(
            "nudge %s%s was lost (%s); the sweep will find the work", task.name, ids, type(error).__name__
        )
