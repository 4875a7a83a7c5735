"""A file with one number in all of its rows costs what any other does."""

import pytest
from django.db import connection

from contacts.importing import checking, import_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]  # which counts its own steps


def steps(uploaded, rows: int) -> int:
    """Thousands of the database's, of a check."""
    job = uploaded(b"Puhelin;Nimi\n" + b"0401234567;Anna\n" * rows)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    counted = []
    connection.connection.set_progress_handler(lambda: counted.append(1) and None, 1000)
    try:
        checking.check(job.pk)
    finally:
        connection.connection.set_progress_handler(None, 0)
    job.refresh_from_db()
    assert job.counts == {"new": 1, "duplicate": rows - 1}
    return len(counted)


def test_twice_as_many_rows_of_one_number_cost_twice_as_much(uploaded, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 200)

    assert steps(uploaded, 3200) < 2.6 * steps(uploaded, 1600)
