"""One person with two threads: a team that reads and answers in either does not trip over itself."""

from uuid import uuid4

import pytest

from accounts.models import Customer
from gateway.models import Service, ServiceKind
from messaging.inbox.models import Direction, Message, ResponseTime, Thread, ThreadRead
from messaging.inbox.replies import decisions, replying
from messaging.inbox.replies.replying import AnsweredMeanwhile
from messaging.inbox.team import notes, presence, teamwork
from messaging.inbox.tests.conftest import ANNA, HTMX, NUMBER, answer, of
from messaging.inbox.threads import conversations
from tests.factories import make_connection, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(thread, kahvila: Customer) -> Thread:
    """Anna then asked something of another service."""
    service: Service = make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Varaukset")
    asked = thread.messages.get()
    made = Thread.objects.create(
        customer=kahvila,
        service=service,
        address=ANNA,
        our_address=NUMBER,
        last_message_at=asked.at,
        unanswered_since=asked.received_at,
        asked_at=asked.received_at,
    )
    message = Message.objects.create(
        thread=made, direction=Direction.IN, content="Onko tilaa?", at=asked.received_at, remote_id="second"
    )
    Thread.objects.filter(pk=made.pk).update(newest_received=message.pk)
    made.refresh_from_db()
    thread.refresh_from_db()
    return made


def newest() -> int:
    return Message.objects.latest("pk").pk


def waiting() -> set[int]:
    return set(Thread.objects.waiting().values_list("pk", flat=True))


def test_an_answer_in_one_ends_the_wait_in_all_that_its_writer_had_read(thread, other, mikko):
    replying.reply(thread, "On tilaa.", key=uuid4(), by=mikko, seen=newest())

    assert waiting() == set()
    assert ResponseTime.objects.count() == 1, "one person waited, once"


def test_what_the_writer_had_not_read_goes_on_waiting(thread, other, mikko):
    replying.reply(thread, "Kello 9.", key=uuid4(), by=mikko, seen=thread.newest_received)

    assert waiting() == {other.pk}


def test_of_two_who_answer_in_different_threads_the_second_is_asked(thread, other, mikko, aino):
    make_connection(aino)
    seen = newest()
    replying.reply(thread, "On tilaa.", key=uuid4(), by=aino, seen=seen)

    with pytest.raises(AnsweredMeanwhile, match="On tilaa"):
        replying.reply(other, "On kyllä.", key=uuid4(), by=mikko, seen=seen)


def test_an_answer_that_is_withdrawn_lets_all_wait_again_that_it_had_answered(thread, other, mikko):
    message = replying.reply(thread, "On tilaa.", key=uuid4(), by=mikko, seen=newest())

    assert decisions.cancel(message, by=mikko)

    assert waiting() == {thread.pk, other.pk}


def test_who_reads_one_page_of_a_person_has_read_all_that_stands_on_it(thread, other, mikko):
    browser = client_of(mikko)
    assert 'id="new"' in markup(browser.get(of(thread)))

    browser.post(of(thread, "read_marker"), {"newest": newest()})

    assert set(ThreadRead.objects.filter(user=mikko).values_list("thread", flat=True)) == {
        thread.pk,
        other.pk,
    }
    assert not Thread.objects.unread_by(mikko).exists()
    assert 'id="new"' not in markup(browser.get(of(other)))


def test_the_line_of_new_messages_stands_above_what_came_in_another_thread(thread, other, mikko):
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)

    page = markup(client_of(mikko).get(of(thread)))

    assert page.index("Milloin avaatte?") < page.index('id="new"') < page.index("Onko tilaa?")


def test_notes_deeds_and_who_writes_are_of_all_threads_with_the_person(thread, other, mikko, aino):
    notes.write(other, "@aino varaa pöytä", by=mikko)
    presence.is_writing(other, by=mikko)
    seen = {other.pk: other.newest_received}
    teamwork.finish(Thread.objects.filter(pk=other.pk), seen, customer=other.customer, by=mikko)

    page = markup(client_of(aino).get(of(thread)))

    for words in ["varaa pöytä", "Varaukset", "Marked as done", "Mikko is answering"]:
        assert words in page
    client_of(aino).post(of(thread, "read_marker"), {"newest": newest()})
    assert not client_of(aino).get("/inbox/?show=mentions").context["page"].rows


def test_the_reply_box_says_that_the_last_word_stands_elsewhere_and_leads_there(thread, other, mikko):
    page = markup(client_of(mikko).get(of(thread), {"show": "all"}))

    assert "They wrote last to" in page
    assert f'href="{of(other)}?show=all">Answer there' in page
    assert "They wrote last to" not in markup(client_of(mikko).get(of(other)))


def test_an_open_page_knows_all_threads_of_its_person(thread, other, mikko):
    part = client_of(mikko).get(of(thread), **HTMX, HTTP_HX_TARGET="open").content.decode()

    assert f'data-threads="{thread.pk} {other.pk} "' in part
    assert f'data-address="{ANNA}"' in part


def test_one_thread_is_as_it_was(thread, mikko):
    assert "They wrote last to" not in markup(client_of(mikko).get(of(thread)))
    answer(thread, mikko)
    assert waiting() == set()
