"""The traffic as the control page shows it: each sign-in's minute, and the latest calls."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from sandbox import switches
from sandbox.models import LedgerCall, Person

CALLS_SHOWN = 25


def traffic() -> dict[str, Any]:
    latest = LedgerCall.objects.order_by("-id")[:CALLS_SHOWN]
    names = {str(person.subject): person.name for person in Person.objects.all()}
    return {"meters": meters(), "calls": [(call, names.get(call.connection, "")) for call in latest]}


def meters() -> list[dict[str, Any]]:
    """How much of its minute each sign-in has used."""
    limit = switches.get("calls_per_minute")
    recent = LedgerCall.objects.filter(arrived_at__gt=timezone.now() - timedelta(seconds=60), window__gt=0)
    counted = recent.order_by().values_list("connection").annotate(Count("id"))
    used = dict(counted)
    return [
        {"name": person.name, "used": used.get(str(person.subject), 0), "limit": limit}
        for person in Person.objects.all()
    ]
