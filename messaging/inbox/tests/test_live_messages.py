"""What was said last, as open conversations are sent it: the same for everybody, if it asks for nothing."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gateway.live_updates.sse import events_of
from messaging.inbox.models import Message, Thread
from messaging.inbox.replies import replying
from messaging.inbox.replies.replying import ReplyOptions
from messaging.inbox.tests.conftest import answer, receive
from messaging.inbox.threads import live_rows
from tests.factories import make_connection

pytestmark = pytest.mark.django_db


def said_in(thread: Thread) -> dict | None:
    told = json.loads(live_rows.carry(thread.customer_id, [thread.pk]))
    return told["said"].get(str(thread.pk))


def last(thread: Thread) -> Message:
    return thread.messages.latest_first().first()


def test_a_message_goes_along_with_what_stands_above_it(hook, thread):
    first = said_in(thread)
    before = last(thread)
    receive(hook, content="Ja sunnuntaina?", timestamp="2026-11-24T13:00:00Z")

    said = said_in(thread)

    assert (first["message"], first["before"]) == (before.pk, None)
    assert (said["message"], said["before"]) == (last(thread).pk, before.pk)
    assert said["at"] == "2026-11-24T13:00:00+00:00"
    assert "Ja sunnuntaina?" in said["html"]


def test_an_answer_goes_along_as_it_stands_on_a_page(thread, mikko, connected):
    message = answer(thread, mikko)

    html = said_in(thread)["html"]

    assert f'id="message-{message.pk}"' in html
    assert "On its way" in html
    assert "Mikko" in html


def test_what_has_buttons_or_asks_for_a_decision_does_not_go_along(hook, thread, mikko, connected):
    receive(hook, content="STOP", timestamp="2026-11-24T13:00:00Z")
    assert said_in(thread) is None
    receive(hook, content="please do not stop", timestamp="2026-11-24T14:00:00Z")
    assert said_in(thread) is None

    message = answer(thread, mikko)
    replying.mark_failed(message, "Sender is unknown.")
    assert said_in(thread) is None


def test_one_for_later_or_for_a_sign_in_that_has_ended_does_not_go_along(thread, aino, mikko, connected):
    at = ReplyOptions(send_at=timezone.now() + timedelta(hours=2))
    replying.reply(thread, "Huomenna.", key=uuid4(), by=mikko, options=at)
    assert said_in(thread) is None

    waiting = make_connection(aino)
    type(waiting).objects.filter(pk=waiting.pk).update(state="reconnect")
    answer(thread, aino, "Heti.")
    assert said_in(thread) is None


def test_it_holds_no_form_and_no_token_and_says_text_as_text(hook, thread):
    receive(hook, content="<form action=x>\u202e{{ 7 }}\u2028data: y", timestamp="2026-11-24T13:00:00Z")

    html = said_in(thread)["html"]
    told = events_of([(7, thread.customer_id, "inbox", thread.pk)])[thread.customer_id, "inbox"]

    assert "<form" not in html
    assert "csrf" not in html
    assert "{{ 7 }}" in html
    assert len(told.splitlines()) == 4, "an id, a name, one line of data, and a blank one"


def test_a_thread_in_which_nothing_was_said_says_nothing(thread):
    Message.objects.all().delete()

    assert said_in(thread) is None
