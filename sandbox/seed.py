"""The demo people and their customers. Writing them again changes nothing."""

from dataclasses import dataclass
from uuid import UUID

from sandbox.models import Customer, Person, Service

PASSWORD = "sandbox"  # noqa: S105  everybody may know it


@dataclass(frozen=True, kw_only=True)
class DemoCustomer:
    name: str
    address: str
    whatsapp_number: str
    groups: tuple[str, ...]


CUSTOMERS = (
    DemoCustomer(
        name="Kahvila Aalto",
        address="+358451234567",
        whatsapp_number="+358457000001",
        groups=("Jäsenet", "Uutiskirje"),
    ),
    DemoCustomer(
        name="Trattoria Sole",
        address="+393401234567",
        whatsapp_number="+393457000002",
        groups=("Clienti",),
    ),
    DemoCustomer(
        name="Outsider Oy",
        address="+358459876543",
        whatsapp_number="+358457000003",
        groups=("Outsiders",),
    ),
)

PEOPLE = {
    "aino": ("Aino Aalto", (1, 2)),
    "mikko": ("Mikko Mäkinen", (1, 2)),
    "vera": ("Vera Virtanen", (1,)),
    "otto": ("Otto Outsider", (3,)),
    "nina": ("Nina Newcomer", (1,)),
}


def seed() -> None:
    for number, demo in enumerate(CUSTOMERS, start=1):
        customer, _ = Customer.objects.update_or_create(
            id=customer_id(number), defaults={"name": demo.name, "whatsapp_number": demo.whatsapp_number}
        )
        seed_services(customer, number=number, demo=demo)
    for number, (username, (name, customers)) in enumerate(PEOPLE.items(), start=1):
        person, _ = Person.objects.update_or_create(
            subject=person_subject(number), defaults={"username": username, "name": name}
        )
        person.customers.set(Customer.objects.filter(id__in=[customer_id(n) for n in customers]))


def seed_services(customer: Customer, *, number: int, demo: DemoCustomer) -> None:
    kind = Service.Kind
    add_service(customer, service_id(number, 1), kind.ONE_WAY, "Marketing messages")
    add_service(customer, service_id(number, 2), kind.ONE_WAY, "Customer service", allows_reply=True)
    add_service(
        customer, service_id(number, 3), kind.TWO_WAY, f"Inbound {demo.address[-7:]}", address=demo.address
    )
    for place, name in enumerate(demo.groups, start=11):
        add_service(customer, service_id(number, place), kind.GROUP, name)


def add_service(
    customer: Customer,
    key: UUID,
    kind: Service.Kind,
    name: str,
    *,
    allows_reply: bool = False,
    address: str = "",
) -> None:
    values = {"kind": kind, "name": name, "allows_reply": allows_reply, "address": address}
    Service.objects.update_or_create(id=key, defaults={"customer": customer, **values})


def customer_id(number: int) -> UUID:
    return UUID(f"aaaaaaaa-0000-4000-8000-{number:012}")


def service_id(customer_number: int, place: int) -> UUID:
    """Places: 1 marketing, 2 customer service, 3 inbound, 11 and on groups."""
    return UUID(f"bbbbbbbb-{customer_number:04}-4000-8000-{place:012}")


def person_subject(number: int) -> UUID:
    digit = str(number)
    return UUID("-".join([digit * 8, digit * 4, "4" + digit * 3, "8" + digit * 3, digit * 12]))
