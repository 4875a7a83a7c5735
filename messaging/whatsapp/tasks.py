"""The tick. The database says what is to be done; a task only looks."""

from celery import shared_task

from messaging.whatsapp import looking_up


@shared_task
def tick() -> None:
    looking_up.tick()
