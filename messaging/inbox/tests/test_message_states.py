"""What became of an answer is told to open threads by itself: they look nothing up."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gateway.hooks import DeliveryReport, DeliveryStatus
from gateway.live_updates import live
from gateway.live_updates.sse import events_of
from gateway.models import LiveUpdate
from messaging.inbox.models import Message, MessageState
from messaging.inbox.replies import discussions, replying
from messaging.inbox.tests.conftest import THREADS, answer, of
from messaging.inbox.threads import live_rows
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def report(message: Message, status: str) -> None:
    message.refresh_from_db()
    replying.apply_report(
        message, DeliveryReport({}, "r", "", "", DeliveryStatus(status.lower()), status, "", None)
    )


def told() -> list[tuple[str, int]]:
    return list(LiveUpdate.objects.order_by("pk").values_list("topic", "row"))


def carried(*messages: Message, customer=None) -> dict:
    key = customer or messages[0].thread.customer_id
    return json.loads(live_rows.carry_states(key, [each.pk for each in messages]))["states"]


@pytest.fixture
def sent(thread, mikko) -> Message:
    message = answer(thread, mikko)
    replying.mark_sent(message, "m-1")
    LiveUpdate.objects.all().delete()
    return message


def test_what_was_taken_and_what_arrived_is_told_without_its_thread(thread, mikko):
    message = answer(thread, mikko)
    LiveUpdate.objects.all().delete()

    replying.mark_sent(message, "m-1")
    report(message, "Delivered")

    assert told() == [("states", message.pk)] * 2


def test_what_failed_is_told_with_its_thread_as_the_list_marks_it(sent):
    report(sent, "Failed")
    assert told() == [("inbox", sent.thread_id)]

    report(sent, "Delivered")
    assert told()[1:] == [("inbox", sent.thread_id)], "the mark goes"


def test_it_says_what_the_page_says(sent, mikko):
    report(sent, "Delivered")

    said = carried(sent)[str(sent.pk)]

    assert said["state"] == "delivered"
    assert "Delivered" in said["html"]
    page = markup(client_of(mikko).get(of(sent.thread)))
    assert f'data-state="delivered">{markup(said["html"])}' in page


@pytest.mark.parametrize("state", [MessageState.WAITING, MessageState.FAILED, MessageState.UNCERTAIN])
def test_of_what_is_not_there_nothing_is_said_and_pages_look(sent, state):
    Message.objects.filter(pk=sent.pk).update(state=state)

    assert carried(sent) == {str(sent.pk): None}


def test_nothing_of_another_customers_message_is_said(sent, outsider_oy):
    assert carried(sent, customer=outsider_oy.pk) == {str(sent.pk): None}


def test_many_states_cost_one_query(sent, thread, mikko):
    others = [answer(thread, mikko, f"Vastaus {number}") for number in range(9)]
    Message.objects.filter(direction="out").update(state=MessageState.DELIVERED)

    with CaptureQueriesContext(connection) as captured:
        assert len(carried(sent, *others)) == 10
    assert len(captured) == 1


def test_the_inbox_listens_to_it(thread, mikko):
    assert "topics=inbox,presence,states" in markup(client_of(mikko).get(THREADS))
    assert "states" in live.CARRIERS.names()


def test_it_is_one_line_of_a_stream_whatever_it_says(sent):
    Message.objects.filter(pk=sent.pk).update(
        state=MessageState.DELIVERED, error_text="a\u2028\ndata: x<img src=x>"
    )

    said = events_of([(7, sent.thread.customer_id, "states", sent.pk)])[sent.thread.customer_id, "states"]

    assert len(said.splitlines()) == 4, "an id, a name, one line of data, and a blank one"
    assert "<img" not in said


def test_a_discussion_that_is_learned_is_told_with_its_thread(sent):
    for _ in range(2):
        discussions.learn(sent.thread, "d-1")

    assert told() == [("inbox", sent.thread_id)]
