"""Who waits for us after an answer: what its writer had seen is answered, what came in that moment is not.

SmartDialog's clock tells seconds: here, all that they write bears the same one.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from messaging.inbox.models import Message, ResponseTime, Thread
from messaging.inbox.replies import decisions, replying
from messaging.inbox.tests.conftest import HTMX, NOON, answer, of, receive
from messaging.inbox.threads import conversations
from tests.people import client_of

pytestmark = pytest.mark.django_db


def reply(thread: Thread, by, *, seen: int, content: str = "Kello 9.") -> Message:
    return replying.reply(thread, content, key=uuid4(), by=by, seen=seen)


def test_what_came_after_the_writer_looked_waits_on(hook, thread, mikko, connected):
    seen = thread.newest_received
    receive(hook, content="Ja onko pöytää kuudelle?", timestamp="2026-11-24T12:00:07Z")

    reply(thread, mikko, seen=seen)

    thread.refresh_from_db()
    second = thread.messages.get(content__startswith="Ja")
    assert (thread.is_waiting, thread.unanswered_since, thread.asked_at) == (True, second.at, second.at)
    assert ResponseTime.objects.count() == 1, "the first is answered"


def test_so_does_what_came_in_the_same_second(hook, thread, mikko, connected):
    seen = thread.newest_received
    receive(hook, content="Ja onko pöytää kuudelle?", timestamp=NOON)

    reply(thread, mikko, seen=seen)

    thread.refresh_from_db()
    assert thread.is_waiting


def test_what_the_writer_read_while_they_wrote_is_answered(hook, thread, mikko, connected):
    seen = thread.newest_received
    receive(hook, content="Ja onko pöytää kuudelle?")
    thread.refresh_from_db()
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)

    reply(thread, mikko, seen=seen)

    thread.refresh_from_db()
    assert not thread.is_waiting


def test_what_a_colleague_read_is_not_what_the_writer_read(hook, thread, mikko, aino, connected):
    seen = thread.newest_received
    receive(hook, content="Ja onko pöytää kuudelle?")
    thread.refresh_from_db()
    conversations.mark_read(thread, newest=thread.newest_received, by=aino)

    reply(thread, mikko, seen=seen)

    thread.refresh_from_db()
    assert thread.is_waiting


@pytest.mark.parametrize("words", ["STOP", "START"])
def test_what_wants_no_answer_keeps_no_thread_waiting(hook, thread, mikko, connected, words):
    seen = thread.newest_received
    receive(hook, content=words)

    reply(thread, mikko, seen=seen)

    thread.refresh_from_db()
    assert not thread.is_waiting


def test_a_stop_in_the_second_of_a_question_leaves_the_question_waiting(hook, thread):
    receive(hook, content="STOP", timestamp=NOON)

    thread.refresh_from_db()
    assert thread.is_waiting
    assert thread.asked_at is not None


def test_an_answer_to_nothing_that_was_seen_ends_no_wait_and_is_not_measured(thread, mikko, connected):
    reply(thread, mikko, seen=0)

    asked = thread.messages.received().get()
    thread.refresh_from_db()
    assert (thread.unanswered_since, thread.asked_at) == (asked.at, asked.at)
    assert not ResponseTime.objects.exists()


def test_the_page_says_what_it_showed(hook, thread, mikko, connected):
    seen = thread.newest_received
    receive(hook, content="Ja onko pöytää kuudelle?")

    form = {"content": "Kello 9.", "key": uuid4(), "seen": seen}
    client_of(mikko).post(of(thread, "replies"), form, **HTMX)

    thread.refresh_from_db()
    assert thread.is_waiting


def test_what_was_taken_in_after_an_answer_waits_again_when_the_next_is_withdrawn(
    hook, thread, mikko, connected
):
    answer(thread, mikko)
    receive(hook, content="Ja onko pöytää kuudelle?", messageId="later")
    second = Message.objects.filter(remote_id="later")  # it reached us before the answer was written
    second.update(received_at=thread.messages.received().first().received_at - timedelta(seconds=1))
    withdrawn = answer(thread, mikko, "Kuudelle on.")

    assert decisions.cancel(withdrawn, by=mikko)

    thread.refresh_from_db()
    assert (thread.is_waiting, thread.unanswered_since) == (True, second.get().at)
