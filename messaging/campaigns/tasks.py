"""Nudges and the tick. The database says what is to be done; a task only looks."""

from celery import shared_task

from messaging.campaigns import sending


@shared_task
def tick() -> None:
    sending.tick()


@shared_task
def start(campaign_id: int) -> None:
    sending.begin_and_start(campaign_id)
