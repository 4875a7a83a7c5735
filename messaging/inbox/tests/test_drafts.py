"""What is typed in a thread is there again, for who typed it, until it is sent."""

from threading import Thread as Worker
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from gateway import clock
from messaging.inbox.models import Draft, Thread
from messaging.inbox.replies import drafts, replying
from messaging.inbox.tests.conftest import HTMX, answer, of, receive
from tests.factories import make_connection
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def type_in(person: User, thread: Thread, content: str, key=None) -> int:
    form = {"content": content, "key": key or uuid4()}
    return client_of(person).post(of(thread, "draft"), form, **HTMX).status_code


def box(person: User, thread: Thread) -> str:
    """What the reply box holds."""
    page = client_of(person).get(of(thread))
    return page.context["composer"]["form"]["content"].value()


def test_what_is_typed_is_there_on_every_device_of_theirs_and_of_nobody_else(hook, thread, mikko, aino):
    make_connection(aino)
    receive(hook, sender="+358402222222")

    assert type_in(mikko, thread, " Kello\n") == 200

    assert box(mikko, thread) == " Kello\n"
    assert not box(aino, thread)
    assert not box(mikko, Thread.objects.exclude(pk=thread.pk).get())


def test_the_latest_of_several_counts_and_nothing_typed_is_none(thread, mikko):
    for words in ["Kel", "Kello"]:
        type_in(mikko, thread, words)
    assert box(mikko, thread) == "Kello"

    type_in(mikko, thread, " ")
    assert not Draft.objects.exists()


def test_a_draft_goes_with_its_answer_and_one_that_comes_late_is_none(thread, mikko):
    key = uuid4()
    type_in(mikko, thread, "Kello 9", key)

    part = client_of(mikko).post(of(thread, "replies"), {"content": "Kello 9.", "key": key}, **HTMX)
    type_in(mikko, thread, "Kello 9", key)

    assert not Draft.objects.exists()
    assert not part.context["composer"]["form"]["content"].value()


def test_what_another_window_says_otherwise_stays_when_one_is_sent(thread, mikko):
    type_in(mikko, thread, "Huomenna")

    answer(thread, mikko)

    assert box(mikko, thread) == "Huomenna"


def test_a_draft_that_was_taken_up_in_a_new_window_goes_when_it_is_sent(thread, mikko):
    type_in(mikko, thread, "Kello 9.")

    answer(thread, mikko)

    assert not Draft.objects.exists()


def test_a_draft_that_was_taken_up_and_changed_goes_when_it_is_sent(thread, mikko):
    type_in(mikko, thread, "Kello 9.")
    form = client_of(mikko).get(of(thread)).context["composer"]["form"]

    said = {"content": "Kello 9, tervetuloa!", "key": form["key"].value()}
    part = client_of(mikko).post(of(thread, "replies"), said, **HTMX)

    assert not Draft.objects.exists()
    assert not part.context["composer"]["form"]["content"].value()
    assert part.context["composer"]["form"]["key"].value() != form["key"].value()


def test_of_two_windows_with_one_draft_the_second_is_told_what_the_first_has_sent(thread, mikko):
    type_in(mikko, thread, "Kello 9.")
    one, other = (client_of(mikko).get(of(thread)).context["composer"]["form"]["key"].value() for _ in "ab")
    answer = {"content": "Kello 9.", "key": one}
    client_of(mikko).post(of(thread, "replies"), answer, **HTMX)

    changed = {"content": "Kello 10.", "key": other}
    part = markup(client_of(mikko).post(of(thread, "replies"), changed, **HTMX))

    assert "An earlier version of this answer has been sent" in part
    assert "Kello 10." in part
    assert thread.messages.filter(direction="out").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_comes_while_its_answer_is_written_is_none(thread, mikko, monkeypatch):
    key, forget, late = uuid4(), drafts.forget, []

    def keep() -> None:
        drafts.keep(thread, "Kello 9.", key=key, of=mikko)
        connection.close()

    def forget_and_be_overtaken(*told, **more) -> None:
        forget(*told, **more)
        late.append(Worker(target=keep))
        late[0].start()
        late[0].join(0.5)  # it waits for the answer

    monkeypatch.setattr(drafts, "forget", forget_and_be_overtaken)
    replying.reply(thread, "Kello 9.", key=key, by=mikko)
    late[0].join(30)

    assert not Draft.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_that_cannot_be_sent_any_more_come_back(hook, thread, mikko, headers):
    receive(hook, content="Täällä", protocol="WHATSAPP", timestamp=clock.after(-25 * 3600).isoformat())
    form = {"content": "Kello 9, ja tervetuloa!", "key": uuid4()}

    part = client_of(mikko).post(of(thread, "replies"), form, **headers)

    assert "Kello 9, ja tervetuloa!" in markup(part)
    assert "takes free answers for 24 hours" in markup(part)


@pytest.mark.parametrize("form", [{}, {"content": "a", "key": "x"}, {"content": "a" * 20_001}])
def test_what_is_no_draft_is_not_kept(thread, mikko, form):
    assert client_of(mikko).post(of(thread, "draft"), {"key": uuid4()} | form).status_code in {204, 422}
    assert not Draft.objects.exists()


def test_a_draft_is_words_and_never_markup(thread, mikko):
    type_in(mikko, thread, "</textarea><script>alert(1)</script>")

    assert "<script>alert" not in markup(client_of(mikko).get(of(thread)))
