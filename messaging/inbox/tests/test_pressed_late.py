"""What is pressed on a page that is older than what a colleague, or the same person, has done."""

import pytest

from accounts.models import AuditEvent, User
from gateway.models import Connection, Operation, OperationState
from messaging.inbox.models import Label, Message, MessageState, Thread
from messaging.inbox.replies import decisions, replying
from messaging.inbox.team import teamwork
from messaging.inbox.tests.conftest import HTMX, THREADS, answer, of, receive
from messaging.inbox.tests.test_decisions import now, press, waiting  # noqa: F401
from tests.factories import make_connection
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_aino(aino: User) -> Connection:
    return make_connection(aino)


def test_who_cancels_what_was_just_cancelled_is_not_told_that_it_left(waiting, mikko, aino):  # noqa: F811
    press(aino, "cancellation", waiting)

    assert "has left already" not in markup(press(mikko, "cancellation", waiting))
    assert now(waiting).state == MessageState.CANCELLED


def test_who_cancels_twice_what_is_in_doubt_is_not_told_that_it_left(waiting, aino):  # noqa: F811
    Operation.objects.update(possibly_accepted=True)
    press(aino, "cancellation", waiting)

    page = markup(press(aino, "cancellation", waiting))

    assert "has left already" not in page
    assert "May have been sent" in page


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.DELIVERED])
def test_who_cancels_what_has_left_is_told(waiting, aino, state):  # noqa: F811
    Message.objects.filter(pk=waiting.pk).update(state=state)
    Operation.objects.update(state=OperationState.DONE)

    assert "has left already" in markup(press(aino, "cancellation", waiting))


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.CANCELLED])
def test_who_takes_over_what_needs_nobody_any_more_sees_what_became_of_it(
    waiting,  # noqa: F811
    aino,
    of_aino,
    state,
):
    Message.objects.filter(pk=waiting.pk).update(state=state)
    Operation.objects.update(state=OperationState.DONE)

    assert "may have left already" not in markup(press(aino, "takeover", waiting))
    assert now(waiting).sent_by is None


def test_each_decision_pressed_twice_is_one(thread, mikko, aino, connected, of_aino):
    message = answer(thread, mikko)
    Operation.objects.update(state=OperationState.FAILED)
    replying.mark_failed(message, "Sender is unknown.")

    press(aino, "tries", message)
    page = markup(press(mikko, "tries", message))

    assert "On its way" in page
    assert thread.messages.filter(direction="out").count() == 1
    assert Operation.objects.count() == 1


def test_an_undelivered_answer_that_two_try_again_is_sent_anew_once(thread, mikko, aino, connected, of_aino):
    message = answer(thread, mikko)
    Operation.objects.update(state=OperationState.DONE)
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED)

    stale = now(message)
    decisions.try_again(now(message), by=mikko)
    decisions.try_again(stale, by=aino)

    assert thread.messages.filter(direction="out").count() == 2


def test_done_that_two_press_is_told_to_both_and_kept_once(thread, mikko, aino):
    newest = {"state": "closed", "newest": thread.newest_received}
    for person in (mikko, aino):
        assert "Done. A new message reopens it." in markup(
            client_of(person).post(of(thread, "state"), newest, follow=True)
        )

    assert AuditEvent.objects.filter(verb="thread.closed").count() == 1


@pytest.mark.parametrize(
    ("pressed", "said", "part", "words"),
    [
        ("state", {"state": "closed", "newest": 1}, "open", "They wrote meanwhile, so"),
        ("snoozing", {"choice": "week", "newest": 1}, "open", "They wrote meanwhile, so"),
        ("snoozing", {}, "open", "Choose when the conversation comes back"),
        ("labels", {"name": " "}, "work", "Give the label a name."),
        ("notes", {"text": "@Aino katso"}, "work", "Saved. Aino will see it."),
    ],
)
def test_what_a_press_came_to_is_told_at_once(hook, thread, mikko, aino, pressed, said, part, words):
    """Beside what htmx swaps, once, and not on the next page."""
    receive(hook, content="Vieläkö?", timestamp="2026-11-24T13:00:00Z")
    browser = client_of(mikko)

    page = markup(browser.post(of(thread, pressed), said, follow=True, **HTMX, HTTP_HX_TARGET=part))

    assert words in page.split('hx-swap-oob="beforeend:#toasts"')[1]
    assert page.count(words) == 1
    assert words not in markup(browser.get(THREADS))


def test_done_is_told_beside_the_list_that_is_left(thread, mikko):
    said = {"state": "closed", "newest": thread.newest_received}

    page = client_of(mikko).post(of(thread, "state"), said, follow=True, **HTMX, HTTP_HX_TARGET="open")

    assert "Done. A new message reopens it." in markup(page).split('hx-swap-oob="beforeend:#toasts"')[1]


def test_what_looks_again_by_itself_takes_no_words_from_the_page_that_they_are_for(thread, mikko):
    browser = client_of(mikko)
    browser.post(of(thread, "labels"), {"name": " "})

    assert "toasts" not in markup(browser.get(of(thread), **HTMX, HTTP_HX_TARGET="look"))
    assert "Give the label a name." in markup(browser.get(of(thread)))


def test_an_answer_to_what_a_colleague_has_marked_as_done_opens_it(thread, kahvila, mikko, aino, connected):
    own = Thread.objects.filter(pk=thread.pk)
    teamwork.finish(own, {thread.pk: thread.newest_received}, customer=kahvila, by=aino)

    answer(thread, mikko)

    assert own.get().is_open


def test_a_label_that_was_just_taken_off_is_taken_off_once(thread, kahvila, mikko, aino):
    label = teamwork.add_label(Thread.objects.filter(pk=thread.pk), "Kiire", customer=kahvila, by=mikko)
    for person in (mikko, aino):
        client_of(person).post(of(thread, "labels"), {"off": label.pk})

    assert not Label.objects.exists()
