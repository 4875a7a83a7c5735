"""A colleague answered while one wrote: who comes second is asked, and nothing is sent twice."""

from threading import Barrier
from threading import Thread as Worker
from uuid import uuid4

import pytest
from django.db import connection

from messaging.inbox.models import Direction, Message
from messaging.inbox.replies import replying
from messaging.inbox.replies.replying import BY_ITSELF, AnsweredMeanwhile
from messaging.inbox.tests.conftest import HTMX, answer, of
from tests.factories import make_connection
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_a_colleague_who_answered_meanwhile_is_told_of_before_anything_is_sent(thread, mikko, aino):
    make_connection(aino)
    browser = client_of(mikko)
    form = {"content": "Kello 9.", "key": uuid4(), "seen": thread.messages.get().pk}
    theirs = answer(thread, aino, "Avaamme yhdeksältä.")

    asked = browser.post(of(thread, "replies"), form, **HTMX)

    assert "Aino answered meanwhile: “Avaamme yhdeksältä.”" in markup(asked)
    assert Message.objects.filter(direction=Direction.OUT).get() == theirs
    shown = asked.context["composer"]["form"]
    again = {name: shown[name].value() for name in ("content", "key", "seen")}
    assert again == {name: str(value) for name, value in (form | {"seen": theirs.pk}).items()}
    browser.post(of(thread, "replies"), again, **HTMX)
    assert thread.messages.latest_first().first().content == "Kello 9."


def test_ones_own_answers_and_automatic_ones_are_not_asked_about(thread, mikko, aino):
    make_connection(aino)
    seen = thread.messages.get().pk
    answer(thread, mikko, "Hetki.")
    replying.reply(thread, "Kiitos viestistä.", key=uuid4(), by=aino, options=BY_ITSELF)

    replying.reply(thread, "Kello 9.", key=uuid4(), by=mikko, seen=seen)

    assert thread.messages.filter(direction=Direction.OUT).count() == 3


def test_the_same_answer_twice_is_one_though_a_colleague_answered_in_between(thread, mikko, aino):
    make_connection(aino)
    seen, key = thread.messages.get().pk, uuid4()
    first = replying.reply(thread, "Kello 9.", key=key, by=mikko, seen=seen)
    answer(thread, aino)

    assert replying.reply(thread, "Kello 9.", key=key, by=mikko, seen=seen) == first


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_the_same_moment_one_is_asked(thread, mikko, aino):
    make_connection(aino)
    seen, both, came = thread.messages.get().pk, Barrier(2), []

    def send(person) -> None:
        both.wait(10)
        try:
            replying.reply(thread, f"Hei, {person}", key=uuid4(), by=person, seen=seen)
            came.append("sent")
        except AnsweredMeanwhile:
            came.append("asked")
        finally:
            connection.close()

    workers = [Worker(target=send, args=[person]) for person in (mikko, aino)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert sorted(came) == ["asked", "sent"]
    assert thread.messages.filter(direction=Direction.OUT).count() == 1
