"""Which parts are working: shown on /healthz and in the settings."""

from datetime import timedelta
from typing import Any

from gateway import clock, nudge, room
from gateway.models import EventState, Heartbeat, HookEvent

SILENT_AFTER = timedelta(seconds=60)


def beat(name: str) -> None:
    if not Heartbeat.objects.filter(name=name).update(at=clock.now()):
        Heartbeat.objects.get_or_create(name=name, defaults={"at": clock.now()})


def report() -> dict[str, Any]:
    """The parts, each with whether it works; `ok` when all do. Reaching this means the database does."""
    parts = {"database": True, "worker": is_beating("worker")}
    backlog = HookEvent.objects.filter(state=EventState.NEW, due_at__lt=clock.now() - SILENT_AFTER).exists()
    parts["hooks"] = not backlog
    parts["broker"] = nudge.is_heard()
    parts["disk"] = room.is_left()
    return {"ok": all(parts.values()), "parts": parts}


def is_beating(name: str) -> bool:
    return Heartbeat.objects.filter(name=name, at__gt=clock.now() - SILENT_AFTER).exists()
