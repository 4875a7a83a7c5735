"""The periodic task. The database says what is to be done; a task only looks."""

from celery import shared_task

from messaging.whatsapp.catalogue import polling


@shared_task
def poll_template_lists() -> None:
    polling.tick()
