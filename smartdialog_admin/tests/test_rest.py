"""What an installation with nothing to do asks of its database."""

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smartdialog_admin.celeryconfig import INTERVALS

MOST = 205  # a minute


@pytest.mark.django_db(transaction=True)
def test_rest_costs_few_queries():
    current_app.loader.import_default_modules()

    asked = {name: _queries(name) * 60 / seconds for name, seconds in INTERVALS.items()}

    assert sum(asked.values()) <= MOST, asked


def _queries(task: str) -> int:
    """Of its second look in a row."""
    current_app.tasks[task]()
    with CaptureQueriesContext(connection) as captured:
        current_app.tasks[task]()
    return len(captured)
