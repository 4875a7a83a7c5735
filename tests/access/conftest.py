"""For what crosses apps: an admin with a password at a browser of theirs, and the dashboard as deployed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from accounts.models import Customer, Role, User
from tests.access.sample_rows import CANARY, create_sample_rows
from tests.factories import make_connection
from tests.people import client_of, make_person

PASSWORD = "long-enough-to-count"


@dataclass(frozen=True)
class World:
    """A customer with a row of each kind, and an admin at a browser; `rows`: what addresses name them by."""

    customer: Customer
    admin: User
    rows: dict[str, Any]
    signed_in: Client

    def browser(self) -> Client:
        browser = Client()
        browser.cookies = copy(self.signed_in.cookies)
        return browser


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once for a module: what each test changes of it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        customer = Customer.objects.create(remote_id="customer-ravintola", name="Ravintola Meri")
        admin = make_person("Kaisa", Role.ADMIN, customer)
        rows = create_sample_rows(admin, customer, called=CANARY)
        yield World(customer, admin, rows, client_of(admin))
        transaction.set_rollback(True)


@pytest.fixture
def root(kahvila) -> User:
    root = User.objects.create_superuser("root", password=PASSWORD)
    kahvila.memberships.create(user=root)
    make_connection(root)
    return root


@pytest.fixture
def browser(root) -> Client:
    browser = Client()
    sign_in(browser, root)
    return browser


def sign_in(browser: Client, person: User, next_path: str = "/", **headers: str):
    person.set_password(PASSWORD)
    person.save()
    form = {"username": person.username, "password": PASSWORD, "next": next_path}
    return browser.post("/sign-in/", form, headers=headers)


def under_https(program: str) -> list[str]:
    """What a program says when the dashboard is deployed behind HTTPS."""
    environment = os.environ | {
        "PUBLIC_URL": "https://dashboard.example",
        "ALLOWED_HOSTS": "dashboard.example",
        "SECRET_KEY": "only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DEBUG": "false",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()
