"""Nudges and sweeps. The database says what is to be done; a task only looks."""

from celery import shared_task

from gateway import health, sweeping
from gateway.hooks import processing
from gateway.outbox import draining


@shared_task
def drain(connection_id: int) -> None:
    draining.drain(connection_id)


@shared_task
def sweep() -> None:
    health.beat("worker")
    sweeping.nudge_due_connections()


@shared_task
def process_events() -> None:
    processing.process_due()


@shared_task
def process_event(event_id: int) -> None:
    processing.process(event_id)


@shared_task
def prune() -> None:
    sweeping.prune()


@shared_task
def read_directories() -> None:
    sweeping.read_directories()
