"""Bulk actions, as a person agrees to them and a worker carries them out."""

from contacts.bulk import agreeing, running
from contacts.bulk.operations import DeleteAll
from contacts.models import BulkAction, Contact
from contacts.selecting import Selection
from gateway.models import Operation, OperationState


def begun(verb, group, by, *, query="q=anna", ids=None, **options) -> BulkAction:
    selection = Selection.of_list(group, dict([query.split("=")]) if query else {})
    if ids is not None:
        selection = Selection(group, selection.listing, tuple(ids))
    price = agreeing.price(verb, selection)
    return agreeing.begin(verb, selection, agreed=price, options=options, by=by)


def done(verb, group, by, **how) -> BulkAction:
    action = begun(verb, group, by, **how)
    running.run(action.pk)
    action.refresh_from_db()
    return action


def states(contacts) -> list[str]:
    return [Contact.objects.get(pk=each.pk).sync_state for each in contacts]


def settled(action) -> Operation:
    """SmartDialog has emptied the group."""
    [call] = Operation.objects.filter(batch=action.batch)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE)
    DeleteAll().done(call, True)
    return call
