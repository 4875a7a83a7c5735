"""Which parts are working: shown on /healthz and in the settings."""

from datetime import timedelta
from typing import Any

from gateway import clock
from gateway.models import EventState, Heartbeat, HookEvent

SILENT_AFTER = timedelta(seconds=60)


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def report() -> dict[str, Any]:
    """The parts, each with whether it works; `ok` when all do. Reaching this means the database does."""
    parts = {"database": True, "worker": is_beating("worker")}
    backlog = HookEvent.objects.filter(state=EventState.NEW, due_at__lt=clock.now() - SILENT_AFTER).exists()
    parts["hooks"] = not backlog
    return {"ok": all(parts.values()), "parts": parts}


def is_beating(name: str) -> bool:
    return Heartbeat.objects.filter(name=name, at__gt=clock.now() - SILENT_AFTER).exists()
