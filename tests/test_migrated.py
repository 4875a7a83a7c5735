"""A test that commits leaves the tests' database as it found it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import Customer
from tests import migrated

pytestmark = [pytest.mark.only_on("sqlite"), pytest.mark.django_db(transaction=True)]


def test_emptied_it_is_as_migrations_leave_it():
    types = set(ContentType.objects.values_list("app_label", "model"))
    ContentType.objects.all().delete()
    first = Customer.objects.create(remote_id="a", name="A").pk

    migrated.empty()

    assert not Customer.objects.exists()
    assert set(ContentType.objects.values_list("app_label", "model")) == types
    assert Customer.objects.create(remote_id="b", name="B").pk == first
    assert connection.cursor().execute("PRAGMA journal_mode").fetchone() == ("wal",)
