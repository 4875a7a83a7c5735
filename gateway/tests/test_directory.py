"""What SmartDialog lists, as it is kept: in two kinds, gone and back, none at all; and what asking costs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Customer, User
from gateway import clock
from gateway.models import Operation, Service, ServiceKind, services_of
from gateway.operation_handlers import ReadCustomers, ReadServices
from gateway.outbox import QueuedCall
from gateway.smartdialog import directory
from gateway.smartdialog.errors import Refused
from gateway.smartdialog.types import RemoteCustomer, RemoteService
from gateway.workers import sweeping
from tests.factories import make_connection, make_operation, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db


def store(customer, *ids, kind=ServiceKind.ONE_WAY, allow_reply=False):
    listed = [RemoteService(each, f"Service {each}") for each in ids]
    directory.store_services(customer, kind=kind, allow_reply=allow_reply, listed=listed)


def test_one_id_in_several_kinds_is_a_service_of_each(kahvila):
    for kind, allow_reply in directory.PICKERS:
        store(kahvila, "one", kind=kind, allow_reply=allow_reply)

    services = Service.objects.filter(customer=kahvila)
    found = [services.one_way(), services.two_way(), services.groups()]
    assert [each.get().remote_id for each in found] == ["one"] * 3
    known = services_of(kahvila)
    assert [each.get() for each in found] == [
        next(each for each in known if each.sends(replies=False)),
        next(each for each in known if each.is_two_way),
        next(each for each in known if each.is_group),
    ]
    assert [each.allows_reply for each in known if each.sends(replies=True)] == [True]


def test_what_is_listed_no_more_is_gone_until_it_is_listed_again(kahvila):
    store(kahvila, "a", "b")
    kept = Service.objects.get(remote_id="b")

    store(kahvila, "a")
    assert [each.remote_id for each in Service.objects.offered()] == ["a"]
    assert AuditEvent.objects.get(verb="service.gone").subject_text == "Service b"
    store(kahvila, "a")
    store(kahvila, "a", "b")

    assert Service.objects.offered().get(remote_id="b") == kept
    assert AuditEvent.objects.filter(verb="service.gone").count() == 1


def test_one_kind_does_not_make_another_go(kahvila, trattoria):
    store(kahvila, "a")
    store(trattoria, "a")
    store(kahvila, "g", kind=ServiceKind.GROUP)
    store(kahvila, kind=ServiceKind.GROUP)

    assert Service.objects.offered().count() == 2


def contacts_page(user):
    return " ".join(client_of(user).get("/contacts/").content.decode().split())


def test_contacts_say_why_there_is_nothing(aino, kahvila):
    assert "Sign in with SmartDialog first" in contacts_page(aino)
    connection = make_connection(aino)
    assert "usually within a minute" in contacts_page(aino)
    store(kahvila, kind=ServiceKind.GROUP)
    assert "SmartDialog lists no services of this kind for" in contacts_page(aino)

    call = QueuedCall(make_operation(connection, kind="directory.services", customer=kahvila))
    ReadServices().refused(call, Refused("No <b>scope</b>", status=403))

    told = contacts_page(aino)
    assert "No &lt;b&gt;scope&lt;/b&gt;" in told
    assert "Customer.Services" in told


def test_who_has_no_customer_is_told_so(otto):
    Customer.objects.all().delete()
    make_connection(otto, customers_read_at=clock.now())

    assert "lists no customer for your sign-in" in contacts_page(otto)


def test_the_composer_says_why_there_is_nothing_to_choose(aino, kahvila):
    make_connection(aino)
    browser = client_of(aino)
    assert "is being asked" in browser.get("/campaigns/new/").content.decode()
    store(kahvila, "g", kind=ServiceKind.GROUP)

    assert "for a one-way service" in browser.get("/campaigns/new/").content.decode()
    store(kahvila, "a")
    assert "Nothing to choose from" not in browser.get("/campaigns/new/").content.decode()


def test_a_gone_group_keeps_its_page_and_takes_nobody_in(aino, kahvila):
    group = make_service(kahvila, kind=ServiceKind.GROUP, gone_at=clock.now())
    browser = client_of(aino)

    assert "No longer at SmartDialog" in browser.get("/contacts/").content.decode()
    page = browser.get(reverse("contacts:group", args=[group.pk])).content.decode()
    assert "SmartDialog no longer lists this group" in page
    assert "Add a contact" not in page


def asked(kind="directory.services"):
    return Operation.objects.filter(kind=kind).count()


def list_customers(connection, number):
    listed = [RemoteCustomer(str(each), f"Customer {each}") for each in range(number)]
    ReadCustomers().done(QueuedCall(make_operation(connection)), listed)


def test_twenty_customers_of_five_people_cost_a_hundred_calls_an_hour(kahvila, mikko, monkeypatch):
    people = [User.objects.create(username=f"p{each}", last_login=clock.now()) for each in range(5)]
    connections = [make_connection(each) for each in people]
    for connection in connections:
        list_customers(connection, 20)
    assert asked() == 20 * 4  # once, though five people reach them

    Operation.objects.all().delete()
    now, in_a_minute = clock.now(), []
    for minute in range(60, 180):
        monkeypatch.setattr(clock, "now", lambda minute=minute: now + timedelta(minutes=minute, seconds=1))
        before = Operation.objects.exclude(kind="directory.customers").count()
        sweeping.read_directories()
        in_a_minute.append(Operation.objects.exclude(kind="directory.customers").count() - before)

    assert sum(in_a_minute) == 2 * 20 * 5
    assert max(in_a_minute) <= 5 * directory.AT_A_TIME * 5


def test_an_admin_reads_everything_again_at_once(aino, kahvila, trattoria):
    connection = make_connection(aino)
    Customer.objects.update(services_asked_at=clock.now())

    client_of(aino).post("/settings/services/readings/")
    ReadCustomers().done(
        QueuedCall(make_operation(connection)),
        [RemoteCustomer(each.remote_id, each.name) for each in Customer.objects.visible_to(aino)],
    )

    assert asked() == 4 * Customer.objects.visible_to(aino).count()
