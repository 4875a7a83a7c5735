"""Nudges and the sweep of imports. The database says what is to be done; a task only looks."""

from celery import shared_task

from contacts.importing import checking, running, saving


@shared_task
def check_import(job_id: int) -> None:
    checking.check(job_id)


@shared_task
def save_import(job_id: int) -> None:
    saving.save(job_id)


@shared_task
def tick() -> None:
    running.sweep()
