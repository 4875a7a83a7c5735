"""The gateway's own operations: reading the directory, subscribing to inbound messages."""

from typing import Any

from gateway import hook_urls
from gateway.hooks import subscriptions
from gateway.live_updates import live
from gateway.models import HookSubscription
from gateway.outbox import Handler, QueuedCall, handles
from gateway.smartdialog import directory
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import RemoteCustomer, RemoteService, Subscribed


@handles("directory.customers")
class ReadCustomers(Handler):
    endpoint = "GetUserCustomers"
    is_asked_anew = True

    def call(self, api: SmartDialog, call: QueuedCall) -> list[RemoteCustomer]:
        return api.customers()

    def done(self, call: QueuedCall, result: list[RemoteCustomer]) -> None:
        for customer in directory.store_customers(call.connection, result):
            if customer.services_asked_at is None:
                directory.enqueue_services_read(call.connection, customer)


@handles("directory.services")
class ReadServices(Handler):
    endpoint = "GetCustomerServices"
    is_asked_anew = True

    def call(self, api: SmartDialog, call: QueuedCall) -> list[RemoteService]:
        return api.services(**call.payload)

    def done(self, call: QueuedCall, result: list[RemoteService]) -> None:
        customer = call.customer
        directory.store_services(
            customer,
            kind=call.payload["kind"],
            allow_reply=call.payload["allow_reply"],
            listed=result,
        )
        live.announce(customer, "directory")

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        directory.store_refusal(call.customer, error.reason.of_a_read.text)


@handles("directory.identities")
class ReadIdentities(Handler):
    endpoint = "GetCustomerWhatsappIdentities"
    is_asked_anew = True

    def call(self, api: SmartDialog, call: QueuedCall) -> list[str]:
        return api.whatsapp_identities(**call.payload)

    def done(self, call: QueuedCall, result: list[str]) -> None:
        directory.store_identities(call.customer, result)


@handles("hooks.subscribe")
class Subscribe(Handler):
    """Not repeated when unclear: a second subscription would bring each message twice."""

    endpoint = "NewMessage"

    def call(self, api: SmartDialog, call: QueuedCall) -> Subscribed:
        subscription = _subscription(call)
        return api.subscribe(endpoint_url=hook_urls.inbound_url(subscription), **call.payload["request"])

    def done(self, call: QueuedCall, result: Subscribed) -> None:
        subscriptions.confirmed(_subscription(call), result, connection=call.connection)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        subscriptions.failed(_subscription(call), error.text)

    def uncertain(self, call: QueuedCall) -> None:
        """A message that arrives will prove it; until then the address stays open."""


@handles("hooks.unsubscribe")
class Unsubscribe(Handler):
    endpoint = "DeleteTrigger"

    def call(self, api: SmartDialog, call: QueuedCall) -> Any:
        return api.unsubscribe(**call.payload)


def _subscription(call: QueuedCall) -> HookSubscription:
    return HookSubscription.objects.select_related("customer", "service").get(pk=call.payload["subscription"])
