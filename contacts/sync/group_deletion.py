"""The one call that empties a group. Not idempotent, so never retried by itself: a person decides.

The contract does not say what its boolean means. We take false for a refusal, so that nobody is lost here.
"""

from contacts.bulk import empty_group
from contacts.models import BulkAction
from gateway import outbox
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.outbox import Handler, QueuedCall, handles

NOT_EMPTIED = "SmartDialog answered that it did not delete them, and not why."


@handles(empty_group.DELETE_ALL)
class DeleteAll(Handler):
    endpoint = "DeleteAllGroupContacts"

    def call(self, api: SmartDialog, call: QueuedCall) -> bool:
        payload = call.payload
        return api.delete_all_contacts(customer=payload["customer"], group=payload["group"])

    def done(self, call: QueuedCall, result: bool) -> None:
        if result:
            empty_group.on_emptied(_action(call))
        else:
            empty_group.on_refused(_action(call), NOT_EMPTIED)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """The action says so. Tried again later, the call would empty a group that nobody holds back."""
        outbox.close(call)
        empty_group.on_refused(_action(call), error.text)


def _action(call: QueuedCall) -> BulkAction:
    return BulkAction.objects.select_related("group__customer").get(pk=call.payload["action"])
