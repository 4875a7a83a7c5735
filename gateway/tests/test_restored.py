"""A database that was restored from a backup makes no call before an admin says so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command

from accounts.models import AuditEvent
from gateway import clock
from gateway.installation_checks import restored, sending_place
from gateway.models import Call, InstallationFact
from gateway.outbox.draining import drain
from gateway.tests.directory_answers import CUSTOMERS, listing
from tests.factories import make_operation
from tests.people import client_of

MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def host(settings, tmp_path):
    """A host of its own that sends to the real SmartDialog: gives its folder to be changed."""

    def use(name: str) -> None:
        settings.DATA_DIR = tmp_path / name
        settings.DATA_DIR.mkdir(exist_ok=True)

    cache.clear()
    settings.USES_SANDBOX = False
    use("first")
    return use


@pytest.fixture
def clock_at(monkeypatch):
    """So many seconds after midnight."""

    def move(seconds: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: MIDNIGHT + timedelta(seconds=seconds))

    return move


@pytest.fixture
def waiting(connection, smartdialog):
    smartdialog.get(CUSTOMERS, json=listing())
    return make_operation(connection)


def facts() -> list[InstallationFact]:
    return list(InstallationFact.objects.all())


def restore(backup: list[InstallationFact]) -> None:
    InstallationFact.objects.all().delete()
    InstallationFact.objects.bulk_create(backup)


@pytest.fixture
def gone_back(host, clock_at) -> None:
    clock_at(1000)
    restored.note()
    backup = facts()
    clock_at(2000)
    restored.note()
    restore(backup)


def test_as_long_as_the_database_goes_forward_calls_are_made(host, clock_at, waiting, connection):
    for seconds in (1000, 1000, 2000, 1500):  # also where the clock of the host is set back
        clock_at(seconds)
        restored.note()

    drain(connection.pk)

    assert Call.objects.count() == 1


def test_a_restored_database_makes_no_call(gone_back, waiting, connection):
    assert drain(connection.pk) is None
    restored.note()

    assert drain(connection.pk) is None
    assert not Call.objects.exists()


def test_one_of_before_the_host_was_known_has_gone_back_too(host, clock_at):
    clock_at(1000)
    restored.note()
    restore([])

    assert restored.has_gone_back()


def test_another_host_that_has_noticed_nothing_hides_nothing(host, clock_at, waiting, connection):
    clock_at(1000)
    restored.note()
    backup = facts()
    clock_at(2000)
    restored.note()
    restore(backup)
    host("second")
    clock_at(3000)
    restored.note()

    host("first")

    assert restored.has_gone_back()
    host("second")
    assert drain(connection.pk) is None


def test_an_admin_lets_it_go_on_for_all_hosts_and_it_is_recorded(gone_back, waiting, connection, aino):
    assert not sending_place.is_here()

    page = client_of(aino).post("/settings/system/moves/", follow=True).content.decode()

    assert "Nothing is sent from here" not in page
    drain(connection.pk)
    assert Call.objects.count() == 1
    assert AuditEvent.objects.get(verb="installation.restored").actor == aino
    restored.note()
    assert not restored.has_gone_back()


def test_every_page_says_so_and_admins_can_decide(gone_back, aino, vera, mikko):
    restored.note()
    for person, decides in ((aino, True), (vera, False)):
        shown = client_of(person).get("/campaigns/").content.decode()
        assert "The database was restored from a backup" in shown
        assert ("/settings/system/moves/" in shown) is decides
    assert client_of(mikko).post("/settings/system/moves/").status_code == 403
    assert restored.holds_calls()


def test_where_files_went_back_too_a_command_holds_all_calls(host, waiting, connection, aino, capsys):
    call_command("hold_calls")

    assert "No call is made before an admin says so" in capsys.readouterr().out
    assert drain(connection.pk) is None
    assert sending_place.send_here(by=aino)
    drain(connection.pk)
    assert Call.objects.count() == 1


def test_at_the_sandbox_nothing_is_noted(host, settings):
    settings.USES_SANDBOX = True

    restored.note()

    assert not list(settings.DATA_DIR.iterdir())
    assert sending_place.is_here()
