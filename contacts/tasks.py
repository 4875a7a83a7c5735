"""Wake-ups and the sweep of imports. The database says what is to be done; a task only looks."""

from celery import shared_task

from contacts.bulk import action_lifecycle, action_runner
from contacts.consent import propagation
from contacts.erasure import erasing
from contacts.importing import checking, import_lifecycle, saving, undoing


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
    action_runner.run(action_id)


@shared_task
def sweep_jobs() -> None:
    import_lifecycle.sweep()
    erasing.sweep()
    action_lifecycle.sweep()


@shared_task
def sweep_opt_outs() -> None:
    propagation.sweep()
