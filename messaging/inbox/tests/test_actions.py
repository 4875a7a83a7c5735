"""What people do in the inbox, with a script and without."""

import itertools
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from gateway.models import ConnectionState, Operation
from messaging.inbox.models import Direction, Message, MessageState, Thread, ThreadState
from messaging.inbox.replies import replying
from messaging.inbox.replies.replying import REPLY
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import HTMX, JUNK, NOON, THREADS, answer, of, receive
from messaging.inbox.threads.thread_list import with_names
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_an_answer_shows_at_once_as_on_its_way(thread, mikko):
    part = client_of(mikko).post(of(thread, "replies"), {"content": "Kello 9.", "key": uuid4()}, **HTMX)

    page = markup(part)
    assert "On its way" in page
    assert 'hx-swap-oob="innerHTML:#latest"' in page
    assert markup(client_of(mikko).get(THREADS)).count("You: Kello 9.") == 1


def test_an_answer_works_without_a_script_and_twice_is_once(thread, mikko):
    browser, form = client_of(mikko), {"content": "Kello 9.", "key": uuid4()}

    for _ in range(2):
        assert browser.post(of(thread, "replies"), form).headers["Location"] == of(thread)
    assert Message.objects.filter(direction=Direction.OUT).count() == 1
    assert Operation.objects.filter(kind=REPLY).count() == 1


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"content": "  ", "key": str(uuid4())}, "Write something first."),
        ({"content": "a" * 1001, "key": str(uuid4())}, "these are 1,001"),
        ({"content": "Hei", "key": "junk"}, "Open the conversation again."),
        ({"content": "Hei\0", "key": str(uuid4())}, "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize(("headers", "status"), [(HTMX, 200), ({}, 422)])
def test_what_cannot_be_sent_comes_back_with_its_words(thread, mikko, form, why, headers, status):
    response = client_of(mikko).post(of(thread, "replies"), form, **headers)

    assert (response.status_code, why in response.content.decode()) == (status, True)
    assert not Message.objects.filter(direction=Direction.OUT).exists()


def test_lines_count_once_whatever_the_browser_ends_them_with(thread, mikko):
    form = {"content": "a\r\n" * 499 + "b", "key": uuid4()}

    assert client_of(mikko).post(of(thread, "replies"), form).status_code == 302


def test_a_reply_box_says_why_it_is_none(thread, answering, mikko):
    answering.delete()

    page = markup(client_of(mikko).get(of(thread)))

    assert "no service that may answer messages" in page
    assert 'name="content"' not in page


def test_one_who_is_not_connected_is_asked_to_sign_in_with_smartdialog(thread, aino):
    page = markup(client_of(aino).get(of(thread)))

    assert "Sign in with SmartDialog" in page
    assert 'name="content"' not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [(ConnectionState.RECONNECT, "sign-in has ended"), (ConnectionState.PAUSED, "Your sending is paused")],
)
def test_a_connection_that_rests_takes_answers_and_says_that_they_wait(
    thread, mikko, connected, state, words
):
    connected.state = state
    connected.save()
    answer(thread, mikko)

    page = markup(client_of(mikko).get(of(thread)))
    assert words in page
    assert "Kept " in page


@pytest.mark.parametrize(
    ("become", "words"),
    [
        (replying.mark_failed, "Not delivered. Sender is unknown."),
        (replying.mark_uncertain, "May have been sent."),
    ],
)
def test_a_failed_answer_shows_in_place_with_what_to_do(thread, mikko, become, words):
    message = answer(thread, mikko)
    become(message, "Sender is unknown.")
    tries = reverse("inbox:tries", args=[message.pk])

    page = markup(client_of(mikko).get(of(thread)))
    assert words in page
    assert tries in page
    Operation.objects.filter(kind=REPLY).update(state="failed")
    assert client_of(mikko).post(tries).headers["Location"] == of(thread)
    message.refresh_from_db()
    assert message.state == MessageState.WAITING


