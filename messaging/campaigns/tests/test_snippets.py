"""Words that come back in many messages: kept, put into a text, removed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from messaging.campaigns.models import Snippet
from messaging.campaigns.tests.conftest import NEW, post
from messaging.campaigns.wording import snippets
from tests.people import client_of

PAGE = "/campaigns/snippets/"
BYE = "Terveisin Kahvila"


@pytest.fixture
def shared(kahvila, mikko) -> Snippet:
    return snippets.keep(kahvila, name="Loppu", text=BYE, is_shared=True, by=mikko)


@pytest.fixture
def own(kahvila, mikko) -> Snippet:
    return snippets.keep(kahvila, name="Oma", text="Moi", is_shared=False, by=mikko)


def removal(snippet: Snippet) -> str:
    return reverse("campaigns:snippet_removal", args=[snippet.pk])


def test_it_is_kept_on_its_page_and_offered_while_one_writes(kahvila, mikko, aino):
    client_of(mikko).post(PAGE, {"name": "Loppu", "text": f"{BYE}\r\n", "is_shared": "on"})

    kept = Snippet.objects.get()
    assert (kept.customer, kept.user, kept.text) == (kahvila, None, BYE)
    assert f'data-insert-text="{BYE}"' in client_of(aino).get(NEW).content.decode()


def test_ones_own_is_nobody_elses(own, mikko, aino):
    assert [client_of(each).get(PAGE).content.count(b"Moi") for each in (mikko, aino)] == [1, 0]
    assert client_of(aino).post(removal(own)).status_code == 404
    assert Snippet.objects.get() == own


def test_under_the_same_name_it_is_written_over(kahvila, shared, own, aino):
    snippets.keep(kahvila, name="Loppu", text="Uusi", is_shared=True, by=aino)
    snippets.keep(kahvila, name="Loppu", text="Ainon", is_shared=False, by=aino)

    assert set(Snippet.objects.values_list("name", "text")) == {
        ("Loppu", "Uusi"),
        ("Loppu", "Ainon"),
        ("Oma", "Moi"),
    }


def test_without_a_script_it_is_put_at_the_end(filled, shared, mikko):
    page = post(mikko, filled, content="Hei! ", append=BYE)

    assert page.context["summary"].campaign.content == f"Hei! {BYE}"


def test_removed_it_is_offered_no_more_and_the_trail_has_its_words(shared, aino):
    client_of(aino).post(removal(shared))

    assert not Snippet.objects.exists()
    assert AuditEvent.objects.get(verb="snippet.removed").before == {"name": "Loppu", "text": BYE}


def test_another_customers_is_neither_offered_nor_removed(shared, trattoria, mikko, otto):
    snippets.keep(trattoria, name="Fine", text="Ciao", is_shared=True, by=mikko)

    assert b"Ciao" not in client_of(mikko).get(NEW).content
    assert client_of(otto).post(removal(shared)).status_code == 404
    assert b"Kahvila" not in client_of(otto).get(PAGE).content


def test_a_viewer_keeps_none(shared, vera):
    for answered in (
        client_of(vera).get(PAGE),
        client_of(vera).post(PAGE, {"name": "a", "text": "b"}),
        client_of(vera).post(removal(shared)),
    ):
        assert answered.status_code == 403


def test_too_long_a_text_is_said_and_stays(mikko):
    answered = client_of(mikko).post(PAGE, {"name": "Loppu", "text": "a" * 1001})

    assert (answered.status_code, "these are 1,001" in answered.content.decode()) == (422, True)
    assert b"a" * 1001 in answered.content


def test_many_take_no_more_queries_than_one(kahvila, shared, mikko, django_assert_num_queries):
    browser = client_of(mikko)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for number in range(20):
        snippets.keep(kahvila, name=f"{number}", text="a", is_shared=True, by=mikko)

    with django_assert_num_queries(len(one)):
        browser.get(PAGE)
