"""Bulk actions, as a person agrees to them and a worker carries them out."""

from contacts.bulk import action_lifecycle, action_runner
from contacts.listing.selection import Selection
from contacts.models import BulkAction, Contact
from contacts.sync.group_deletion import DeleteAll
from gateway.models import Operation, OperationState
from gateway.outbox import QueuedCall


def begun(verb, group, by, *, query="q=anna", ids=None, **options) -> BulkAction:
    selection = Selection.from_query(group, dict([query.split("=")]) if query else {})
    if ids is not None:
        selection = Selection(group, selection.listing, tuple(ids))
    price = action_lifecycle.price(verb, selection)
    return action_lifecycle.begin(verb, selection, agreed=price, options=options, by=by)


def done(verb, group, by, **how) -> BulkAction:
    action = begun(verb, group, by, **how)
    action_runner.run(action.pk)
    action.refresh_from_db()
    return action


def states(contacts) -> list[str]:
    return [Contact.objects.get(pk=each.pk).sync_state for each in contacts]


def settled(action) -> Operation:
    """SmartDialog has emptied the group."""
    [call] = Operation.objects.filter(batch=action.batch)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE)
    DeleteAll().done(QueuedCall(call), True)
    return call
