"""A chunk of contacts, changed by a few statements for all of them, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from contacts.models import Contact, SyncState
from contacts.models.contact import MAY_EXIST_REMOTELY, ContactQuerySet
from gateway import clock
from gateway.models import UNSETTLED, Backlog, Operation, OperationState
from gateway.models.outbox import QUEUED
from gateway.outbox import backlogs


def lock_present(keys: Sequence[int]) -> ContactQuerySet:
    """Those still in the lists, ours until the commit; in the order in which every worker takes them."""
    return Contact.objects.present().filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")


def keys_of(contacts: ContactQuerySet) -> list[int]:
    return list(contacts.values_list("pk", flat=True))


def never_sent(keys: Sequence[int]) -> list[int]:
    """Those that SmartDialog has never taken."""
    return keys_of(Contact.objects.filter(pk__in=keys).exclude(MAY_EXIST_REMOTELY))


def update_and_queue(keys: Sequence[int], backlog: Backlog, **fields: Any) -> None:
    """Set the fields, and let each make one call when its turn comes, as it is by then.

    What failed earlier needs nobody any more: this change says all that it said.
    """
    if not keys:
        return
    _cancel(keys, Q(state=OperationState.FAILED))
    add_to_backlog(keys, backlog, **fields)


def add_to_backlog(keys: Sequence[int], backlog: Backlog, **fields: Any) -> None:
    changed = Contact.objects.filter(pk__in=keys).update(
        **({"sync_state": SyncState.WAITING} | fields),
        sync_error="",
        found_remotely=None,
        revision=F("revision") + 1,
        updated_at=timezone.now(),
        backlog=backlog,
    )
    backlogs.add_rows(backlog, changed)


def cancel_calls(keys: Sequence[int]) -> None:
    """Their calls that surely have not left do not leave, and those that failed are not tried again."""
    waiting = Q(state__in=QUEUED, possibly_accepted=False)
    _cancel(keys, waiting | Q(state=OperationState.FAILED))


def idle_contacts(keys: Sequence[int]) -> set[int]:
    """Those of whom no call is under way."""
    if not keys:
        return set()
    underway = Operation.objects.filter(subject__in=_subjects(keys), state__in=UNSETTLED)
    busy = set(underway.values_list("subject", flat=True))
    return {key for key in keys if f"contact:{key}" not in busy}


def delete_contacts(keys: Sequence[int]) -> None:
    """Delete the rows; what refers to them lets go of them first."""
    if not keys:
        return
    places = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        for statement in _letting_go(f"IN ({places})"):
            cursor.execute(statement, keys)
        cursor.execute(f"DELETE FROM contacts_contact WHERE id IN ({places})", keys)  # noqa: S608


def _letting_go(which: str) -> Iterable[str]:
    """No row of contacts takes others with it: whatever names one has to be able to do without."""
    for relation in Contact._meta.related_objects:
        table, column = relation.related_model._meta.db_table, relation.field.column
        yield f"UPDATE {table} SET {column} = NULL WHERE {column} {which}"  # noqa: S608


def _cancel(keys: Sequence[int], which: Q) -> None:
    cancelled = Operation.objects.filter(which, subject__in=_subjects(keys))
    cancelled.update(state=OperationState.CANCELLED, settled_at=clock.now())


def _subjects(keys: Sequence[int]) -> list[str]:
    return [f"contact:{key}" for key in keys]
