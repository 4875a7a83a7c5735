"""Lists of SmartDialog's in which something is odd: the rest of them counts, and no message waits for it."""

import re

import pytest

from accounts.models import Customer
from gateway.models import Operation, OperationState, Service, WhatsappIdentity
from gateway.outbox.draining import drain
from gateway.smartdialog import directory
from gateway.tests.conftest import API
from gateway.tests.directory_answers import CUSTOMERS
from tests.people import client_of

pytestmark = pytest.mark.django_db
ODD = [None, 5, {}, *({"id": key, "name": "A"} for key in (None, "x" * 150, "a\0b", "\ud800"))]


@pytest.fixture
def ask(smartdialog, connection, kahvila):
    def asked(services=(), identities=()):
        smartdialog.get(re.compile(f"{API}/services/.*"), json=services)
        smartdialog.get(re.compile(f"{API}/whatsapp/.*"), json=identities)
        Operation.objects.all().delete()
        directory.enqueue_services_read(connection, kahvila)
        drain(connection.pk)
        connection.refresh_from_db()
        return set(Operation.objects.filter(kind="directory.services").values_list("state", flat=True))

    return asked


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_an_odd_service_is_left_out_and_logged(ask, caplog, odd):
    assert ask([odd, {"id": "good", "name": "Good"}]) == {OperationState.DONE}

    assert set(Service.objects.values_list("remote_id", "name")) == {("good", "Good")}
    assert "left out" in caplog.text


def test_of_very_many_odd_ones_and_of_very_long_ones_a_few_words_are_logged(ask, caplog):
    ask([*[{"id": "x" * 1000}] * 1000, {"id": "good", "name": "Good"}])

    assert 1 <= caplog.text.count("left out") < 200  # of all its lists
    assert max(map(len, caplog.text.splitlines())) < 1000


@pytest.mark.parametrize(
    ("odd", "key", "name"),
    [
        ({"id": 7, "name": "A"}, "7", "A"),
        ({"id": "s", "name": "A\0b"}, "s", "Ab"),
        ({"id": "s", "name": ["A"]}, "s", "s"),
        ({"id": "s", "name": "n" * 900}, "s", "n" * 200),
    ],
)
def test_an_odd_name_loses_nothing(ask, odd, key, name):
    ask([odd])

    assert set(Service.objects.values_list("remote_id", "name")) == {(key, name)}


def test_an_odd_address_is_left_out(ask):
    ask(identities=[{"inputSource": {"address": each}} for each in ("x" * 90, None, "358451234567")])

    assert WhatsappIdentity.objects.get().address == "358451234567"


def test_an_odd_customer_is_left_out_and_the_others_are_kept(smartdialog, connection, mikko):
    listed = [{"customerId": "x" * 150}, None, {"customerId": "good", "customerName": "Go\0od"}]
    smartdialog.get(CUSTOMERS, json={"customerUsers": listed})
    smartdialog.get(re.compile(f"{API}/.*"), json=[])
    directory.enqueue_customers_read(connection)

    drain(connection.pk)

    assert [str(each) for each in Customer.objects.visible_to(mikko)] == ["Good"]


@pytest.mark.parametrize("odd", [{"customerUsers": [None]}, {"users": []}, [], "nothing"], ids=repr)
def test_unreadable_customers_are_told_to_the_person_until_they_are_read(smartdialog, connection, mikko, odd):
    for each in (odd, {"customerUsers": []}):
        smartdialog.get(CUSTOMERS, json=each)

    for told in ("could not read", "lists no customer for your sign-in"):
        directory.enqueue_customers_read(connection)
        drain(connection.pk)
        connection.refresh_from_db()

        assert told in directory.why_nothing_is_listed(mikko, None, what="a group")
        overview = client_of(mikko).get("/").content.decode()
        assert ("Your customers cannot be read" in overview) == (told == "could not read")


@pytest.mark.parametrize("odd", [{"value": []}, [None], "nothing"], ids=repr)
def test_a_list_of_another_shape_ends_holds_nobody_up_and_is_told_truly(ask, connection, kahvila, mikko, odd):
    assert ask(odd) == {OperationState.FAILED}

    assert (connection.consecutive_failures, connection.blocked_until) == (0, None)
    kahvila.refresh_from_db()
    told = directory.why_nothing_is_listed(mikko, kahvila, what="a service")
    assert "could not read" in told
    assert "may have" not in told


def test_a_service_that_is_kept_stays_when_the_list_has_another_shape(ask, kahvila):
    ask([{"id": "s", "name": "S"}])

    ask([None])

    assert Service.objects.offered().exists()
