"""Whom one types in the search of the top bar is written to, without being typed again."""

import pytest
from django.urls import reverse

from gateway.models import ServiceKind
from messaging.inbox.models import Thread
from messaging.overview.search.sources import find
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

ANNA, BEN = "+358401111111", "+358401230000"


@pytest.fixture
def people(kahvila) -> None:
    """Anna Aalto, in two groups, Anna Berg, and a conversation with Anna Aalto."""
    number = make_service(kahvila, kind=ServiceKind.TWO_WAY, regions=["FI"])
    for _ in range(2):
        group = make_service(kahvila, kind=ServiceKind.GROUP)
        make_contact(group, phone=ANNA, first_name="Anna", last_name="Aalto")
    make_contact(group, phone="+358402222222", first_name="Anna", last_name="Berg")
    Thread.objects.create(customer=kahvila, service=number, address=ANNA, last_message_at="2026-11-25T10:00Z")


def actions(person, customer, text: str) -> dict[str, str]:
    """Their addresses by what they are called."""
    sections = find(text, person, customer, most=5)
    found = [each for section in sections if section.title == "Actions" for each in section.found]
    return {" ".join(words for words, _ in each.name): each.url for each in found}


@pytest.mark.parametrize(
    "text", ["040 1230000", "+358 40 123 0000", "write 0401230000", "send sms to 0401230000"]
)
def test_a_number_that_nobody_has_written_from_can_be_written_to(people, kahvila, mikko, text):
    [(called, url)] = actions(mikko, kahvila, text).items()

    assert called == "Write to +358 40 1230000"
    form = client_of(mikko).get(url).context["form"]
    assert form["phone"].value() == BEN


@pytest.mark.parametrize("text", ["write anna", "Write to Anna", "send a message to anna", "message to anna"])
def test_each_person_of_a_name_can_be_written_to_once(people, kahvila, mikko, text):
    assert set(actions(mikko, kahvila, text)) == {
        "Write to Anna Aalto +358 40 1111111",
        "Write to Anna Berg +358 40 2222222",
    }


def test_with_whom_there_is_a_conversation_it_is_opened(people, kahvila, mikko):
    url = actions(mikko, kahvila, "write anna aalto")["Write to Anna Aalto +358 40 1111111"]

    opened = reverse("inbox:thread", args=[Thread.objects.get().pk])
    assert client_of(mikko).get(url).headers["Location"] == opened
    assert actions(mikko, kahvila, "0401111111") == {}, "its conversation is found already"


@pytest.mark.parametrize("typed", ["04012", "Pekka"])
def test_what_is_nobodys_yet_stands_on_the_page_that_it_opens(people, kahvila, mikko, typed):
    [(called, url)] = actions(mikko, kahvila, f"write {typed}").items()

    assert called == f"Write to {typed}"
    assert client_of(mikko).get(url).context["form"]["phone"].value() == typed


@pytest.mark.parametrize("text", ["anna", "write", "write to one person", "message failed", "to anna"])
def test_words_that_ask_for_no_writing_offer_none(people, kahvila, mikko, text):
    offered = {each for each in actions(mikko, kahvila, text) if each.startswith("Write to ")}
    assert offered <= {"Write to one person"}


def test_who_only_reads_is_offered_none_and_nobody_of_another_customer_is(
    people, kahvila, trattoria, vera, mikko
):
    assert actions(vera, kahvila, "write anna") == actions(vera, kahvila, "write 0401230000") == {}
    assert set(actions(mikko, trattoria, "write anna")) == {"Write to anna"}
