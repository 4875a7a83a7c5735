"""What must be equal in every process is compared as one starts, and refused in words."""

import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from gateway.installation_checks import installation, schema_version
from gateway.models import InstallationFact

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture(autouse=True)
def first_host(settings, monkeypatch):
    monkeypatch.setattr(installation, "ROUNDS", 1)
    settings.TOKEN_ENCRYPTION_KEYS = [OLD]
    settings.ERASURE_KEY, settings.VERSION = "erasure", "1.2.0"
    assert installation.differences() == []


def test_a_second_host_with_the_same_starts():
    assert installation.differences() == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "ERASURE_KEY"])
def test_a_host_with_another_key_is_told_which_and_what_to_do(settings, name):
    setattr(settings, name, "another-" * 8)

    words, on_purpose = installation.differences()

    assert words.startswith(f"{name} is not the one that this installation has.")
    assert "Set it to what the other hosts have" in words
    assert "accept_settings" in on_purpose


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMARTDIALOG_API_URL", "https://api.arena.fi/api-integrations/v1"),
        ("UPLOADS_S3_BUCKET", "kahvila-files"),
        ("UPLOADS_S3_ENDPOINT", "https://minio.kahvila.fi"),
    ],
)
def test_a_host_that_speaks_to_another_place_is_told_so(settings, name, value):
    setattr(settings, name, value)
    settings.USES_SANDBOX = False

    assert name in installation.differences()[0]
    call_command("accept_settings")
    assert installation.differences() == []


def test_all_sandboxes_are_one(settings):
    settings.SMARTDIALOG_API_URL = "http://127.0.0.1:9123/v1"
    settings.USES_SANDBOX = False

    assert installation.differences() == []


def test_no_key_is_kept_and_equal_keys_have_other_fingerprints_elsewhere(settings):
    kept = dict(InstallationFact.objects.values_list("name", "value"))
    assert not {settings.SECRET_KEY, "erasure", OLD} & set(kept.values())
    InstallationFact.objects.all().delete()
    installation.differences()

    again = dict(InstallationFact.objects.values_list("name", "value"))
    assert all(kept[name] != again[name] for name in ("salt", "SECRET_KEY", "ERASURE_KEY"))


@pytest.mark.parametrize("mine", [[OTHER], [OTHER, NEW]])
def test_a_host_that_cannot_read_what_the_others_write_does_not_start(settings, mine):
    settings.TOKEN_ENCRYPTION_KEYS = mine

    assert "lacks the key that this installation encrypts with" in installation.differences()[0]


def test_a_host_whose_writing_the_others_cannot_read_does_not_start(settings):
    settings.TOKEN_ENCRYPTION_KEYS = [NEW, OLD]

    assert "Add a new key at the end of the list first" in installation.differences()[0]


def test_keys_rotate_in_three_steps_over_two_hosts(settings):
    for keys in ([OLD, NEW], [NEW, OLD], [NEW]):
        for _ in ("one host", "another"):
            settings.TOKEN_ENCRYPTION_KEYS = keys
            assert installation.differences() == []

    settings.TOKEN_ENCRYPTION_KEYS = [OLD, NEW]  # one that was forgotten
    assert installation.differences()


def test_what_is_changed_on_purpose_holds_from_then_on(settings, capsys):
    settings.SECRET_KEY, settings.TOKEN_ENCRYPTION_KEYS = "another-" * 8, [NEW, OLD]

    call_command("accept_settings")
    assert capsys.readouterr().out == "From now on these hold: SECRET_KEY, TOKEN_ENCRYPTION_KEYS.\n"
    call_command("accept_settings")

    assert capsys.readouterr().out == "Nothing differs.\n"
    assert installation.differences() == []


def test_a_later_version_takes_over_and_an_earlier_one_does_not_start(settings):
    settings.VERSION = "1.10.0"
    assert installation.differences() == []

    settings.VERSION = "1.9.3"
    assert "Install 1.10.0 on this host" in installation.differences()[0]


def test_code_that_is_older_than_the_database_does_not_start():
    MigrationRecorder(connection).record_applied("gateway", "9999_of_later")

    (words,) = schema_version.differences()

    assert "does not know gateway 9999_of_later" in words
    assert "Install that version on this host" in words


def test_code_that_is_newer_than_the_database_does_not_start():
    MigrationRecorder(connection).record_unapplied("accounts", "0001_initial")

    (words,) = installation.differences()

    assert "accounts 0001_initial is not in it." in words
    assert "manage.py migrate" in words


def test_a_database_between_two_versions_is_told_which_to_install_first():
    steps = MigrationRecorder(connection)
    steps.record_unapplied("contacts", "0022_who_was_agreed_to")
    steps.record_unapplied("contacts", "0023_sending_many")

    (words,) = installation.differences()

    assert "0022_who_was_agreed_to is not in it, and others are" in words
    assert "the last version that has contacts/migrations/0023_sending_many.py" in words
    with pytest.raises(SystemCheckError, match="left between two versions"):
        call_command("migrate", skip_checks=False)


def test_migrations_of_apps_that_are_no_longer_here_are_none_of_ours():
    MigrationRecorder(connection).record_applied("gone", "0001_initial")

    assert schema_version.differences() == []


def test_a_process_that_differs_ends_with_the_words(settings, monkeypatch):
    monkeypatch.setattr(installation, "connection", type("Connection", (), {"close": lambda: None}))
    settings.SECRET_KEY = "another-" * 8

    with pytest.raises(SystemExit) as ended:
        installation.require_equal()

    assert str(ended.value).startswith("This process was not started.\n- SECRET_KEY is not the one")


@pytest.mark.parametrize("key", ["the same", "another"])
def test_with_the_database_away_it_starts_and_compares_when_it_is_back(settings, monkeypatch, caplog, key):
    answers, ended = iter([OperationalError, OperationalError]), []

    def away_twice() -> list[str]:
        for error in answers:
            raise error
        return []

    monkeypatch.setattr(installation, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(installation, "threading", SimpleNamespace(Thread=ThreadOfNow))
    monkeypatch.setattr(installation, "AGAIN_AFTER", 0)
    monkeypatch.setattr(
        installation, "os", SimpleNamespace(getpid=lambda: 7, kill=lambda *told: ended.append(told))
    )
    monkeypatch.setattr(schema_version, "differences", away_twice)
    if key == "another":
        settings.SECRET_KEY = "another-" * 8

    installation.require_equal()

    assert "settings are compared when it does" in caplog.text
    assert ended == ([(7, signal.SIGTERM)] if key == "another" else [])
    assert ("SECRET_KEY is not the one" in caplog.text) == (key == "another")


class ThreadOfNow:
    def __init__(self, target: Callable[[], None], **_named: Any) -> None:
        self.start = target
