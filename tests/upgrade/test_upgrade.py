"""An installation of commit e3a94a4 (November 2026), with a row of every kind in it, becomes one of today.

So does one of the commit before its later migrations were made few, and what is between is refused.

`rows.json` is what Django's dumpdata said there; `make_rows.py` tells how it was filled.
"""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from accounts.models import User
from contacts.models import Contact, Import
from gateway import outbox
from gateway.installation_checks import schema_version
from gateway.models import Connection, HookSubscription, Operation, OperationState
from messaging.campaigns.models import Campaign
from messaging.inbox.models import Thread
from messaging.whatsapp.models import Template
from tests.database import connected_to, empty_database
from tests.faults.remote_python import ROOT
from tests.migrated import made_once
from tests.people import client_of

pytestmark = pytest.mark.timeout(600)  # whoever comes first upgrades, which takes long on a busy machine

REPLACING = [
    ("contacts", "0001_contacts_imports_and_bulk_actions"),
    ("gateway", "0001_connections_outbox_and_hooks"),
]
THEN = [
    *REPLACING,
    ("accounts", "0001_initial"),
    ("campaigns", "0001_campaigns"),
    ("inbox", "0001_threads_and_messages"),
    ("sessions", "0001_initial"),
    ("whatsapp", "0001_templates"),
]
FLOORS = ("accounts", "gateway", "contacts", "messaging", "smartdialog_admin")
ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "rows.json").read_text())


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """Its name."""
    with django_db_blocker.unblock(), _upgraded_database() as name:
        yield name


@pytest.fixture
def upgraded(transactional_db, database) -> Iterator[None]:
    with connected_to(database):
        yield


def test_every_migration_can_be_taken_back():
    migrations = MigrationExecutor(None).loader.disk_migrations

    assert len(migrations) > 30
    assert [each for each in migrations.values() for step in each.operations if not step.reversible] == []


def test_an_upgraded_database_is_of_this_code(upgraded):
    steps = MigrationRecorder(connection).applied_migrations()

    assert {("contacts", "0023_sending_many"), *REPLACING} <= steps.keys()
    assert schema_version.differences() == []


@pytest.mark.django_db
def test_a_database_that_went_through_each_step_has_nothing_left_to_do():
    steps = MigrationRecorder(connection)
    for migration in _replacing():
        steps.record_unapplied(migration.app_label, migration.name)
    assert "is older" in schema_version.differences()[0]

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    call_command("migrate", verbosity=0)

    assert schema_version.differences() == []


@pytest.mark.django_db
def test_a_database_that_stopped_after_any_step_but_those_of_then_is_refused(monkeypatch):
    known, steps = MigrationLoader(None).disk_migrations, MigrationRecorder(connection)
    monkeypatch.setattr(schema_version, "_of_code", lambda: known)
    steps_of = defaultdict(set)
    for migration in _replacing():
        steps_of[migration.app_label].update(name for _, name in migration.replaces)

    for app, names in steps_of.items():
        for name in sorted(names, reverse=True):
            steps.record_unapplied(app, name)
            is_of_then = name in {min(names), "0024_type_of_a_number", "0006_field_names"}
            assert (schema_version.left_between() == "") == is_of_then, (app, name)


def _replacing() -> list[Migration]:
    found = [each for each in MigrationLoader(None).disk_migrations.values() if each.replaces]
    assert len(found) > 10
    return found


def test_no_row_is_lost(upgraded):
    then = Counter(_table(row["model"]) for row in ROWS)
    found = {model._meta.db_table: model._base_manager.count() for model in apps.get_models()}

    assert {table for table, count in then.items() if found.get(table, 0) < count} == set()


def _table(model: str) -> str:
    """Of then, and still its name today."""
    app, name = model.split(".")
    return f"django_{name}" if app == "sessions" else f"{app}_{name}"


def test_every_row_can_be_read_and_holds_what_its_model_allows(upgraded):
    for model in apps.get_models():
        for row in model._base_manager.all():
            str(row)
            row.clean_fields(exclude=_blank(row))


def test_fields_of_other_names_hold_what_they_held(upgraded):
    connected = Connection.objects.get(user__name="Mikko Mäkinen")
    assert (connected.consecutive_failures, connected.last_failure_text) == (3, "SmartDialog was silent.")
    assert connected.last_failure_at is not None
    assert (connected.access_token, connected.refresh_token) == ("access", "refresh")
    assert HookSubscription.objects.get(state="active").secret == "made-up-2"

    maybe = Operation.objects.get(subject="contact:9101")
    assert (maybe.possibly_accepted, maybe.attempts, maybe.request_id) == (True, 2, "then-1")


def test_a_rejected_template_with_a_picture_is_still_both(upgraded):
    [kept] = {(each.state, each.header_kind) for each in Template.objects.filter(approval="rejected")}

    assert kept == ("submitted", "image")


