"""What SmartDialog lists for a person: customers, services, WhatsApp numbers."""

from datetime import timedelta

from django.db import transaction

from accounts.models import Customer, Membership, User
from accounts.trail import audit
from gateway import clock, outbox
from gateway.models import Connection, Operation, OperationState, Service, ServiceKind, WhatsappIdentity
from gateway.smartdialog.types import RemoteCustomer, RemoteService

# The pickers of the contract: which services each kind of work asks for.
PICKERS = [
    (ServiceKind.ONE_WAY, False),
    (ServiceKind.ONE_WAY, True),
    (ServiceKind.TWO_WAY, None),
    (ServiceKind.GROUP, None),
]


SERVICES_AGE = timedelta(hours=1)
AT_A_TIME = 2  # customers of a person that are asked for by one sweep, so that a minute has room for work


def enqueue_all_read(connection: Connection) -> None:
    """Everything again, though it was read lately: somebody knows that it has changed."""
    Customer.objects.visible_to(connection.user).update(services_asked_at=None)
    enqueue_customers_read(connection)


def enqueue_customers_read(connection: Connection) -> None:
    """Read the customers again, and then what those have that nobody has asked for yet."""
    outbox.add(
        connection=connection,
        kind="directory.customers",
        payload={},
        subject=outbox.named("directory", connection),
        coalesce=True,
    )


def enqueue_services_read(connection: Connection, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(services_asked_at=clock.now())
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


def enqueue_stale_services_read(connection: Connection) -> int:
    """Of the person's customers those whose services nobody has asked for lately, a few; returns how many."""
    customers = Customer.objects.visible_to(connection.user).order_by("services_asked_at", "pk")
    stale = customers.filter(services_asked_at__lte=clock.now() - SERVICES_AGE)[:AT_A_TIME]
    for customer in stale:
        enqueue_services_read(connection, customer)
    return len(stale)


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


@transaction.atomic
def store_services(
    customer: Customer, *, kind: str, allow_reply: bool | None, listed: list[RemoteService]
) -> None:
    """What is listed no more stays, marked as gone, since our records refer to it."""
    now = clock.now()
    for remote in listed:
        Service.objects.update_or_create(
            customer=customer,
            remote_id=remote.id,
            kind=kind,
            allows_reply=bool(allow_reply),
            defaults={"name": remote.name[:200], "seen_at": now, "gone_at": None},
        )
    of_kind = Service.objects.filter(customer=customer, kind=kind, allows_reply=bool(allow_reply))
    for service in of_kind.offered().exclude(remote_id__in=[remote.id for remote in listed]):
        Service.objects.filter(pk=service.pk).update(gone_at=now)
        audit.record(actor=None, customer=customer, verb="service.gone", subject=service)
    Customer.objects.filter(pk=customer.pk).update(services_read_at=now, services_refusal="")


def store_refusal(customer: Customer, words: str) -> None:
    """SmartDialog lists no services for this sign-in: what was read before stays as it is."""
    Customer.objects.filter(pk=customer.pk).update(services_read_at=clock.now(), services_refusal=words[:300])


def why_customers_are_unread(connection: Connection) -> str:
    """Why SmartDialog's last answer to which customers the person has was of no use; empty where it was."""
    asked = Operation.objects.filter(connection=connection, subject=outbox.named("directory", connection))
    last = asked.exclude(state=OperationState.CANCELLED).order_by("-pk").first()
    if last is None or last.state != OperationState.FAILED:
        return ""
    return UNREAD.format(why=last.reason_text)


def why_nothing_is_listed(user: User, customer: Customer | None, *, what: str) -> str:
    """Why there is no `what` to choose, and who can change it; empty while SmartDialog is being asked."""
    connection = Connection.objects.of(user)
    if customer and customer.services_read_at:
        text = REFUSED if customer.services_refusal else NO_SERVICE
        return text.format(customer=customer, what=what, words=customer.services_refusal)
    if connection is None or not connection.is_active:
        return NOT_ASKED.format(what=what)
    if customer is None and (unread := why_customers_are_unread(connection)):
        return unread
    if customer is None and connection.customers_read_at:
        return NO_CUSTOMER
    return connection.last_failure_text if connection.consecutive_failures else ""


NOT_ASKED = (
    "Your SmartDialog sign-in is not in use, so {what} cannot be read. Sign in with SmartDialog first."
)
UNREAD = (
    "{why} So it is not known which customers you have; those that were known stay. It is asked again within "
    "a quarter of an hour. If this stays, tell an admin of this dashboard."
)
NO_CUSTOMER = (
    "SmartDialog lists no customer for your sign-in. Ask Arena (support@arenainteractive.fi) to add you to "
    "one. It appears here within a quarter of an hour of that."
)
NO_SERVICE = (
    "SmartDialog lists no services of this kind for {customer}: ask Arena (support@arenainteractive.fi) for "
    "{what}. It appears here within an hour of that, or when an admin reads the services again in Settings."
)
REFUSED = (
    "SmartDialog does not say which services {customer} has. {words} It is asked again within an hour. If "
    "this stays, ask Arena (support@arenainteractive.fi) for the scope Customer.Services."
)


def store_identities(customer: Customer, addresses: list[str]) -> None:
    for address in addresses:
        WhatsappIdentity.objects.get_or_create(customer=customer, address=address[:50])
