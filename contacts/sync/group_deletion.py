"""The one call that empties a group. Never repeated by itself: a person decides about an unknown one.

The contract does not say what its boolean means. We take false for a refusal, so that nobody is lost here.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.db.state_moves import move
from contacts.models import BulkAction, BulkState, Contact
from contacts.sync import pushing
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Lane, Service
from gateway.outbox import Handler, QueuedCall, backlogs, handles
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.workers.leases import Lease

DELETE_ALL = "contact.delete_all"
NOT_EMPTIED = "SmartDialog answered that it did not delete them, and not why."


def request_deletion(lease: Lease, action: BulkAction) -> None:
    """Ask SmartDialog, unless a call of the group is being made: then a sweep comes back to it."""
    assert action.connection
    with transaction.atomic():
        _hold_back(lease, action)
        if outbox.may_leave(**_calls_of_group(action)):
            return
        outbox.add(
            connection=action.connection,
            customer=action.group.customer,
            kind=DELETE_ALL,
            lane=Lane.INTERACTIVE,  # one call, in place of one for everybody
            payload={
                "action": action.pk,
                "customer": action.group.customer.remote_id,
                "group": action.group.remote_id,
            },
            subject=outbox.named("group", action.group),
            batch=action.batch,
            by=action.created_by,
        )
        lease.move(BulkState.PENDING, to=BulkState.ASKING, begun_at=clock.now())


def release_held(action: BulkAction) -> None:
    """What was held back goes on: the group is empty, or never will be."""
    for batch in action.options.get("held", []):
        backlogs.resume(batch)
    outbox.release(**_calls_of_group(action))


@handles(DELETE_ALL)
class DeleteAll(Handler):
    endpoint = "DeleteAllGroupContacts"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        payload = call.payload
        return api.delete_all_contacts(customer=payload["customer"], group=payload["group"])

    def done(self, call: QueuedCall, result: bool) -> None:
        if result:
            _emptied(_action(call))
        else:
            _refused(_action(call), NOT_EMPTIED)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """The action says so. Tried again later, the call would empty a group that nobody holds back."""
        outbox.close(call)
        _refused(_action(call), error.text)


def _action(call: QueuedCall) -> BulkAction:
    return BulkAction.objects.select_related("group__customer").get(pk=call.payload["action"])


def _emptied(action: BulkAction) -> None:
    """SmartDialog did it, in the transaction of its answer: a worker takes our rows away."""
    move(BulkAction.objects.filter(pk=action.pk), BulkState.ASKING, to=BulkState.RUNNING)
    Service.objects.filter(pk=action.group_id).update(is_shared=False)  # nobody is there whom we do not know
    outbox.cancel_held(**_calls_of_group(action))
    live.announce(action.group.customer, action.batch)


def _refused(action: BulkAction, words: str) -> None:
    """All stays as it was, here and there, and what was held back goes on."""
    over = {"note": words[:500], "finished_at": clock.now()}
    move(BulkAction.objects.filter(pk=action.pk), BulkState.ASKING, to=BulkState.FAILED, **over)
    release_held(action)
    live.announce(action.group.customer, action.batch)


def _hold_back(lease: Lease, action: BulkAction) -> None:
    """Nothing that waits for people of the group leaves before it is empty, or stays full."""
    waiting = Contact.objects.filter(backlog=OuterRef("pk"), group=action.group)
    batches = backlogs.running_batches(action.group.customer, Exists(waiting))
    held = [*action.options.get("held", []), *batches]
    action.options["held"] = held
    lease.write(options=action.options)
    for batch in batches:
        backlogs.pause(batch)
    outbox.hold(**_calls_of_group(action))


def _calls_of_group(action: BulkAction) -> outbox.Which:
    return {
        "customer": action.group.customer,
        "kinds": pushing.KINDS,
        "payload": {"group": action.group.remote_id},
    }
