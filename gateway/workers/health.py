"""Which parts are working: shown on /healthz and in the settings."""

import logging
from datetime import timedelta
from typing import Any

from django.db import Error

from gateway import clock
from gateway.models import EventState, Heartbeat, HookEvent
from gateway.workers import disk_space, wake_up

log = logging.getLogger(__name__)

HEARTBEAT_TIMEOUT = timedelta(seconds=60)


def record_heartbeat(name: str) -> None:
    if not Heartbeat.objects.filter(name=name).update(at=clock.now()):
        Heartbeat.objects.get_or_create(name=name, defaults={"at": clock.now()})


def report() -> dict[str, Any]:
    """The parts, each with whether it works; `ok` when all do. Without a database no other part is known."""
    try:
        parts = _parts()
    except Error as error:
        log.warning("the database does not answer: %s", type(error).__name__)
        parts = {"database": False}
    return {"ok": all(parts.values()), "parts": parts}


def _parts() -> dict[str, bool]:
    parts = {"database": True, "worker": is_alive("worker")}
    backlog = HookEvent.objects.filter(
        state=EventState.NEW, due_at__lt=clock.now() - HEARTBEAT_TIMEOUT
    ).exists()
    parts["hooks"] = not backlog
    parts["broker"] = wake_up.is_broker_reachable()
    parts["disk"] = disk_space.is_sufficient()
    return parts


def is_alive(name: str) -> bool:
    return Heartbeat.objects.filter(name=name, at__gt=clock.now() - HEARTBEAT_TIMEOUT).exists()
