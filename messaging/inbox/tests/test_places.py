"""Whatever is opened or done leads back to the list, and to its page, that somebody works through."""

from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from messaging.campaigns.wording import snippets
from messaging.inbox.models import Message, MessageState, Thread
from messaging.inbox.tests.conftest import THREADS, answer, of
from messaging.inbox.tests.test_pages import make_messages, make_threads
from messaging.inbox.threads.conversations import MESSAGES_SHOWN
from messaging.inbox.threads.thread_list import PAGE_SIZE
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(thread, mikko) -> str:
    """The query of a list's second page, on which Anna's thread is the last."""
    make_threads(thread, PAGE_SIZE + 20)
    page = client_of(mikko).get(THREADS, {"show": "all"}).context["page"]
    return f"?{urlencode({'show': 'all', 'page': page.next})}"


def listed(page) -> list[int]:
    return [row.thread.pk for row in page.context["page"].rows]


def test_a_thread_from_a_later_page_opens_at_its_latest_messages_beside_that_page(thread, place, mikko):
    browser = client_of(mikko)
    page = browser.get(THREADS + place)
    assert thread.pk in listed(page)
    assert f'href="{of(thread)}{place.replace("&", "&amp;")}"' in page.content.decode()

    opened = browser.get(of(thread) + place)

    assert opened.context["conversation"].is_latest
    assert "Milloin avaatte?" in markup(opened)
    assert listed(opened) == listed(page)


def test_earlier_messages_leave_the_list_where_it_is(thread, place, mikko):
    make_messages(thread, MESSAGES_SHOWN + 50)
    browser = client_of(mikko)
    opened = browser.get(of(thread) + place)

    earlier = browser.get(of(thread) + opened.context["earlier_query"])

    assert not earlier.context["conversation"].is_latest
    assert listed(earlier) == listed(opened)


@pytest.mark.parametrize("done", ["read_marker", "assignment", "labels", "notes"])
def test_what_is_done_in_a_thread_leads_back_to_the_page_of_its_list(thread, place, mikko, done):
    told = {"name": "vip", "text": "Muista"}

    answered = client_of(mikko).post(of(thread, done) + place, told)

    assert answered.url == of(thread) + place


def test_the_posts_beside_a_failed_answer_lead_back_there_too(thread, place, mikko, connected):
    message = answer(thread, mikko)
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED)
    browser = client_of(mikko)
    page = markup(browser.get(of(thread) + place))

    for name in ["tries", "dismissal"]:
        here = reverse(f"inbox:{name}", args=[message.pk])
        [action] = [unescape(each) for each in page.split('"') if each.startswith(here)]
        assert browser.post(action).url == of(thread) + place


def test_on_to_the_list_is_on_to_its_page(thread, place, mikko):
    assert client_of(mikko).post(of(thread, "unread_marker") + place).url == THREADS + place


def test_go_to_day_and_a_snippet_keep_every_filter_and_the_page(thread, mikko, kahvila):
    snippets.keep(kahvila, name="auki", text="Avaamme kello 9.", is_shared=True, by=mikko)
    make_messages(thread, MESSAGES_SHOWN + 5)
    thread = Thread.objects.get(pk=thread.pk)
    asked = {"show": "all", "who": "none", "service": str(thread.service_id), "channel": "SMS", "page": "x"}

    page = client_of(mikko).get(of(thread), asked)

    assert page.context["place"].fields == asked | {"service": thread.service_id}
    html = markup(page)
    for name, value in asked.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    [link] = [
        unescape(each) for each in html.split('"') if each.startswith(of(thread)) and "snippet=" in each
    ]
    assert parse_qs(urlsplit(link).query).items() >= {name: [value] for name, value in asked.items()}.items()
