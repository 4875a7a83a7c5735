"""A plugin of pytest: the catalogue with one entry more than it has, and the migration that it asks for.

It is loaded before Django is, since all who read the catalogue do so when they are imported.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import contacts
from gateway.smartdialog import types

NEW = """
    Field(
        name="nickname",
        wire="nickname",
        label="Nickname",
        headers="nickname|lempinimi",
        max_length=30,
        searched=True,
        placeholder=True,
    ),
)
DETAILS ="""


def _extend_catalogue() -> None:
    path = Path(contacts.__path__[0], "fields.py")
    source = path.read_text().replace("\n)\nDETAILS =", NEW)
    contacts.fields = sys.modules["contacts.fields"] = ModuleType("contacts.fields")
    exec(compile(source, path, "exec"), vars(contacts.fields))


def _extend_wire_types() -> None:
    """What the gateway says by itself of a field that SmartDialog takes."""

    @dataclass(frozen=True)
    class ContactFields(types.ContactFields):
        nickname: str = ""

    @dataclass(frozen=True)
    class RemoteContact(types.RemoteContact):
        nickname: str = ""

    types.ContactFields, types.RemoteContact = ContactFields, RemoteContact


_extend_catalogue()
_extend_wire_types()


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Another database than that of the tests that began this one."""
    from django.conf import settings

    test = settings.DATABASES["default"].setdefault("TEST", {})
    test["NAME"] = test.get("NAME") or f"test_new_field_{os.getpid()}"


@pytest.fixture(scope="session", autouse=True)
def migrated(django_db_setup, django_db_blocker) -> None:
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    with django_db_blocker.unblock():
        loader = MigrationLoader(connection)
        state = loader.project_state()
        changes = MigrationAutodetector(state, ProjectState.from_apps(apps)).changes(loader.graph)
        assert set(changes) == {"contacts", "campaigns"}  # and lists of people of campaigns
        for [migration] in changes.values():
            with connection.schema_editor() as editor:
                state = migration.apply(state, editor)
