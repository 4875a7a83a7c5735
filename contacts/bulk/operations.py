"""The one call that empties a group. Never repeated by itself: a person decides about an unknown one."""

from typing import Any

from contacts.bulk import emptying
from contacts.models import BulkAction
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.models import Operation
from gateway.outbox import Handler, handles


@handles(emptying.DELETE_ALL)
class DeleteAll(Handler):
    endpoint = "DeleteAllGroupContacts"

    def call(self, api: SmartDialog, operation: Operation) -> bool:
        payload = operation.payload
        return api.delete_all_contacts(customer=payload["customer"], group=payload["group"])

    def done(self, operation: Operation, result: Any) -> None:
        emptying.emptied(_action(operation))

    def refused(self, operation: Operation, error: GatewayError) -> None:
        emptying.refused(_action(operation), error.text)


def _action(operation: Operation) -> BulkAction:
    return BulkAction.objects.select_related("group__customer").get(pk=operation.payload["action"])
