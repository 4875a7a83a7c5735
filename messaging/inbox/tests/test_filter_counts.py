"""The numbers of the filters are what the list's page says, and cost as much for many who look as for one."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway.live_updates import live
from messaging.inbox.models import Mention, SavedInboxView, Team, Thread
from messaging.inbox.team import notes, teamwork
from messaging.inbox.tests.conftest import THREADS, answer, receive
from messaging.inbox.threads.filter_counts import count_for
from tests.markup import markup
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db


def told(customer, *people) -> list[dict[str, str]]:
    said = count_for(customer.pk, [each.pk for each in people])
    return [json.loads(said[each.pk])["counts"] for each in people]


def shown(person) -> dict[str, str]:
    """By the page of the list itself."""
    filters = client_of(person).get(THREADS).context["filters"]
    return {each.query: each.number for each in filters}


@pytest.fixture
def busy(hook, thread, kahvila, mikko, aino) -> Team:
    """Seven conversations: of Mikko, of Aino, of a team of his, nobody's, answered, done; with mentions."""
    for number in range(6):
        receive(hook, sender=f"+35840222222{number}", content="Moi")
    _, mine, theirs, teams, answered, done, _ = Thread.objects.order_by("pk")
    kitchen = Team.objects.create(customer=kahvila, name="Kitchen")
    kitchen.members.add(mikko)
    for each, to in [(mine, mikko), (theirs, aino), (teams, kitchen)]:
        teamwork.assign(Thread.objects.filter(pk=each.pk), customer=kahvila, to=to, by=aino)
    answer(answered, mikko)
    teamwork.finish(
        Thread.objects.filter(pk=done.pk), {done.pk: done.newest_received}, customer=kahvila, by=aino
    )
    for each in (mine, theirs):
        notes.write(each, "@aino katso", by=mikko)
        notes.write(each, "@aino katso vielä", by=mikko)
    notes.write(done, "@mikko katso", by=aino)
    return kitchen


def test_each_is_told_what_their_page_says(busy, kahvila, mikko, aino, vera):
    for person, query in [(mikko, "?show=unread"), (aino, "?who=me&show=waiting"), (vera, "?show=closed")]:
        SavedInboxView.objects.create(user=person, customer=kahvila, name="Own", query=query)
    SavedInboxView.objects.create(user=aino, customer=kahvila, name="Theirs", query="?show=closed")

    people = (mikko, aino, vera)
    assert told(kahvila, *people) == [shown(each) for each in people]
    assert told(kahvila, mikko)[0]["?who=me"] == "2"
    assert told(kahvila, aino)[0]["?show=mentions"] == "2"


def test_as_many_queries_for_fifty_as_for_one(busy, kahvila, mikko):
    def queries(*people) -> int:
        with CaptureQueriesContext(connection) as captured:
            told(kahvila, *people)
        return len(captured)

    one = queries(mikko)
    others = [make_person(f"Person{number}", "marketer", kahvila) for number in range(49)]
    busy.members.add(*others)
    for each in others:
        SavedInboxView.objects.create(user=each, customer=kahvila, name="Done", query="?show=closed")

    assert queries(mikko, *others) == one


def test_more_than_people_count_are_said_to_be_more(hook, thread, kahvila, mikko):
    fields = {"customer": kahvila, "service": thread.service, "last_message_at": thread.last_message_at}
    Thread.objects.bulk_create(
        Thread(
            address=f"+3584033{number:05}", assignee=mikko, unanswered_since=thread.last_message_at, **fields
        )
        for number in range(150)
    )

    [counts] = told(kahvila, mikko)
    assert (counts["?show=waiting"], counts["?who=me"], counts[""]) == ("99+", "99+", "99+")


def test_nothing_of_another_customer_is_counted(busy, kahvila, trattoria, mikko, aino):
    assert set(told(trattoria, mikko)[0].values()) == {""}
    Mention.objects.all().delete()
    assert told(kahvila, aino)[0]["?show=mentions"] == ""


def test_somebody_who_was_deleted_meanwhile_is_told_nothing(kahvila):
    assert count_for(kahvila.pk, [10**6]) == {}


def test_pages_listen_to_it_and_say_where_each_number_stands(busy, mikko):
    page = markup(client_of(mikko).get(THREADS))

    assert "topics=inbox,presence,states,counts" in page
    assert 'data-count="?who=me">2</span>' in page
    assert live.TALLIES["counts"].of == {"inbox", "presence"}
