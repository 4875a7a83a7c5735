"""A copy of the database at another address makes no calls before an admin says that it is to."""

import pytest
from django.core.cache import cache

from accounts.models import AuditEvent
from gateway.installation_checks import sending_place
from gateway.models import Call, OperationState
from gateway.outbox.draining import drain
from gateway.tests.directory_answers import CUSTOMERS, listing
from tests.factories import make_operation
from tests.people import client_of

pytestmark = pytest.mark.django_db
THERE, HERE = "https://viestit.example.fi", "https://kopio.example.fi"


@pytest.fixture
def copied(settings) -> None:
    """Somebody restored what another installation has sent from."""
    cache.clear()
    settings.USES_SANDBOX = False
    settings.PUBLIC_URL = THERE
    assert sending_place.is_here()
    settings.PUBLIC_URL = HERE


@pytest.fixture
def waiting(connection, smartdialog):
    smartdialog.get(CUSTOMERS, json=listing())
    return make_operation(connection)


def test_a_copy_makes_no_calls_and_what_waits_is_kept(copied, waiting, connection):
    assert drain(connection.pk) is None

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (OperationState.WAITING, 0)
    assert not Call.objects.exists()


def test_put_back_to_its_address_it_makes_them(copied, waiting, connection, settings):
    settings.PUBLIC_URL = THERE

    drain(connection.pk)

    assert Call.objects.count() == 1


def test_an_admin_says_that_this_is_the_one_and_it_is_recorded(copied, waiting, connection, aino):
    page = client_of(aino).post("/settings/system/moves/", follow=True).content.decode()

    assert "This is the one that sends" in page
    assert "Nothing is sent from here" not in page
    drain(connection.pk)
    assert Call.objects.count() == 1
    event = AuditEvent.objects.get(verb="installation.moved")
    assert (event.actor, event.before, event.after) == (aino, {"address": THERE}, {"address": HERE})
    assert not sending_place.send_here(by=aino)
    assert AuditEvent.objects.filter(verb="installation.moved").count() == 1


def test_after_that_the_other_one_is_the_copy(copied, waiting, connection, aino, settings):
    sending_place.send_here(by=aino)
    settings.PUBLIC_URL = THERE

    drain(connection.pk)

    assert sending_place.elsewhere() == HERE
    assert not Call.objects.exists()


@pytest.mark.parametrize("page", ["/", "/contacts/", "/campaigns/", "/preferences/"])
def test_every_page_says_so_and_admins_can_decide(copied, aino, vera, page):
    for person, decides in ((aino, True), (vera, False)):
        shown = client_of(person).get(page).content.decode()
        assert f"<bdi>{THERE}</bdi>" in shown
        assert ("/settings/system/moves/" in shown) is decides
    assert "Nothing is sent from here" in client_of(aino).get("/settings/system/").content.decode()


def test_a_page_does_not_ask_each_time_and_knows_of_a_move_at_once(
    copied, aino, django_assert_num_queries, django_capture_on_commit_callbacks
):
    assert sending_place.shown_elsewhere() == THERE
    with django_assert_num_queries(0):
        assert sending_place.shown_elsewhere() == THERE

    with django_capture_on_commit_callbacks(execute=True):
        sending_place.send_here(by=aino)

    assert sending_place.shown_elsewhere() == ""


def test_only_admins_decide(copied, mikko):
    assert client_of(mikko).post("/settings/system/moves/").status_code == 403
    assert sending_place.elsewhere() == THERE


def test_at_the_sandbox_every_address_sends(copied, waiting, connection, settings):
    settings.USES_SANDBOX = True

    drain(connection.pk)

    assert Call.objects.count() == 1
