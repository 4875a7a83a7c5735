"""What a search asks the database for: no more than it needs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from contacts.text.full_text_search import words_of
from messaging.inbox.models import Direction, Message, Team, Thread
from messaging.inbox.search import hits
from messaging.inbox.search.excerpts import MOST, snippet_of
from messaging.inbox.search.results import search
from messaging.inbox.search.words import Asked, kept_words
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import ANNA, THREADS
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db


def asked_by(work) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        work()
    return [each["sql"] for each in seen]


def of_contacts(statements: list[str]) -> list[str]:
    return [each for each in statements if 'FROM "contacts_contact"' in each]


def memberships(statements: list[str]) -> list[str]:
    return [each for each in statements if each.startswith('SELECT "inbox_team_members"')]


@pytest.fixture
def anna(kahvila, thread) -> Thread:
    make_contact(make_service(kahvila, kind="group"), phone=ANNA, first_name="Anna", last_name="Kettunen")
    return thread


def test_names_that_few_have_are_looked_up_all_at_once(anna, kahvila):
    found = []
    statements = asked_by(lambda: found.append(search(Desk(kahvila), "anna kettunen avaatte")))

    assert [hit.message.content for hit in found[0].hits] == ["Milloin avaatte?"]
    by_words = [each for each in of_contacts(statements) if "search_text" in each.partition("WHERE")[2]]
    assert len(by_words) == 1


def test_whom_no_words_name_is_not_looked_for_twice(anna, mikko):
    browser = client_of(mikko)
    statements = asked_by(lambda: browser.get(THREADS, {"q": "avaatte"}))
    by_words = [each for each in of_contacts(statements) if "search_text" in each.partition("WHERE")[2]]

    assert len(by_words) == 1


def test_who_is_in_which_team_is_asked_where_there_are_teams(anna, kahvila, mikko):
    browser = client_of(mikko)
    assert not memberships(asked_by(lambda: browser.get(THREADS)))

    Team.objects.create(customer=kahvila, name="Kitchen").members.add(mikko)
    assert memberships(asked_by(lambda: browser.get(THREADS)))


@pytest.mark.only_on("postgresql")
def test_where_few_can_be_left_the_index_is_asked_for_all_of_them(thread, kahvila):
    words = [kept_words(kahvila.pk, each) for each in ["kuitti", "muuta"]]
    Message.objects.bulk_create(
        Message(pk=key, thread=thread, direction=Direction.IN, search_text=text, at=thread.last_message_at)
        for text, key in zip(words, [10, 200 << hits.BUCKET_BITS], strict=True)
    )
    found = []
    statements = asked_by(
        lambda: found.append(hits.newest_hits(kahvila.pk, Asked.parse("kuitti"), most=20).keys)
    )

    assert found == [[10]]
    assert len([each for each in statements if "MATERIALIZED" in each]) == 2


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize(("share", "is_asked"), [(0, True), (0.004, True), (0.005, False), (0.3, False)])
def test_in_a_few_threads_the_index_is_asked_for_words_that_few_messages_have(
    thread, monkeypatch, share, is_asked
):
    monkeypatch.setattr(hits, "shares_of", lambda words, index: {word: share for word, _ in words})
    found = []
    statements = asked_by(lambda: found.extend(hits.hits_in([thread.pk], Asked.parse("avaatte"), most=5)))

    assert found == [thread.newest_received]
    assert ("@@" in statements[0]) == is_asked


@pytest.mark.only_on("postgresql")
def test_for_the_beginning_of_a_number_the_index_is_not_asked_in_a_few_threads(thread):
    assert not [
        each
        for each in asked_by(lambda: hits.hits_in([thread.pk], Asked.parse("7001"), most=5))
        if "@@" in each
    ]


@pytest.mark.parametrize(
    ("size", "found", "left", "share", "following"),
    [
        (1, 0, 75, 0, 75),
        (1, 3, 75, 0, 75),
        (1, 4, 75, 0, 4),
        (1, 0, 75, 0.01, 4),
        (4, 9, 71, 0, 71),
        (4, 21, 71, 0, 16),
        (16, 20, 55, 0, 55),
    ],
)
def test_stages_grow_by_what_they_found(size, found, left, share, following):
    """`share`: of all messages, as the statistics have it; 0: they do not know."""
    assert hits._next_size(size, found, left, share=share) == following


@given(st.lists(st.text(min_size=1, max_size=12), max_size=60), st.text(min_size=1, max_size=8))
def test_what_begins_with_the_words_is_marked_and_nothing_else(words, text):
    said, asked = " ".join(words), Asked.parse(text)
    shown = [(word, is_marked) for piece, is_marked in snippet_of(said, asked) for word in piece.split()]
    own = [(word, is_marked) for word, is_marked in shown if (word, is_marked) != ("…", False)]

    begins = [*asked.words, *(word for phrase in asked.phrases for word in phrase)]
    for word, is_marked in own:
        begun = any(each.startswith(begin) for each in words_of(word) for begin in begins)
        assert is_marked == (begun or any(literal in word.casefold() for literal in asked.literals))
    assert len(own) <= MOST
