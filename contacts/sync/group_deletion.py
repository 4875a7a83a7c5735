"""The one call that empties a group. Not idempotent, so never retried by itself: a person decides.

The contract does not say what its boolean means. We take false for a refusal, so that nobody is lost here.
"""

from contacts.bulk import empty_group
from contacts.models import BulkAction
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.models import Operation, OperationState
from gateway.outbox import Handler, handles

NOT_EMPTIED = "SmartDialog answered that it did not delete them, and not why."


@handles(empty_group.DELETE_ALL)
class DeleteAll(Handler):
    endpoint = "DeleteAllGroupContacts"

    def call(self, api: SmartDialog, operation: Operation) -> bool:
        payload = operation.payload
        return api.delete_all_contacts(customer=payload["customer"], group=payload["group"])

    def done(self, operation: Operation, result: bool) -> None:
        if result:
            empty_group.on_emptied(_action(operation))
        else:
            empty_group.on_refused(_action(operation), NOT_EMPTIED)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        """The action says so. Tried again later, the call would empty a group that nobody holds back."""
        Operation.objects.filter(pk=operation.pk).update(state=OperationState.DONE)
        empty_group.on_refused(_action(operation), error.text)


def _action(operation: Operation) -> BulkAction:
    return BulkAction.objects.select_related("group__customer").get(pk=operation.payload["action"])