def test_trying_again_what_is_on_its_way_changes_nothing(thread, mikko):
    message = answer(thread, mikko)

    client_of(mikko).post(reverse("inbox:tries", args=[message.pk]))

    assert Operation.objects.filter(kind=REPLY).count() == 1


def test_a_thread_is_read_up_to_what_was_seen_and_by_each_person_apart(hook, thread, mikko, aino, vera):
    seen = thread.messages.get().pk
    receive(hook, content="Entä huomenna?")

    client_of(mikko).post(of(thread, "read_marker"), {"newest": seen}, **HTMX)
    assert thread in Thread.objects.unread_by(mikko)
    for person in [mikko, vera]:
        client_of(person).post(of(thread, "read_marker"), {"newest": thread.messages.last().pk})
        assert thread not in Thread.objects.unread_by(person)
    assert thread in Thread.objects.unread_by(aino)
    assert thread in Thread.objects.waiting(), "read is not answered"
    client_of(mikko).post(of(thread, "read_marker"), {"newest": seen}, **HTMX)
    assert thread not in Thread.objects.unread_by(mikko), "an older page takes nothing back"


def test_the_filter_and_the_rows_say_the_same_of_what_is_unread(thread, mikko, aino):
    """In every state, with and without a message from them, read not at all, in part, whole, by another."""
    sides = itertools.product(ThreadState, [None, NOON], [0, 7], [None, 6, 7, 8], [None, 7])
    for number, (state, since, newest, read, read_by_another) in enumerate(sides):
        made = Thread.objects.create(
            customer=thread.customer,
            service=thread.service,
            address=f"+35840{1_000_000 + number}",
            state=state,
            unanswered_since=since and parse_datetime(since),
            newest_received=newest,
            last_message_at=thread.last_message_at,
        )
        for person, up_to in [(mikko, read), (aino, read_by_another)]:
            if up_to is not None:
                made.reads.create(user=person, up_to=up_to)
    every = list(Thread.objects.all())

    unread = [row.thread for row in with_names(Desk(thread.customer), every, reader=mikko) if row.is_unread]

    assert list(Thread.objects.unread_by(mikko)) == unread
    assert 1 < len(unread) < len(every)


@pytest.mark.parametrize("newest", JUNK)
def test_a_junk_marker_reads_nothing(thread, mikko, newest):
    assert client_of(mikko).post(of(thread, "read_marker"), {"newest": newest}, **HTMX).status_code == 204
    assert thread in Thread.objects.unread_by(mikko)


def test_the_rail_counts_threads_that_wait_on_every_page(thread, mikko):
    assert 'id="unanswered">1<' in markup(client_of(mikko).get("/contacts/"))


def test_closing_goes_on_with_the_list_and_opening_stays(thread, mikko):
    browser = client_of(mikko)

    done = {"state": "closed", "newest": thread.newest_received}
    closed = browser.post(of(thread, "state") + "?show=unread", done)
    assert closed.headers["Location"] == f"{THREADS}?show=unread"
    assert not Thread.objects.get().is_open
    opened = browser.post(of(thread, "state"), {"state": "open"})
    assert opened.headers["Location"] == of(thread)
    assert Thread.objects.get().is_open


def test_an_empty_inbox_offers_what_begins_it(number, connected, mikko):
    browser = client_of(mikko)

    assert "Start receiving messages" in markup(browser.get(THREADS))
    browser.post(reverse("inbox:subscriptions"))
    browser.post(reverse("inbox:subscriptions"))

    assert Operation.objects.filter(kind="hooks.subscribe").count() == 1
    page = markup(browser.get(THREADS))
    assert "Start receiving messages" not in page
    assert "Being set up." in page


def test_a_viewer_of_an_empty_inbox_is_told_who_can_begin_it(number, vera):
    page = markup(client_of(vera).get(THREADS))

    assert "A marketer or an admin can start it." in page


def test_without_a_number_the_inbox_says_who_sets_one_up(kahvila, mikko):
    assert "Arena sets one up." in markup(client_of(mikko).get(THREADS))
