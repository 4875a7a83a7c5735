"""The gateway's own operations: reading the directory, subscribing to inbound messages."""

from typing import Any

from accounts.models import Customer
from gateway import directory, hook_urls, live
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.hooks import subscriptions
from gateway.models import HookSubscription, Operation
from gateway.outbox import Handler, handles
from gateway.types import RemoteCustomer, RemoteService, Subscribed


@handles("directory.customers")
class ReadCustomers(Handler):
    endpoint = "GetUserCustomers"

    def call(self, api: SmartDialog, operation: Operation) -> list[RemoteCustomer]:
        return api.customers()

    def done(self, operation: Operation, result: list[RemoteCustomer]) -> None:
        for customer in directory.store_customers(operation.connection, result):
            directory.enqueue_services_read(operation.connection, customer)


@handles("directory.services")
class ReadServices(Handler):
    endpoint = "GetCustomerServices"

    def call(self, api: SmartDialog, operation: Operation) -> list[RemoteService]:
        return api.services(**operation.payload)

    def done(self, operation: Operation, result: list[RemoteService]) -> None:
        customer = _customer(operation)
        directory.store_services(
            customer,
            kind=operation.payload["kind"],
            allow_reply=operation.payload["allow_reply"],
            listed=result,
        )
        live.announce(customer, "directory")


@handles("directory.identities")
class ReadIdentities(Handler):
    endpoint = "GetCustomerWhatsappIdentities"

    def call(self, api: SmartDialog, operation: Operation) -> list[str]:
        return api.whatsapp_identities(**operation.payload)

    def done(self, operation: Operation, result: list[str]) -> None:
        directory.store_identities(_customer(operation), result)


@handles("hooks.subscribe")
class Subscribe(Handler):
    """Not repeated when unclear: a second subscription would bring each message twice."""

    endpoint = "NewMessage"

    def call(self, api: SmartDialog, operation: Operation) -> Subscribed:
        subscription = _subscription(operation)
        return api.subscribe(endpoint_url=hook_urls.inbound_url(subscription), **operation.payload["request"])

    def done(self, operation: Operation, result: Subscribed) -> None:
        subscriptions.confirmed(_subscription(operation), result, connection=operation.connection)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        subscriptions.failed(_subscription(operation), error.text)

    def uncertain(self, operation: Operation) -> None:
        """A message that arrives will prove it; until then the address stays open."""


@handles("hooks.unsubscribe")
class Unsubscribe(Handler):
    endpoint = "DeleteTrigger"

    def call(self, api: SmartDialog, operation: Operation) -> Any:
        return api.unsubscribe(**operation.payload)


def _customer(operation: Operation) -> Customer:
    assert operation.customer is not None  # set by directory.ask_for_services
    return operation.customer


def _subscription(operation: Operation) -> HookSubscription:
    return HookSubscription.objects.select_related("customer", "service").get(
        pk=operation.payload["subscription"]
    )