def test_calls_stand_where_they_stood(upgraded):
    states = outbox.progress_of("then:states")
    assert (states.total, states.done, states.failed, states.unknown, states.cancelled) == (6, 1, 1, 1, 1)
    assert (outbox.progress_of("then:held").waiting, outbox.progress_of("then:backlog").waiting) == (1, 3)


def test_a_held_call_stays_where_it_is_until_it_is_released(upgraded):
    due = Operation.objects.filter(batch="then:held", state=OperationState.WAITING, due_at__year__lt=3000)
    assert not due.exists()

    with transaction.atomic():
        assert outbox.release(batch="then:held") == 1
        assert due.exists()
        transaction.set_rollback(True)


def test_people_still_read_why_a_call_was_refused(upgraded):
    page = client_of(User.objects.get(name="Aino Aalto")).get(reverse("gateway:operations"))

    assert "The number is no number." in page.content.decode()


@pytest.mark.parametrize("name", ["Aino Aalto", "Mikko Mäkinen", "Vera Virtanen"])
def test_their_pages_open(upgraded, name):
    assert _refused(name, _pages()) == {}


def test_an_admins_settings_open(upgraded):
    names = ("settings:people", "settings:audit", "gateway:usage", "gateway:operations", "gateway:services")

    assert _refused("Aino Aalto", [*map(reverse, names), reverse("erasure:people")]) == {}


def test_an_import_of_then_has_its_rows_and_its_contacts(upgraded):
    job = Import.objects.get(original_name="jäsenet.csv")

    assert Counter(job.rows.values_list("kind", flat=True)) == {"new": 2, "invalid": 1}
    assert [contact.properties for contact in Contact.objects.filter(last_import=job).order_by("phone")] == [
        {"Taso": "Kulta"},
        {},
    ]


def _refused(name: str, urls: list[str]) -> dict[str, int]:
    browser = client_of(User.objects.get(name=name))
    return {url: status for url in urls if (status := browser.get(url).status_code) != 200}


def _pages() -> list[str]:
    imported = Import.objects.get(original_name="jäsenet.csv")
    sent = Campaign.objects.filter(state="sent").first()
    contact = Contact.objects.order_by("pk").first()
    thread = Thread.objects.order_by("pk").first()
    return [
        reverse("overview"),
        reverse("contacts:groups"),
        reverse("contacts:group", args=[imported.group_id]),
        reverse("contacts:contact", args=[contact.pk]),
        *[reverse("contacts:import_page", args=[job.pk]) for job in Import.objects.all()],
        reverse("campaigns:list"),
        reverse("campaigns:campaign", args=[sent.pk]),
        reverse("whatsapp:list"),
        reverse("inbox:threads"),
        reverse("inbox:thread", args=[thread.pk]),
    ]


@contextmanager
def _upgraded_database() -> Iterator[str]:
    """Beside the tests' own. On SQLite it is made once of all processes, as long as no source changes."""
    with empty_database() as name:
        if connection.vendor == "sqlite":
            shutil.copyfile(made_once("upgraded", of=_sources(), by=_upgrade), name)
        else:
            _upgrade(name)
        yield name


def _sources() -> Iterator[Path]:
    """What an upgrade goes by: migrations, what they import, and what is upgraded."""
    yield ROOT / "requirements.txt"
    yield from Path(__file__).parent.glob("*.*")
    for floor in FLOORS:
        yield from (file for file in (ROOT / floor).rglob("*.py") if "tests" not in file.parts)


def _upgrade(name: Path | str) -> None:
    with connected_to(str(name)):
        _fill()
        call_command("migrate", verbosity=0)


def _fill() -> None:
    """The tables of then, with its rows; its migrations by the names that they had."""
    state = MigrationExecutor(connection).migrate(THEN)
    for app, name in REPLACING:
        MigrationRecorder(connection).record_unapplied(app, name)
    with transaction.atomic():
        made = [_row(state.apps, **row) for row in ROWS]
        for row in made:
            row.save(force_insert=True)
        rejected = state.apps.get_model("whatsapp", "Template").objects.filter(state="rejected")
        assert rejected.update(attachment_url="https://kahvila.test/kissa.jpg")  # no template there had one
    written = {type(row) for row in made}
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)


def _row(then: Any, *, model: str, pk: Any, fields: dict[str, Any]) -> models.Model:
    known = then.get_model(model)
    values = {known._meta.get_field(name): value for name, value in fields.items()}
    plain = {
        field.attname: field.to_python(value) for field, value in values.items() if not field.many_to_many
    }
    return known(pk=pk, **plain)


def _blank(row: models.Model) -> list[str]:
    """What a form would ask for and a row need not have."""
    return [field.name for field in row._meta.fields if getattr(row, field.attname) in ("", None, [], {})]
