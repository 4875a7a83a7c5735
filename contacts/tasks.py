"""Nudges and the sweep of imports. The database says what is to be done; a task only looks."""

from celery import shared_task

from contacts import lookups
from contacts.bulk import agreeing
from contacts.bulk import running as bulk_running
from contacts.erasure import erasing
from contacts.importing import checking, running, saving, undoing


@shared_task
def check_import(job_id: int) -> None:
    checking.check(job_id)


@shared_task
def save_import(job_id: int) -> None:
    saving.save(job_id)


@shared_task
def undo_import(job_id: int) -> None:
    undoing.undo(job_id)


@shared_task
def run_bulk_action(action_id: int) -> None:
    bulk_running.run(action_id)


@shared_task
def tick() -> None:
    running.sweep()
    erasing.sweep()
    agreeing.sweep()


@shared_task
def prune() -> None:
    lookups.prune()
