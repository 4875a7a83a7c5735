"""A thread with more notes than anybody reads at once: a page of them, and the way to each of the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gateway import clock
from gateway.models import ServiceKind
from messaging.inbox.models import Note, Thread
from messaging.inbox.search.words import kept_words
from messaging.inbox.team import notes
from messaging.inbox.tests.conftest import ANNA, HTMX, of, receive
from messaging.inbox.threads.contact_sheet import MOST, messages_with
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

WORK = {**HTMX, "HTTP_HX_TARGET": "work"}


def write_notes(thread, count: int) -> list[int]:
    """Their keys, oldest first; pairs bear the same time."""
    begun = clock.now() - timedelta(days=1)
    written = Note.objects.bulk_create(
        Note(
            thread=thread,
            text=f"Huomio {number}",
            search_text=kept_words(thread.customer_id, f"Huomio {number}"),
            at=begun + timedelta(seconds=number // 2),
        )
        for number in range(count)
    )
    return [note.pk for note in written]


def shown(answered) -> list[int]:
    return [note.pk for note in answered.context["notes"].rows]


def test_each_of_two_thousand_notes_is_reached_twenty_at_a_time(thread, mikko):
    keys = write_notes(thread, 2000)
    browser, found, query = client_of(mikko), [], ""
    while query is not None:
        part = browser.get(of(thread) + query, **WORK)
        found = shown(part) + found
        query = part.context["earlier_notes_query"] if part.context["notes"].next else None

    assert found == keys
    assert len(shown(browser.get(of(thread)))) == notes.NOTES_SHOWN


def test_notes_cost_as_many_queries_for_two_thousand_as_for_one(thread, mikko):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client_of(mikko).get(of(thread))
        return len(captured)

    write_notes(thread, 1)
    one = queries()
    write_notes(thread, 1999)

    assert queries() == one


def test_notes_of_another_thread_with_the_person_stand_among_them(hook, thread, kahvila, mikko):
    other = Thread.objects.create(
        customer=kahvila,
        service=make_service(kahvila, kind=ServiceKind.TWO_WAY),
        address=ANNA,
        last_message_at=clock.now(),
    )
    keys = write_notes(thread, 15), write_notes(other, 15)

    assert {*shown(client_of(mikko).get(of(thread)))} == {*keys[0][6:], *keys[1][4:]}


def test_a_note_that_a_search_found_is_on_the_page_that_it_opens(thread, kahvila, mikko):
    keys = write_notes(thread, 100)
    browser = client_of(mikko)

    for found in (keys[0], keys[50], keys[-1]):
        assert found in shown(browser.get(of(thread), {"q": "huomio", "note": found}))
    page = browser.get(reverse("search"), {"q": "huomio 50"}).content.decode()
    assert f"{of(thread)}?q=huomio+50&amp;note={keys[50]}#note-{keys[50]}" in page


def test_a_part_that_looks_again_keeps_its_notes(thread, mikko):
    write_notes(thread, 60)
    browser = client_of(mikko)
    latest = browser.get(of(thread))
    earlier = browser.get(of(thread) + latest.context["earlier_notes_query"], **WORK)
    receive_again = browser.get(of(thread), {"notes": earlier.context["notes_before"]}, **WORK)

    assert shown(receive_again) == shown(earlier) != shown(latest)
    assert b"Show the latest notes" in earlier.content
    assert b"Show the latest notes" not in latest.content


@pytest.mark.parametrize("note", ["0", "-1", "9" * 30, "x", "\0"])
def test_a_note_that_is_none_of_the_persons_shows_the_latest(hook, thread, mikko, note):
    keys = write_notes(thread, 30)
    receive(hook, sender="+358402222222", content="Moi")
    [others] = write_notes(Thread.objects.get(address="+358402222222"), 1)

    for wanted in (note, str(others)):
        assert shown(client_of(mikko).get(of(thread), {"note": wanted, "notes": "x"})) == keys[-20:]


def test_a_contacts_sheet_reads_the_latest_notes_alone(thread, kahvila):
    write_notes(thread, 300)
    contact = make_contact(make_service(kahvila, kind="group"), phone=ANNA)

    with CaptureQueriesContext(connection) as captured:
        said = messages_with(contact).content
    [asked] = [each["sql"] for each in captured if 'FROM "inbox_note"' in each["sql"]]
    assert f"LIMIT {MOST}" in asked
    assert len(said.entries + said.older) == MOST
