"""Wake-ups and sweeps. The database says what is to be done; a task only looks."""

from celery import shared_task

from gateway.hooks import processing
from gateway.installation_checks import restored
from gateway.outbox import backlogs, draining
from gateway.sign_in import connections
from gateway.workers import health, retention, sweeping
from gateway.workers.wake_up import DRAIN, PROCESS_EVENTS, wake_at, wake_now


@shared_task
def drain(connection_id: int) -> None:
    if again_at := draining.drain(connection_id):
        wake_at(again_at, DRAIN, connection_id)


@shared_task
def sweep() -> None:
    sweeping.sync_host_clock()
    health.record_heartbeat("worker")
    restored.note()
    sweeping.wake_due_connections()


@shared_task
def recover_connections() -> None:
    """What nobody waits for by the second."""
    connections.unlock()
    connections.end_unrenewable()
    backlogs.wake_cancelled()


@shared_task
def drop_backlog(backlog_id: int) -> None:
    backlogs.drop(backlog_id)


@shared_task
def process_events() -> None:
    if processing.process_due() == processing.CHUNK:
        wake_now(PROCESS_EVENTS)


@shared_task
def prune() -> None:
    sweeping.prune()
    retention.prune()


@shared_task
def read_directories() -> None:
    sweeping.read_directories()
