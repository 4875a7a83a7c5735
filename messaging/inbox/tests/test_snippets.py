"""Words that are said often: filled for who they are said to, everybody's or one's own."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from gateway.models import ServiceKind
from messaging.inbox.models import Message, Snippet
from messaging.inbox.tests.conftest import ANNA, HTMX, of
from tests.factories import make_connection, make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

LIST = "/inbox/snippets/"


def add(person: User, key: str = "tervetuloa", **fields):
    form = {"key": key, "content": "Hei $(firstName), tervetuloa! $(Taso)", "whose": "all"}
    return client_of(person).post(LIST, form | fields)


def offered(person: User, thread) -> dict[str, str]:
    filled = client_of(person).get(of(thread)).context["composer"]["snippets"]
    return {each.snippet.key: each.text for each in filled}


def test_a_snippet_is_filled_with_what_is_known_of_the_person(thread, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    make_contact(group, phone=ANNA, first_name="Anna", properties={"Taso": "$(firstName)"})

    add(mikko)

    assert offered(mikko, thread) == {"tervetuloa": "Hei Anna, tervetuloa! $(firstName)"}
    page = client_of(mikko).get(of(thread), {"snippet": Snippet.objects.get().pk})
    assert page.context["composer"]["form"]["content"].value() == "Hei Anna, tervetuloa! $(firstName)"


def test_what_nothing_stands_for_is_never_sent(thread, mikko):
    form = {"content": "Hei $(firstName)!", "key": str(uuid4())}

    part = client_of(mikko).post(of(thread, "replies"), form, **HTMX)

    assert "Nothing stands for $(firstName) yet" in markup(part)
    assert not Message.objects.filter(direction="out").exists()


def test_ones_own_is_nobody_elses_and_everybodys_is_for_all(thread, mikko, aino):
    make_connection(aino)
    add(mikko, "oma", whose="own")
    add(mikko, "yhteinen")

    assert set(offered(mikko, thread)) == {"oma", "yhteinen"}
    assert set(offered(aino, thread)) == {"yhteinen"}
    own = Snippet.objects.get(key="oma")
    assert client_of(aino).get(reverse("inbox:snippet", args=[own.pk])).status_code == 404
    assert client_of(aino).post(reverse("inbox:snippet_removal", args=[own.pk])).status_code == 404


def test_two_of_one_name_are_refused_but_ones_own_may_stand_beside_everybodys(connected, kahvila, mikko):
    add(mikko)

    assert add(mikko).status_code == 422
    assert add(mikko, whose="own").status_code == 302
    assert Snippet.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [{"key": ""}, {"key": "two words"}, {"key": "a" * 21}, {"content": " "}, {"content": "a" * 1001}],
)
def test_what_is_no_snippet_is_not_saved_and_says_why(connected, kahvila, mikko, fields):
    assert add(mikko, **fields).status_code == 422
    assert not Snippet.objects.exists()


def test_a_snippet_is_changed_and_deleted(connected, kahvila, mikko):
    add(mikko)
    found = Snippet.objects.get()
    here = reverse("inbox:snippet", args=[found.pk])

    client_of(mikko).post(here, {"key": "hei", "content": "Hei!", "whose": "own"})
    found.refresh_from_db()
    assert (found.key, found.content, found.owner) == ("hei", "Hei!", mikko)
    client_of(mikko).post(reverse("inbox:snippet_removal", args=[found.pk]))
    assert not Snippet.objects.exists()


def test_a_snippet_is_words_and_never_markup(thread, mikko):
    add(mikko, content='"><script>alert(1)</script>')

    for url in [LIST, of(thread)]:
        assert "<script>alert" not in client_of(mikko).get(url).content.decode()
