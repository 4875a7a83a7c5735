"""The reply box as htmx sends it: what comes back beside it, wherever in the conversation one answers."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from gateway import clock
from messaging.inbox.models import Message, Thread
from messaging.inbox.replies import replying
from messaging.inbox.tests.conftest import HTMX, answer, of, receive
from messaging.inbox.tests.test_history import words
from messaging.inbox.tests.test_pages import make_messages
from messaging.inbox.threads.conversations import MESSAGES_SHOWN
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


def sent_to(page) -> str:
    """Where the reply box of a page posts by htmx."""
    return markup(page).split('id="composer"')[1].split('hx-post="')[1].split('"')[0].replace("&amp;", "&")


def test_an_answer_in_a_long_thread_leaves_no_hole_above_the_messages_that_come_with_it(thread, mikko):
    make_messages(thread, MESSAGES_SHOWN + 20)
    browser = client_of(mikko)
    opened = browser.get(of(thread))

    said = words(opened.context["conversation"])
    place = sent_to(opened)
    for turn in ("Kello 9.", "Ja 10."):
        answered = browser.post(place, {"content": turn, "key": uuid4()}, **HTMX)
        said = [*said, turn]
        assert words(answered.context["conversation"]) == said
        place = sent_to(answered)


def test_an_answer_beside_an_older_stretch_is_sent_by_script_and_leads_to_the_latest(thread, mikko):
    make_messages(thread, MESSAGES_SHOWN + 20)
    browser = client_of(mikko)
    earlier = browser.get(of(thread) + browser.get(of(thread), {"show": "all"}).context["earlier_query"])

    refused = browser.post(sent_to(earlier), {"content": "", "key": uuid4()}, **HTMX)
    assert "Write something first." in markup(refused)
    assert "#latest" not in markup(refused)
    sent = browser.post(sent_to(refused), {"content": "Kello 9.", "key": uuid4()}, **HTMX)

    assert sent.headers["HX-Redirect"] == f"{of(thread)}?show=all"
    assert Message.objects.filter(content="Kello 9.", thread=Thread.objects.get()).count() == 1


def look(person, page, thread: Thread, **asked: str) -> str:
    """As the page looks again, by itself: what it gets."""
    address = of(thread) + page.context["reply_query"]
    stamp = {"stamp": page.context["composer"]["stamp"]}
    address = f"{address}&stamp={(stamp | asked)['stamp']}"
    return markup(client_of(person).get(address, **HTMX, HTTP_HX_TARGET="look"))


def swapped(looked: str) -> list[str]:
    """The parts that it changes."""
    return re.findall('hx-swap-oob="innerHTML:#([a-z-]+)"', looked)


def by_whatsapp(hook, content: str, *, ago: timedelta) -> None:
    receive(hook, content=content, protocol="WHATSAPP", timestamp=(clock.now() - ago).isoformat())


def test_a_reply_box_that_is_as_it_was_is_left_alone(hook, thread, mikko):
    page = client_of(mikko).get(of(thread))
    receive(hook, content="Ja sunnuntaina?", timestamp="2026-11-24T13:00:00Z")

    assert swapped(look(mikko, page, thread)) == ["latest", "work", "person"]
    assert swapped(look(mikko, page, thread, stamp="junk")) == ["latest", "work", "person", "composer-place"]


def test_an_older_stretch_that_looks_again_keeps_its_messages(thread, mikko):
    make_messages(thread, MESSAGES_SHOWN + 20)
    browser = client_of(mikko)
    earlier = browser.get(of(thread) + browser.get(of(thread)).context["earlier_query"])

    assert swapped(look(mikko, earlier, thread)) == ["work", "person"]


def test_a_failed_answer_is_one_answer_for_the_page(thread, mikko):
    """All that it changes: the message with its buttons, and what is beside it."""
    message = answer(thread, mikko)
    page = client_of(mikko).get(of(thread))
    asking = [tag for tag in markup(page).split("<") if of(thread) in tag and "hx-trigger" in tag]
    replying.mark_failed(message, "Sender is unknown.")

    assert len([tag for tag in asking if "thread-changed" in tag]) == 1
    assert f'id="try-{message.pk}"' in look(mikko, page, thread)


def test_the_reply_box_follows_the_person_to_another_channel_and_keeps_what_is_typed(hook, thread, mikko):
    page = client_of(mikko).get(of(thread))
    by_whatsapp(hook, "Täällä nyt", ago=timedelta(hours=1))

    followed = look(mikko, page, thread)

    assert "They wrote on WhatsApp" in followed
    assert f'id="reply-box-{thread.pk}" hx-preserve' in followed
    assert "hx-preserve" not in markup(page).split('id="composer"')[1].split("composer__foot")[0]


def test_a_reply_box_that_closes_keeps_what_is_typed_beside_why(hook, thread, mikko):
    by_whatsapp(hook, "Täällä nyt", ago=timedelta(hours=1))
    page = client_of(mikko).get(of(thread))
    Message.objects.filter(protocol="WHATSAPP").update(at=clock.now() - timedelta(hours=25))

    followed = look(mikko, page, thread)

    assert "takes free answers for 24 hours" in followed
    assert f'id="reply-box-{thread.pk}" hx-preserve' in followed


def test_a_closed_reply_box_opens_when_they_write_back(hook, thread, mikko):
    by_whatsapp(hook, "Täällä nyt", ago=timedelta(hours=25))
    page = client_of(mikko).get(of(thread))
    assert page.context["composer"].get("form") is None
    by_whatsapp(hook, "Vieläkö?", ago=timedelta(minutes=1))

    assert 'name="content"' in look(mikko, page, thread)


def test_the_person_beside_follows_what_they_say(hook, thread, mikko):
    page = client_of(mikko).get(of(thread))
    assert "Has never opted out." in markup(page)
    receive(hook, content="STOP", timestamp="2026-11-24T13:00:00Z")

    followed = look(mikko, page, thread)

    assert "Has never opted out." not in followed
    assert "Opted out" in followed
    assert "opted out. Reply only" in followed


def test_what_opens_beside_one_person_is_never_kept_for_another(thread, mikko):
    """The browser keeps an element by its id, whichever thread it came with."""
    page = markup(client_of(mikko).get(of(thread)))

    kept = [tag for tag in page.split("<") if "hx-preserve" in tag]
    assert kept
    assert all(f'-{thread.pk}"' in tag for tag in kept)
