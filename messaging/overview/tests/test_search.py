"""The search of the top bar: what it finds, for whom, and that it stays quick."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from contacts.models import Segment
from gateway.models import ServiceKind
from messaging.campaigns.models import Campaign
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.search.words import kept_number, kept_words
from messaging.inbox.team import notes, teamwork
from messaging.overview.search import sources
from messaging.overview.search.destinations import ACTIONS, PAGES
from messaging.overview.search.sources import ResultSection, SearchResult, find
from messaging.whatsapp.models import Template
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

ANNA = "+358401111111"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def shop(kahvila, thread_of):
    """One of each kind, with the word kevät in it."""
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Kevään jäsenet")
    make_contact(group, phone=ANNA, first_name="Kevätta", last_name="Öhman")
    Segment.objects.create(customer=kahvila, name="Kevätväki", text="city = Turku")
    Campaign.objects.create(customer=kahvila, name="KEVÄTTALKOOT 50%")
    Campaign.objects.create(customer=kahvila, name="Syysjuhla")
    Template.objects.create(customer=kahvila, display_name="kevat_tarjous", body="Hei")
    thread_of(kahvila, ANNA, "Tulen kevättalkoisiin")
    return group


@pytest.fixture
def thread_of():
    def make(customer, address: str, text: str) -> Thread:
        service = make_service(customer, kind=ServiceKind.TWO_WAY, name="Inbound")
        at = "2026-11-25T10:00:00Z"
        words = kept_number(customer.pk, address)
        thread = Thread.objects.create(
            customer=customer, service=service, address=address, search_text=words, last_message_at=at
        )
        kept = kept_words(customer.pk, text)
        Message.objects.create(thread=thread, direction=Direction.IN, content=text, search_text=kept, at=at)
        return thread

    return make


def found(person: User, text: str) -> dict[str, list[str]]:
    """By section, what is shown."""
    sections = client_of(person).get(reverse("search"), {"q": text}).context["sections"]
    return {section.title: [line(each) for each in section.found] for section in sections}


def line(each: SearchResult) -> str:
    return " ".join(words for words, _ in each.name)


def test_one_search_finds_every_kind(shop, mikko):
    assert found(mikko, "kevä") == {
        "Campaigns": ["KEVÄTTALKOOT 50%"],
        "Templates": ["kevat_tarjous"],
        "Groups": ["Kevään jäsenet"],
        "Segments": ["Kevätväki"],
        "People": ["Kevätta Öhman"],
        "Conversations": ["Kevätta Öhman"],
        "Messages": ["Tulen kevättalkoisiin"],
    }


def test_what_the_inbox_finds_by_name_and_word_in_notes_and_labels_is_found_here(shop, mikko, kahvila):
    thread = Thread.objects.get()
    notes.write(thread, "Soita hänelle maanantaina", by=mikko)
    teamwork.add_label(Thread.objects.all(), "Ärkeä", customer=kahvila, by=mikko)

    assert found(mikko, "Öhman kevättalkoisiin")["Messages"] == ["Tulen kevättalkoisiin"]
    assert found(mikko, "maanantaina") == {"Notes": ["Soita hänelle maanantaina"]}
    assert found(mikko, "ÄRKEÄ") == {"Labels": ["Ärkeä"]}


def test_the_search_goes_on_in_the_inbox(shop, mikko):
    palette = client_of(mikko).get(reverse("search"), {"q": "tulen"}, **HTMX)
    page = client_of(mikko).get(reverse("search"), {"q": "tulen"})

    for answer in (palette, page):
        assert 'href="/inbox/?q=tulen"' in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "campaigns"),
    [
        ("kevättalkoot", ["KEVÄTTALKOOT 50%"]),
        ("KEVATTALKOOT", ["KEVÄTTALKOOT 50%"]),
        ("talkoot", []),
        ("50%", ["KEVÄTTALKOOT 50%"]),
        ("%", ["KEVÄTTALKOOT 50%"]),
        ("_", []),
        ('"kevättalkoot 50"', ["KEVÄTTALKOOT 50%"]),
        ('"50 kevättalkoot"', []),
        ("syys kev", []),
    ],
)
def test_words_begin_words_and_signs_are_letters(shop, mikko, text, campaigns):
    assert found(mikko, text).get("Campaigns", []) == campaigns


@pytest.mark.parametrize("text", ["040 1111111", "+358401111111", "1111111"])
def test_a_number_finds_the_person_and_the_conversation(shop, mikko, text):
    assert found(mikko, text) | {"Messages": []} == {
        "People": ["Kevätta Öhman"],
        "Conversations": ["Kevätta Öhman"],
        "Messages": [],
    }


def test_actions_and_pages_are_found_by_what_people_call_them(shop, mikko):
    assert found(mikko, "new camp")["Actions"] == ["New campaign"]
    assert "Import contacts" in found(mikko, "csv")["Actions"]
    assert found(mikko, "calendar")["Pages"] == ["Month"]


def test_nobody_is_shown_a_page_or_action_that_is_not_for_them(shop, vera, mikko, aino):
    for person, hidden in [(vera, {"writer", "admin"}), (mikko, {"admin"}), (aino, set())]:
        browser = client_of(person)
        for each in [*ACTIONS, *PAGES]:
            shown = [name for names in found(person, each.name).values() for name in names]
            assert (each.name in shown) == (each.role not in hidden or _has_namesake(each, hidden)), each
            if each.role not in hidden:
                assert browser.get(each.url).status_code == 200, each


def _has_namesake(each, hidden) -> bool:
    return any(other.name == each.name and other.role not in hidden for other in [*ACTIONS, *PAGES])


def test_nothing_of_another_customer_is_found(shop, otto, outsider_oy):
    for text in ["kevä", "öhman", "040 1111111", "50%", "turku", "tulen"]:
        assert found(otto, text) == {}
    page = client_of(otto).get(reverse("search")).content.decode()
    assert "KEVÄT" not in page
    assert "Tulen" not in page


def test_before_anything_is_typed_there_is_what_one_was_at(shop, mikko):
    sections = client_of(mikko).get(reverse("search"), **HTMX).context["sections"]

    assert [section.title for section in sections] == ["Actions", "Latest campaigns", "Latest conversations"]
    assert line(sections[1].found[0]) == "Syysjuhla"


def test_one_without_customers_is_shown_pages(mikko):
    mikko.customers.clear()

    assert "Pages" in found(mikko, "inbox")
    assert list(found(mikko, "")) == ["Pages"]


def test_the_words_are_marked_and_a_message_opens_where_it_stands(shop, mikko):
    page = client_of(mikko).get(reverse("search"), {"q": "talkoisiin tulen"}).content.decode()
    hit = Message.objects.get()

    assert "<mark>kevättalkoisiin</mark>" not in page
    assert "<mark>Tulen</mark>" not in page, "each word begins one"
    page = client_of(mikko).get(reverse("search"), {"q": "tulen kev"}).content.decode()
    assert "<mark>Tulen</mark> <mark>kevättalkoisiin</mark>" in " ".join(page.split())
    assert f"&amp;hit={hit.pk}#message-{hit.pk}" in page


def test_while_one_types_few_of_each_are_shown_and_a_page_has_more(kahvila, mikko):
    Campaign.objects.bulk_create(Campaign(customer=kahvila, name=f"Kevät {n}") for n in range(60))
    browser = client_of(mikko)

    typed = browser.get(reverse("search"), {"q": "kev"}, **HTMX)
    page = browser.get(reverse("search"), {"q": "kev"})

    assert [len(section.found) for section in typed.context["sections"]] == [5]
    assert b"<html" not in typed.content
    assert [len(section.found) for section in page.context["sections"]] == [50]
    assert b"The first 50 are shown" in page.content


def test_one_or_two_letters_find_no_people(shop, mikko):
    assert "People" not in found(mikko, "ke")
    assert "Campaigns" in found(mikko, "ke")


def test_more_rows_take_no_more_queries(shop, kahvila, mikko, django_assert_max_num_queries):
    browser = client_of(mikko)
    browser.get(reverse("search"), {"q": "kev"}, **HTMX)
    with django_assert_max_num_queries(40) as few:
        browser.get(reverse("search"), {"q": "kev"}, **HTMX)
    for number in range(8):
        make_contact(shop, phone=f"+35840222222{number}", first_name="Keva")
        Campaign.objects.create(customer=kahvila, channel="sms", content=f"kevät {number}")
        Template.objects.create(customer=kahvila, display_name=f"kev {number}")
    with django_assert_max_num_queries(len(few)):
        browser.get(reverse("search"), {"q": "kev"}, **HTMX)


@pytest.mark.parametrize("text", ["'", '"' * 40, "\0", "a" * 5000, "<script>", "@1", "%00", "\\", "a & !c"])
def test_junk_finds_nothing_and_breaks_nothing(shop, mikko, text):
    for headers in [HTMX, {}]:
        answer = client_of(mikko).get(reverse("search"), {"q": text}, **headers)
        assert answer.status_code == 200
        assert b"<script>" not in answer.content.split(b"<main")[-1].split(b"</main")[0]


@pytest.mark.only_on("postgresql")
def test_what_takes_too_long_says_so_and_leaves_the_rest(shop, kahvila, mikko, monkeypatch):
    def sleep(*_) -> ResultSection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        raise AssertionError("it was let sleep")

    monkeypatch.setattr(sources, "BUDGET", 50)
    monkeypatch.setattr(sources, "_people", sleep)

    sections = {each.title: each for each in find("kev", mikko, kahvila, most=5)}

    assert sections["People"].is_late
    assert sections["Campaigns"].found
    assert sections["Messages"].found, "asked for after it"


def test_while_one_types_nothing_is_asked_for_the_frame(shop, mikko):
    browser = client_of(mikko)

    def of_the_frame(**headers: str) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert "Kevätta" in browser.get(reverse("search"), {"q": "kev"}, **headers).content.decode()
        tables = ["inbox_notificationsettings", "gateway_connection"]
        return [table for table in tables if any(table in each["sql"] for each in seen)]

    assert len(of_the_frame()) == 2
    assert of_the_frame(**HTMX) == []
