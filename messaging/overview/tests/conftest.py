"""A customer with a group, a number, and two who work for it."""

import pytest

from accounts.models import Role
from gateway.models import ServiceKind
from tests.factories import make_connection, make_service
from tests.people import make_person


@pytest.fixture
def lea(kahvila):
    lea = make_person("Lea", Role.MARKETER, kahvila)
    make_connection(lea)
    return lea


@pytest.fixture
def number(kahvila):
    return make_service(kahvila, kind=ServiceKind.TWO_WAY)
