"""A chunk of contacts, changed by a few statements for all of them, in the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from contacts.models import Contact, SyncState
from contacts.models.contact import MAY_EXIST_REMOTELY, ContactQuerySet
from gateway import clock, outbox
from gateway.outbox import BacklogRef, backlogs


def lock_present(keys: Sequence[int]) -> ContactQuerySet:
    """Those still in the lists, ours until the commit; in the order in which every worker takes them."""
    return Contact.objects.present().filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")


def keys_of(contacts: ContactQuerySet) -> list[int]:
    return list(contacts.values_list("pk", flat=True))


def never_sent(keys: Sequence[int]) -> list[int]:
    """Those that SmartDialog has never taken."""
    return keys_of(Contact.objects.filter(pk__in=keys).exclude(MAY_EXIST_REMOTELY))


def update_and_queue(keys: Sequence[int], backlog: BacklogRef, **fields: Any) -> None:
    """Set the fields, and let each make one call when its turn comes, as it is by then.

    What failed earlier needs nobody any more: this change says all that it said.
    """
    if not keys:
        return
    outbox.supersede(subjects=outbox.subjects_of(Contact, keys))
    add_to_backlog(keys, backlog, **fields)


def add_to_backlog(keys: Sequence[int], backlog: BacklogRef, **fields: Any) -> None:
    changed = Contact.objects.filter(pk__in=keys).update(
        **({"sync_state": SyncState.WAITING, "sync_error": ""} | fields),
        found_remotely=None,
        revision=F("revision") + 1,
        updated_at=clock.now(),
        backlog_id=backlog.id,
    )
    backlogs.add_rows(backlog, changed)


def cancel_calls(keys: Sequence[int]) -> None:
    """Their calls that surely have not left do not leave, and those that failed are not tried again."""
    subjects = outbox.subjects_of(Contact, keys)
    outbox.cancel_waiting(subjects=subjects)
    outbox.supersede(subjects=subjects)


def idle_contacts(keys: Sequence[int]) -> set[int]:
    """Those of whom no call is under way."""
    return set(keys) - outbox.keys_underway(Contact, keys)
