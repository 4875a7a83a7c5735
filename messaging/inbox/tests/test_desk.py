"""A page reads what a customer has once, however many of its parts show it."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.inbox.models import Team, Thread
from messaging.inbox.team import teamwork
from messaging.inbox.tests.conftest import ANNA, THREADS, of
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

OF_THE_DESK = ["gateway_service", "inbox_label", "inbox_team", "accounts_user"]


@pytest.fixture
def known(thread, kahvila, mikko):
    """A thread of somebody in a group, with a label; and a team."""
    make_contact(make_service(kahvila, kind="Group"), phone=ANNA, first_name="Anna")
    teamwork.add_label(Thread.objects.all(), "VIP", customer=kahvila, by=mikko)
    Team.objects.create(customer=kahvila, name="Kitchen").members.add(mikko)
    return thread


def asked(user, url: str, **query: str) -> list[str]:
    browser = client_of(user)
    browser.get(url, query)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url, query).status_code == 200
    return [each["sql"] for each in seen]


def read(queries: list[str]) -> Counter[str]:
    """How often the rows of each table: of people who asks, and all of them. Some are read in one go."""
    statements = [statement for each in queries for statement in each.split("; ")]
    return Counter(each.split('"')[1] for each in statements if each.startswith('SELECT "'))


@pytest.mark.parametrize("q", ["", "kiitos", "anna kiitos"])
def test_a_list_and_a_search_read_the_desk_once(known, mikko, q):
    found = read(asked(mikko, THREADS, q=q))

    assert [found[table] for table in OF_THE_DESK] == [1, 1, 1, 2]


def test_a_page_of_a_thread_reads_the_desk_once(known, mikko):
    queries = asked(mikko, of(known))

    assert [read(queries)[table] for table in OF_THE_DESK] == [1, 1, 1, 2]
    assert len(queries) <= 34
