"""SmartDialog answered in-process, for what is about our side of the border."""

import pytest
import responses

from gateway.models import Connection
from tests.makers import make_connection

API = "http://smartdialog.test/v1"


@pytest.fixture
def smartdialog(settings):
    settings.SMARTDIALOG_API_URL = API
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def connection(mikko) -> Connection:
    return make_connection(mikko)
