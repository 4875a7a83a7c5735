"""What open inboxes are sent: rows as they are now, the same for everybody, none of other customers."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway.live_updates.sse import events_of
from gateway.models import LiveUpdate
from messaging.inbox.models import Mention, Team, Thread
from messaging.inbox.team import notes, presence, teamwork
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import ANNA, THREADS, answer, receive
from messaging.inbox.threads import conversations, live_rows
from messaging.inbox.threads.thread_list import ThreadQuery, with_names, with_team
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db


def carried(*threads: Thread, customer=None) -> dict:
    return json.loads(live_rows.carry((customer or threads[0].customer).pk, [each.pk for each in threads]))


def test_a_row_says_what_its_list_says(thread, kahvila, mikko):
    group = make_service(kahvila, kind="group")
    make_contact(group, phone=ANNA, first_name="Anna", last_name="Aalto")

    html = carried(thread)["rows"][str(thread.pk)]

    for words in ["Anna Aalto", "Milloin avaatte?", "Waiting ·", f"/inbox/{thread.pk}/"]:
        assert words in html
        assert words in client_of(mikko).get(THREADS).content.decode()


def test_what_people_write_is_words_in_a_row_too(hook, thread):
    receive(hook, content="<img src=x onerror=alert(1)>\u2028\ndata: x", timestamp="2026-11-24T14:00:00Z")

    told = events_of([(7, thread.customer_id, "inbox", thread.pk)])[thread.customer_id, "inbox"]

    assert "<img" not in told
    assert len(told.splitlines()) == 4, "an id, a name, one line of data, and a blank one"


def test_each_change_is_told_by_its_row(thread, mikko):
    LiveUpdate.objects.all().delete()
    answer(thread, mikko)
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)
    teamwork.assign(Thread.objects.all(), customer=thread.customer, to=mikko, by=mikko)
    presence.is_writing(thread, by=mikko)

    told = list(LiveUpdate.objects.values_list("topic", "row"))
    assert told == [(topic, thread.pk) for topic in ["inbox", "presence", "inbox", "presence"]]


def test_who_has_read_and_who_writes_goes_along_as_facts(thread, mikko, aino):
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)
    presence.is_writing(thread, by=aino)

    told = carried(thread)

    assert told["reads"] == {str(thread.pk): {str(mikko.pk): thread.newest_received}}
    assert told["writing"] == {str(thread.pk): {str(aino.pk): "Aino"}}
    assert told["waiting"] == 1


def test_who_reads_and_writes_is_told_without_the_thread(thread, mikko, aino):
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)
    notes.write(thread, f"@{aino} katso", by=mikko)
    key = str(thread.pk)

    told = json.loads(live_rows.carry_facts(thread.customer_id, [thread.pk]))

    assert {*told} == {"customer", "reads", "writing", "mentions"}, "no row: nothing is drawn anew"
    assert told["reads"] == {key: {str(mikko.pk): thread.newest_received}}
    assert told["mentions"] == {key: {str(aino.pk): Mention.objects.get().pk}}
    assert json.loads(live_rows.carry_facts(thread.customer_id + 1, [thread.pk]))["writing"] == {}


def test_a_mention_marks_the_row_and_is_counted_until_it_is_seen(thread, mikko, aino):
    notes.write(thread, f"@{aino} katso", by=mikko)

    def mentions(person) -> tuple[str, bool]:
        page = client_of(person).get(THREADS)
        chip = next(each for each in page.context["filters"] if each.label == "Mentions")
        return chip.number, page.context["page"].rows[0].is_named

    assert (mentions(aino), mentions(mikko)) == (("1", True), ("", False))
    notes.see(thread, by=aino)
    assert mentions(aino) == ("", False)


def test_the_numbers_of_the_filters_are_looked_up_by_themselves(thread, mikko):
    asked = client_of(mikko).get(THREADS, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="filter-chips")

    assert not asked.templates
    assert "Milloin avaatte?" not in asked.content.decode()
    assert "Waiting for us" in asked.content.decode()


def test_a_thread_of_another_customer_is_gone_for_this_one(thread, outsider_oy):
    told = carried(thread, customer=outsider_oy)

    assert (told["rows"], told["gone"], told["waiting"]) == ({}, [thread.pk], 0)
    assert told["customer"] == outsider_oy.pk


def test_rows_cost_as_many_queries_for_many_threads_as_for_one(hook, thread):
    def queries(*threads: Thread) -> int:
        with CaptureQueriesContext(connection) as captured:
            carried(*threads)
        return len(captured)

    one = queries(thread)
    for number in range(9):
        receive(hook, sender=f"+35840222222{number}", content="Moi")

    assert queries(*Thread.objects.all()) == one


@pytest.mark.parametrize("show", ["", "waiting", "theirs", "snoozed", "closed", "all"])
@pytest.mark.parametrize("who", ["", "me", "none"])
def test_the_marks_of_a_row_agree_with_the_lists(hook, thread, mikko, aino, show, who):
    """A page decides by them what the database decides for a list."""
    for number in range(6):
        receive(hook, sender=f"+35840222222{number}", content="Moi")
    _, answered, snoozed, done, mine, theirs, _ = Thread.objects.order_by("pk")
    answer(answered, mikko)
    teamwork.snooze(snoozed, until="2099-01-01T00:00:00Z", seen=snoozed.newest_received, by=mikko)
    conversations_done = {done.pk: done.newest_received}
    teamwork.finish(Thread.objects.all(), conversations_done, customer=thread.customer, by=mikko)
    kitchen = Team.objects.create(customer=thread.customer, name="Kitchen")
    kitchen.members.add(mikko)
    for each, to in [(mine, mikko), (answered, mikko), (theirs, aino), (thread, kitchen)]:
        teamwork.assign(Thread.objects.filter(pk=each.pk), customer=thread.customer, to=to, by=mikko)
    listing = ThreadQuery(show=show, who=who)

    wanted = {*listing.wanted(mikko)}
    rows = with_names(Desk(thread.customer), with_team(Thread.objects.all()))
    by_marks = {row.thread.pk for row in rows if wanted <= {*row.marks.split()}}

    assert by_marks == {each.pk for each in listing.threads(thread.customer, mikko)}
