"""What SmartDialog lists for a person: customers, services, WhatsApp numbers."""

from django.db import transaction

from accounts import audit
from accounts.models import Customer, Membership
from gateway import clock, outbox
from gateway.models import Connection, Service, ServiceKind, WhatsappIdentity
from gateway.types import RemoteCustomer, RemoteService

# The pickers of the contract: which services each kind of work asks for.
PICKERS = [
    (ServiceKind.ONE_WAY, False),
    (ServiceKind.ONE_WAY, True),
    (ServiceKind.TWO_WAY, None),
    (ServiceKind.GROUP, None),
]


def enqueue_customers_read(connection: Connection) -> None:
    """Read the customers again, and then what each of them has."""
    outbox.add(
        connection=connection,
        kind="directory.customers",
        payload={},
        subject=outbox.named("directory", connection),
        coalesce=True,
    )


def enqueue_services_read(connection: Connection, customer: Customer) -> None:
    for kind, allow_reply in PICKERS:
        outbox.add(
            connection=connection,
            kind="directory.services",
            payload={"customer": customer.remote_id, "kind": kind, "allow_reply": allow_reply},
            customer=customer,
        )
    outbox.add(
        connection=connection,
        kind="directory.identities",
        payload={"customer": customer.remote_id},
        customer=customer,
    )


@transaction.atomic
def store_customers(connection: Connection, listed: list[RemoteCustomer]) -> list[Customer]:
    """The person reaches exactly the customers listed."""
    customers = []
    for remote in listed:
        customer, _ = Customer.objects.update_or_create(
            remote_id=remote.id, defaults={"name": remote.name[:200]}
        )
        Membership.objects.get_or_create(user=connection.user, customer=customer)
        customers.append(customer)
    lost = Membership.objects.filter(user=connection.user).exclude(customer__in=customers)
    for membership in lost.select_related("customer"):
        audit.record(
            actor=None, customer=membership.customer, verb="person.lost_customer", subject=connection.user
        )
    lost.delete()
    Connection.objects.filter(pk=connection.pk).update(customers_read_at=clock.now())
    return customers


def store_services(
    customer: Customer, *, kind: str, allow_reply: bool | None, listed: list[RemoteService]
) -> None:
    """Services that are no longer listed stay, since our records refer to them; `seen_at` tells."""
    for remote in listed:
        Service.objects.update_or_create(
            customer=customer,
            remote_id=remote.id,
            allows_reply=bool(allow_reply),
            defaults={"name": remote.name[:200], "kind": kind, "seen_at": clock.now()},
        )


def store_identities(customer: Customer, addresses: list[str]) -> None:
    for address in addresses:
        WhatsappIdentity.objects.get_or_create(customer=customer, address=address[:50])
