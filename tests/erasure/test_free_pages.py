"""What is deleted is gone from the pages that a database file keeps for later, too."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_a_database_in_a_file_overwrites_what_it_deletes():
    if connection.vendor == "sqlite":  # PostgreSQL gives pages back by itself
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA secure_delete").fetchone()[0] == 1
