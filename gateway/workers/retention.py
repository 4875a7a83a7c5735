"""How long it is kept what was sent and received, once it is done: a rule a kind, with its days in settings.

Each rule is called by the hour with the moment before which things are old.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from accounts.registry import Registry
from accounts.sign_in import limits
from gateway import clock
from gateway.models import HookEvent, Operation, OperationState
from gateway.models.hooks import DEAD_LETTERS, EventState
from gateway.rate_limit import ledger

RetentionRule = Callable[[datetime], object]

RULES = Registry[RetentionRule]("retention of")
keeps = RULES.register  # @keeps("payloads"); settings.RETENTION_DAYS says how many days
CHUNK = 5_000  # rows of a statement


def prune() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    limits.prune()
    for name in sorted(RULES.names()):
        RULES[name](clock.now() - timedelta(days=settings.RETENTION_DAYS[name]))


@keeps("payloads")
def empty_payloads(before: datetime) -> None:
    """That a call was made stays; what it said of people does not. What a person may try again does."""
    over = Operation.objects.filter(state__in=[OperationState.DONE, OperationState.CANCELLED])
    old = over.filter(settled_at__lt=before).exclude(payload={})
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        emptied = Operation.objects.filter(pk__in=keys)
        emptied.exclude(reason_params={}).update(reason="", reason_params={})
        emptied.update(payload={})


@keeps("calls")
def forget_calls(before: datetime) -> None:
    ledger.prune(before)


@keeps("events")
def empty_events(before: datetime) -> None:
    """Messages and reports have what was read of them. What nobody could read is nowhere else."""
    waiting = [EventState.NEW, EventState.PARKED, EventState.UNCLEAR, *DEAD_LETTERS]
    old = HookEvent.objects.filter(received_at__lt=before).exclude(state__in=waiting)
    while keys := list(old.exclude(body=b"", query="").order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        HookEvent.objects.filter(pk__in=keys).update(body=b"", query="")
