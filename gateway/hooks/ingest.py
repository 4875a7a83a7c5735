"""An event into its table, in one statement: whoever asks, a guess takes as long as a good secret."""

import threading
from contextlib import nullcontext

from django.db import connection, transaction

from gateway import clock
from gateway.hooks.debounce import TaskDebouncer
from gateway.hooks.subscriptions import ACCEPTING, digest_of
from gateway.models import EventState, HookEvent, HookKind, HookSubscription
from gateway.workers.wake_up import PROCESS_EVENTS

_COLUMNS = ("received_at", "body", "query", "state", "due_at", "attempts", "reason")
_STATES = ", ".join(["%s"] * len(ACCEPTING))
_INSERT = (
    f"INSERT INTO {HookEvent._meta.db_table} (subscription_id, {', '.join(_COLUMNS)}) "  # noqa: S608  our own names
    f"SELECT id, {', '.join(['%s'] * len(_COLUMNS))} FROM {HookSubscription._meta.db_table} "
    f"WHERE digest = %s AND kind = %s AND state IN ({_STATES}) AND (taken_until IS NULL OR taken_until > %s)"
)

debouncer = TaskDebouncer(PROCESS_EVENTS)
# SQLite has one writer, and those who find it busy sleep: in line they are faster.
_write_lock = threading.Lock() if connection.vendor == "sqlite" else nullcontext()


def store(secret: str, kind: HookKind, *, body: bytes = b"", query: str = "") -> bool:
    """Whether the secret is of a subscription still taken, and the event stored. Raises django.db.Error."""
    moment = connection.ops.adapt_datetimefield_value(clock.now())
    event = [moment, body, query, EventState.NEW, moment, 0, ""]
    with _write_lock, connection.cursor() as cursor:
        cursor.execute(_INSERT, [*event, digest_of(secret), kind, *ACCEPTING, moment])
        stored = cursor.rowcount == 1
    if stored:
        transaction.on_commit(debouncer.trigger)
    return stored
