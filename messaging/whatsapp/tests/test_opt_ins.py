"""SmartDialog's deprecated register of WhatsApp opt-ins, beside a person, where an admin says it exists."""

import pytest
import responses
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.erasure import erasing
from gateway.models import Operation, OperationState, ServiceKind, WhatsappIdentity
from gateway.outbox.draining import drain
from gateway.smartdialog import quirks
from messaging.whatsapp.models import RegisteredOptIn
from messaging.whatsapp.sending import opt_ins
from tests.factories import make_connection, make_contact, make_service, suppress
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

ANNA, OURS = "+358401111111", "+358457000001"
ADDRESS = "/templates/opt-ins/"
CALL = "http://smartdialog.test/v1/whatsapp/opt-in/sender/%2B358457000001/recipient/%2B358401111111"


@pytest.fixture
def register(kahvila) -> None:
    WhatsappIdentity.objects.create(customer=kahvila, address=OURS)
    quirks.learn(kahvila, keeps_opt_ins=True)


@pytest.fixture
def contact(kahvila):
    return make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=ANNA)


@pytest.fixture
def smartdialog(settings):
    settings.SMARTDIALOG_API_URL = "http://smartdialog.test/v1"
    with responses.RequestsMock() as mock:
        yield mock


def sheet(contact, by) -> str:
    return markup(client_of(by).get(reverse("contacts:contact", args=[contact.pk])))


def press(by, customer, /, wanted: str = "in", **fields):
    form = {"customer": customer.pk, "phone": ANNA, "identity": OURS, "wanted": wanted, "next": "/"}
    return client_of(by).post(ADDRESS, form | fields)


def test_nothing_is_shown_of_it_before_an_admin_says_that_there_is_one(kahvila, contact, mikko, aino):
    WhatsappIdentity.objects.create(customer=kahvila, address=OURS)
    assert "WhatsApp opt-in" not in sheet(contact, mikko)

    client_of(aino).post(reverse("gateway:quirks"), {"save": "1", "keeps_opt_ins": "on"})

    page = sheet(contact, mikko)
    assert "WhatsApp opt-in" in page
    assert "Deprecated" in page


@pytest.mark.parametrize(("wanted", "method"), [("in", "POST"), ("out", "DELETE")])
def test_a_person_is_opted_in_and_out_by_the_deprecated_calls(
    register, kahvila, contact, mikko, smartdialog, wanted, method
):
    connection = make_connection(mikko)
    smartdialog.add(method, CALL, status=204)

    assert press(mikko, kahvila, wanted).headers["Location"] == "/"
    drain(connection.pk)

    assert Operation.objects.get().state == OperationState.DONE
    assert f"opted {wanted}" in sheet(contact, mikko)
    assert AuditEvent.objects.filter(verb=f"whatsapp.opted_{wanted}", actor=mikko).exists()


def test_the_last_word_counts_where_the_first_has_not_left(register, kahvila, mikko):
    make_connection(mikko)

    press(mikko, kahvila, "in")
    press(mikko, kahvila, "out")

    assert not RegisteredOptIn.objects.get().is_in
    states = Operation.objects.order_by("pk").values_list("kind", "state")
    assert list(states) == [
        (opt_ins.OPT_IN, OperationState.CANCELLED),
        (opt_ins.OPT_OUT, OperationState.WAITING),
    ]


def test_a_register_that_is_gone_is_said(register, kahvila, contact, mikko, smartdialog):
    connection = make_connection(mikko)
    smartdialog.post(CALL, status=404, json={"errorMessage": "WhatsApp opt-ins are kept no more"})
    press(mikko, kahvila)

    drain(connection.pk)

    page = sheet(contact, mikko)
    assert "WhatsApp opt-ins are kept no more" in page
    assert "It may keep no register any more." in page


def test_who_has_opted_out_is_not_opted_in(register, kahvila, mikko):
    make_connection(mikko)
    suppress(kahvila, phone=ANNA)

    press(mikko, kahvila, "in")
    assert not Operation.objects.filter(kind=opt_ins.OPT_IN).exists()
    press(mikko, kahvila, "out")
    assert Operation.objects.filter(kind=opt_ins.OPT_OUT).exists()


def test_who_opts_out_while_it_waits_is_not_opted_in(register, kahvila, mikko, smartdialog):
    connection = make_connection(mikko)
    press(mikko, kahvila)
    suppress(kahvila, phone=ANNA)

    drain(connection.pk)

    assert len(smartdialog.calls) == 0
    assert not RegisteredOptIn.objects.exists()


def test_who_was_erased_is_not_opted_in_by_an_old_page(register, kahvila, contact, mikko, aino):
    make_connection(mikko)
    make_connection(aino)
    erasing.erase([kahvila], ANNA, by=aino)

    press(mikko, kahvila)

    assert not RegisteredOptIn.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"phone": "0401111111"}, {"phone": ""}, {"identity": "+358400000000"}, {"wanted": "x"}]
)
def test_what_is_no_number_of_theirs_or_ours_changes_nothing(register, kahvila, mikko, wrong):
    make_connection(mikko)

    assert press(mikko, kahvila, **wrong).status_code == 302

    assert not Operation.objects.exists()


def test_without_the_switch_nothing_is_told(kahvila, mikko):
    make_connection(mikko)
    WhatsappIdentity.objects.create(customer=kahvila, address=OURS)

    press(mikko, kahvila)

    assert not Operation.objects.exists()


@pytest.mark.parametrize("customer", ["", "x", 0, 10**12])
def test_a_customer_of_others_is_not_there(register, kahvila, mikko, otto, vera, customer):
    assert press(otto, kahvila).status_code == 404
    assert press(mikko, kahvila, customer=customer).status_code == 404
    assert press(vera, kahvila).status_code == 403


def test_what_was_told_of_an_erased_person_is_gone(register, kahvila, contact, mikko, aino):
    make_connection(mikko)
    make_connection(aino)
    press(mikko, kahvila)

    erasing.erase([kahvila], ANNA, by=aino)

    assert not RegisteredOptIn.objects.exists()
    assert not Operation.objects.filter(kind=opt_ins.OPT_IN, state=OperationState.WAITING).exists()
