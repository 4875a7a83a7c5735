"""SmartDialog answered in-process, for what is about our side of the border."""

import pytest
import responses
from django.db import connection as database

from gateway.models import Connection
from tests.factories import make_connection

# Only SQLite can be told how large it may grow.
collect_ignore = [] if database.vendor == "sqlite" else ["test_disk_space.py"]

API = "http://smartdialog.test/v1"


@pytest.fixture
def smartdialog(settings):
    settings.SMARTDIALOG_API_URL = API
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def connection(mikko) -> Connection:
    return make_connection(mikko)
