"""The pages of the inbox: what is on them, who may see and change what, and what junk does to them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gateway import clock
from gateway.live_updates import live
from gateway.models import ServiceKind
from messaging.inbox.incoming.receiving import tell
from messaging.inbox.models import Direction, Message, Thread, ThreadState
from messaging.inbox.tests.conftest import ANNA, HTMX, JUNK, THREADS, answer, of, receive
from messaging.inbox.threads import conversations
from messaging.inbox.threads.conversations import MESSAGES_SHOWN
from messaging.inbox.threads.thread_list import PAGE_SIZE, waiting_count
from tests.factories import make_contact, make_service, suppress
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

ASKED = ["q", "show", "who", "team", "label", "hit", "before", "page", "since", "current", "pane"]
CHANGES = ["state", "assignment", "labels", "snoozing", "notes", "writing"]
SCRIPT = '<script>alert("1")</script>'


def make_threads(thread: Thread, count: int) -> None:
    """Each older than the one before."""
    now = clock.now()
    Thread.objects.bulk_create(
        Thread(
            customer=thread.customer,
            service=thread.service,
            address=f"+35850{1000000 + number}",
            last_message_at=now - timedelta(minutes=number),
            last_text=f"text {number}",
        )
        for number in range(count)
    )


def make_messages(thread: Thread, count: int) -> None:
    """Each a minute older than the one before, as if it came first."""
    begun = thread.last_message_at
    Message.objects.bulk_create(
        Message(
            thread=thread,
            direction=Direction.IN,
            content=f"message {number}.",
            at=begun - timedelta(minutes=number + 1),
            remote_id=f"m-{number}",
        )
        for number in range(count)
    )


def queries(person, url: str, **headers: str) -> int:
    browser = client_of(person)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url, **headers).status_code == 200
    return len(captured)


def test_a_marketer_sees_the_list_the_conversation_and_the_reply_box(thread, mikko):
    browser = client_of(mikko)

    assert "Milloin avaatte?" in browser.get(THREADS).content.decode()
    page = browser.get(of(thread)).content.decode()
    assert "Milloin avaatte?" in page
    assert "From +358 45 1234567 through Customer service" in page


def test_for_htmx_the_list_and_the_messages_come_alone(thread, mikko):
    browser = client_of(mikko)

    for url in [THREADS, of(thread)]:
        part = browser.get(url, **HTMX)
        assert "Milloin avaatte?" in part.content.decode()
        assert "<html" not in part.content.decode()
        assert "HX-Request" in part.headers["Vary"]


def test_a_page_that_the_browser_brings_back_is_whole(thread, mikko):
    restored = client_of(mikko).get(of(thread), **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")

    assert "<html" in restored.content.decode()


def test_a_stranger_finds_nothing(thread, mikko, otto):
    message = answer(thread, mikko)
    stranger = client_of(otto)

    assert "Milloin" not in stranger.get(THREADS).content.decode()
    assert stranger.get(of(thread)).status_code == 404
    for name in ["replies", "read_marker", "unread_marker", *CHANGES]:
        assert stranger.post(of(thread, name)).status_code == 404
    assert stranger.post(reverse("inbox:tries", args=[message.pk])).status_code == 404


def test_a_viewer_reads_and_changes_nothing(thread, vera):
    browser = client_of(vera)

    page = browser.get(of(thread)).content.decode()
    assert "Milloin avaatte?" in page
    assert "Your role is viewer" in page
    for name in ["replies", *CHANGES]:
        assert browser.post(of(thread, name)).status_code == 403
    assert browser.post(reverse("inbox:bulk")).status_code == 403
    assert browser.post(reverse("inbox:subscriptions")).status_code == 403


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("", "open"),
        ("unread", "open"),
        ("closed", "closed"),
        ("all", "both"),
        ("x", "open"),
    ],
)
def test_filters_choose_from_the_threads(hook, thread, mikko, show, shown):
    receive(hook, sender="+358402222222", content="Kiitos")
    Thread.objects.filter(address="+358402222222").update(state=ThreadState.CLOSED)

    page = client_of(mikko).get(THREADS, {"show": show}).content.decode()

    assert ("Milloin avaatte?" in page) == (shown in {"open", "both"})
    assert ("Kiitos" in page) == (shown in {"closed", "both"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna", True),
        ("AALTO", True),
        ("1111", True),
        ("avaatte", True),
        ("Milloin avaatte", True),
        ("xyz", False),
    ],
)
def test_a_search_looks_in_names_numbers_and_words(thread, kahvila, mikko, text, found):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    make_contact(group, phone=ANNA, first_name="Anna", last_name="Aalto")

    page = client_of(mikko).get(THREADS, {"q": text}).content.decode()

    assert (f'href="{of(thread)}?q=' in page) == found


def test_the_person_pane_shows_what_the_groups_know(thread, kahvila, mikko):
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Jäsenet")
    anna = make_contact(group, phone=ANNA, first_name="Anna", last_name="Aalto", city="Oulu")
    suppress(kahvila, phone=ANNA, reason="Asked for it at the counter.")

    page = client_of(mikko).get(of(thread)).content.decode()

    for words in [
        "Anna Aalto",
        "Jäsenet",
        "Oulu",
        "Opted out",
        "at the counter",
        f"/contacts/people/{anna.pk}/",
    ]:
        assert words in page


def test_what_people_write_is_words_and_never_markup(hook, answering, mikko):
    file = {"name": SCRIPT, "mimeType": SCRIPT, "resourceLocation": "javascript:alert(1)"}
    receive(hook, content=SCRIPT, sender=SCRIPT[:40], attachments=[file])

    page = client_of(mikko).get(of(Thread.objects.get())).content.decode()

    assert SCRIPT[:8] + "alert" not in page
    assert "javascript:" not in page


def test_pages_of_the_list_follow_each_other_without_a_gap(thread, mikko):
    make_threads(thread, PAGE_SIZE + 20)
    browser = client_of(mikko)

    first = browser.get(THREADS, {"show": "all"}).context["page"]
    second = browser.get(THREADS, {"show": "all", "page": first.next}).context["page"]

    shown = [row.thread.pk for row in first.rows + second.rows]
    assert len(first.rows) == PAGE_SIZE
    assert len(shown) == len(set(shown)) == PAGE_SIZE + 21
    assert not second.next


def test_earlier_messages_come_by_pages_and_the_latest_keep_their_beginning(hook, thread, mikko):
    make_messages(thread, MESSAGES_SHOWN + 50)
    browser = client_of(mikko)

    latest = browser.get(of(thread)).context["conversation"]
    part = browser.get(of(thread), {"before": latest.first}, **HTMX)
    receive(hook, content="Uusi")
    again = browser.get(of(thread), {"since": latest.since}, **HTMX).context["conversation"]

    def words(conversation):
        return [message.content for day in conversation.days for message in day.messages]

    earlier = part.context["conversation"]
    assert words(latest)[-1] == "Milloin avaatte?"
    assert len(words(latest)) == MESSAGES_SHOWN
    assert words(earlier) + words(latest) == [f"message {n}." for n in range(149, -1, -1)] + [
        "Milloin avaatte?"
    ]
    assert not earlier.has_earlier
    assert words(again) == [*words(latest), "Uusi"]
    assert "The conversation begins here." in part.content.decode()


def test_earlier_messages_take_the_place_of_the_way_to_them_and_of_no_message(thread, mikko):
    """A second look that replaced what the first one brought would leave a hole."""
    make_messages(thread, MESSAGES_SHOWN + 50)
    browser = client_of(mikko)
    first = browser.get(of(thread)).context["conversation"].first

    part = browser.get(of(thread), {"before": first}, **HTMX).content.decode()

    way, brought = part.split('id="earlier"')[1].split("</div>", 1)
    assert "<article" not in way
    assert brought.count("<article") == 51


def test_a_late_message_shows_in_a_conversation_that_is_open_from_its_beginning(hook, thread, mikko):
    since = client_of(mikko).get(of(thread)).context["conversation"].since
    receive(hook, content="Myöhästynyt", timestamp="2026-11-20T12:00:00Z")

    assert "Myöhästynyt" in client_of(mikko).get(of(thread), {"since": since}, **HTMX).content.decode()


@pytest.mark.parametrize("turn", range(len(JUNK)))
def test_junk_in_the_address_is_as_if_it_were_not_there(thread, mikko, turn):
    """Every name meets every value: a page that took no notice of one goes on to ask for the others."""
    browser = client_of(mikko)
    asked = {name: JUNK[(place + turn) % len(JUNK)] for place, name in enumerate(ASKED)}

    for url in [THREADS, of(thread)]:
        for headers in [HTMX, {}]:
            assert browser.get(url, asked, **headers).status_code == 200


def test_the_list_takes_as_many_queries_for_many_threads_as_for_one(thread, mikko):
    few, few_alone = queries(mikko, THREADS), queries(mikko, THREADS, **HTMX)
    make_threads(thread, 40)

    assert queries(mikko, THREADS) == few
    assert queries(mikko, THREADS, **HTMX) == few_alone


def test_a_conversation_takes_as_many_queries_for_many_messages_as_for_few(thread, mikko):
    answer(thread, mikko)
    few, few_alone = queries(mikko, of(thread)), queries(mikko, of(thread), **HTMX)
    make_messages(thread, 40)
    for _ in range(5):
        answer(thread, mikko)

    assert queries(mikko, of(thread)) == few
    assert queries(mikko, of(thread), **HTMX) == few_alone


def test_one_without_customers_sees_an_empty_inbox(aino):
    aino.customers.clear()

    assert client_of(aino).get(THREADS).status_code == 200


def test_the_number_of_who_waits_is_counted_without_putting_them_in_order(kahvila):
    with CaptureQueriesContext(connection) as captured:
        waiting_count(kahvila.pk)

    assert "ORDER BY" not in captured[0]["sql"]


def test_what_changes_while_a_page_is_read_comes_after_the_position_that_it_says(thread, mikko, monkeypatch):
    load = conversations.load

    def load_and_change(*arguments, **options):
        loaded = load(*arguments, **options)
        tell(thread)
        return loaded

    monkeypatch.setattr(conversations, "load", load_and_change)

    page = client_of(mikko).get(of(thread))

    assert page.context["live_since"] < live.position()


def test_only_who_waits_can_be_marked_as_unread(thread, mikko):
    button = 'id="work-unread"'
    assert button in markup(client_of(mikko).get(of(thread)))
    answer(thread, mikko)

    assert button not in markup(client_of(mikko).get(of(thread)))
    said = client_of(mikko).post(of(thread, "unread_marker"), follow=True)
    assert "it stays read" in markup(said)


def test_an_open_thread_says_how_far_its_reader_has_read(thread, mikko):
    def says(words: str) -> bool:
        _, opened = markup(client_of(mikko).get(of(thread))).split('id="open"')
        return words in opened.partition(">")[0]

    assert says('data-read="0"')
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)

    assert says(f'data-read="{thread.newest_received}"')


def test_a_conversation_asks_for_the_list_and_searches_at_their_own_address(thread, mikko):
    page = client_of(mikko).get(reverse("inbox:thread", args=[thread.pk])).content.decode()

    asked = re.findall(r'(?:hx-get|action)="([^"]*\?current=[^"]*|[^"]*)"', page)
    assert [each for each in asked if not each.startswith("/")] == []
    assert f'hx-get="{THREADS}?current={thread.pk}"' in page
    assert len(re.findall(rf'role="search"[^>]* action="{THREADS}"', page)) == 1
