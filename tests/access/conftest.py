"""For what crosses apps: an admin with a password at a browser of theirs, and the dashboard as deployed."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.factories import make_connection

PASSWORD = "long-enough-to-count"


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
