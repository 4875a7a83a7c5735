"""The people of every test: an admin, a marketer, a viewer, a stranger and a newcomer."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Customer, Membership, Role, User
from gateway import clock
from gateway.models import Connection, Service, ServiceKind
from gateway.outbox import in_flight
from tests.factories import make_connection, make_service

PASSWORD = "long-enough-to-count"


def make_person(name: str, role: Role, *customers: Customer, approved: bool = True) -> User:
    user = User.objects.create(
        username=name.lower(),
        name=name,
        subject=f"sub-{name.lower()}",
        role=role,
        approved_at=timezone.now() if approved else None,
    )
    Membership.objects.bulk_create(Membership(user=user, customer=customer) for customer in customers)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def clock_of_its_own(request, monkeypatch) -> None:
    """A test without the database may not ask PostgreSQL for the time."""
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if not asked and not request.node.get_closest_marker("django_db"):
        monkeypatch.setattr(clock, "now", timezone.now)


class InlineExecutor:
    """Runs what is submitted at once, in the thread that submits it."""

    def __init__(self, max_workers: int) -> None:
        pass

    def submit(self, function: Callable[..., object], *arguments: object) -> None:
        function(*arguments)

    def shutdown(self) -> None:
        pass


@pytest.fixture(autouse=True)
def calls_in_turn(monkeypatch) -> None:
    """Calls are made one after the other, in the test's own thread."""
    monkeypatch.setattr(in_flight, "ThreadPoolExecutor", InlineExecutor)


@pytest.fixture
def kahvila(db) -> Customer:
    return Customer.objects.create(remote_id="customer-kahvila", name="Kahvila Aalto")


@pytest.fixture
def trattoria(db) -> Customer:
    return Customer.objects.create(remote_id="customer-trattoria", name="Trattoria Sole")


@pytest.fixture
def outsider_oy(db) -> Customer:
    return Customer.objects.create(remote_id="customer-outsider", name="Outsider Oy")


@pytest.fixture
def aino(kahvila, trattoria) -> User:
    return make_person("Aino", Role.ADMIN, kahvila, trattoria)


@pytest.fixture
def mikko(kahvila, trattoria) -> User:
    return make_person("Mikko", Role.MARKETER, kahvila, trattoria)


@pytest.fixture
def vera(kahvila) -> User:
    return make_person("Vera", Role.VIEWER, kahvila)


@pytest.fixture
def otto(outsider_oy) -> User:
    return make_person("Otto", Role.MARKETER, outsider_oy)


@pytest.fixture
def nina(kahvila) -> User:
    return make_person("Nina", Role.VIEWER, kahvila, approved=False)


@pytest.fixture
def root(db) -> User:
    """Who signs in by a password, and belongs to no customer."""
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def connected(mikko) -> Connection:
    return make_connection(mikko)


@pytest.fixture
def aino_connected(aino) -> Connection:
    return make_connection(aino)


@pytest.fixture
def group(kahvila) -> Service:
    return make_service(kahvila, kind=ServiceKind.GROUP, name="Jäsenet")
