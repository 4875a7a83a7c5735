"""The calls of contacts that name a backlog, materialised a minute ahead with the newest values."""

from collections.abc import Sequence

from django.db.models import Q

from contacts.models import Contact, SyncState
from contacts.models.contact import ContactQuerySet
from contacts.models.imports import UNDO_BATCH_PREFIX
from contacts.sync import looking_first, pushing
from gateway import outbox
from gateway.outbox import BacklogRef, Planner, QueuedCall, plans

CANCELLED = "It was cancelled before SmartDialog was told."


@plans(pushing.BACKLOG)
class ContactPlanner(Planner):
    """One call for each contact: what it has become by now, or its deletion."""

    def plan(self, backlog: BacklogRef, limit: int) -> int:
        contacts = list(_rows(backlog).select_related("group__customer")[:limit])
        contacts = contacts[: looking_first.share_of(limit, contacts)]
        gone = [contact for contact in contacts if contact.sync_state == SyncState.DELETING]
        present = [contact for contact in contacts if contact.sync_state != SyncState.DELETING]
        push_gone = (
            pushing.push_undo if backlog.batch.startswith(UNDO_BATCH_PREFIX) else pushing.push_deletions
        )
        for push, some in ((pushing.push_many, present), (push_gone, gone)):
            push(
                some,
                connection=backlog.connection,
                by=backlog.created_by,
                batch=backlog.batch,
                lane=backlog.lane,
            )
        _take_off(contacts)
        _forget_untold(gone)
        return len(contacts)

    def take_back(self, backlog: BacklogRef, calls: Sequence[QueuedCall]) -> None:
        contacts = [call.payload["contact_id"] for call in calls]
        Contact.objects.filter(pk__in=contacts, backlog=None).update(backlog_id=backlog.id)

    def drop(self, backlog: BacklogRef, limit: int) -> int:
        """Whose deletion is cancelled is there as before; what else was changed is changed only here."""
        contacts = list(_rows(backlog).only("pk")[:limit])
        dropped = Contact.objects.filter(pk__in=[contact.pk for contact in contacts])
        stays = Q(sync_state=SyncState.DELETING, sync_error="", known_remotely=True)
        dropped.filter(stays).update(sync_state=SyncState.SYNCED, backlog=None)
        dropped.filter(backlog_id=backlog.id).update(
            sync_state=SyncState.UNSENT, sync_error=CANCELLED, backlog=None
        )
        return len(contacts)


def _rows(backlog: BacklogRef) -> ContactQuerySet:
    return Contact.objects.filter(backlog_id=backlog.id).order_by("pk")


def _forget_untold(gone: Sequence[Contact]) -> None:
    """Of whom SmartDialog was never told, and so has no call to make."""
    told = outbox.keys_underway(Contact, [contact.pk for contact in gone])
    Contact.objects.filter(pk__in=[contact.pk for contact in gone if contact.pk not in told]).delete()


def _take_off(contacts: Sequence[Contact]) -> None:
    Contact.objects.filter(pk__in=[contact.pk for contact in contacts]).update(backlog=None)
