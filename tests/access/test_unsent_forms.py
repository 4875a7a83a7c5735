"""A session ends behind an open page: nobody loses what they typed, nor gets a page where none fits."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from contacts.models import Contact
from gateway.models import ServiceKind
from tests.access.conftest import sign_in
from tests.factories import make_contact, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

ENDED = ["idle", "too long", "cookie lost", "ended by an admin"]


@pytest.fixture
def contact(kahvila) -> Contact:
    return make_contact(make_service(kahvila, kind=ServiceKind.GROUP), first_name="Anna", revision=1)


def end(browser: Client, how: str) -> None:
    """The ways in which a session ends behind an open page."""
    match how:
        case "idle":
            Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        case "too long":
            session = browser.session
            session["began"] -= 12 * 60 * 60 + 1
            session.save()
        case "cookie lost":
            del browser.cookies[settings.SESSION_COOKIE_NAME]
        case "ended by an admin":
            Session.objects.all().delete()


@pytest.mark.parametrize("how", ENDED)
def test_what_was_typed_survives_the_end_of_the_session(browser, root, contact, how):
    form = {"first_name": "Anne", "street_address": "Mannerheimintie 1\nB 5", "revision": "1", "active": "on"}
    end(browser, how)

    sent = browser.post(f"/contacts/people/{contact.pk}/edit/", form)
    asked = browser.get(sent.headers["Location"])
    back = sign_in(browser, root, next_path=asked.context["next"])
    page = browser.get(back.headers["Location"])

    assert sent.headers["Location"] == "/sign-in/?next=%2Ftyped%2F"
    assert b"What you typed is kept" in asked.content
    assert b"Mannerheimintie 1\nB 5" in page.content
    assert f'action="/contacts/people/{contact.pk}/edit/"' in page.content.decode()
    contact.refresh_from_db()
    assert contact.first_name == "Anna"
    browser.post(page.context["unsent_form"].path, dict(page.context["unsent_form"].fields))
    contact.refresh_from_db()
    assert contact.first_name == "Anne"


def test_htmx_is_sent_away_with_what_was_typed_kept(browser, root, contact):
    end(browser, "idle")

    sent = browser.post(
        f"/contacts/people/{contact.pk}/edit/", {"first_name": "Anne"}, headers={"HX-Request": "true"}
    )

    assert (sent.status_code, sent.content) == (204, b"")
    assert sent.headers["HX-Redirect"] == "/sign-in/?next=%2Ftyped%2F"
    sign_in(browser, root)
    assert b"Anne" in browser.get("/typed/").content


def test_nobody_else_gets_what_was_typed(browser, mikko):
    end(browser, "idle")
    browser.post("/preferences/", {"name": "a secret of root's"})

    sign_in(browser, mikko)

    assert browser.get("/typed/").headers["Location"] == "/"
    assert "secret" not in str(dict(browser.session))


def test_nothing_is_kept_for_a_browser_in_which_nobody_was_signed_in(db):
    stranger = Client()

    stranger.post("/preferences/", {"name": "x" * 1000})

    assert not Session.objects.exists()


@pytest.mark.parametrize("person", ["", "1", "1:forged", "\0", "9" * 5000])
def test_a_forged_person_is_nobody(db, root, person):
    stranger = Client()
    stranger.cookies["person"] = person

    assert stranger.post("/preferences/", {"name": "x"}).headers["Location"] == "/sign-in/?next=%2F"


def test_more_than_anybody_types_is_not_kept(browser):
    end(browser, "idle")

    sent = browser.post("/preferences/", {"name": "x" * 100_001})

    assert sent.headers["Location"] == "/sign-in/?next=%2F"


def test_what_was_typed_can_be_thrown_away(browser, root):
    end(browser, "idle")
    browser.post("/preferences/", {"name": "Root"})
    sign_in(browser, root)

    browser.post("/typed/")

    assert browser.get("/typed/").headers["Location"] == "/"


def test_a_button_pressed_too_late_leads_back_to_its_page(browser, contact):
    end(browser, "idle")

    sent = browser.post("/meter/pausing/", headers={"Referer": "http://testserver/contacts/?q=a"})
    elsewhere = browser.post("/meter/pausing/", headers={"Referer": "http://e.test/contacts/"})

    assert sent.headers["Location"] == "/sign-in/?next=%2Fcontacts%2F%3Fq%3Da"
    assert elsewhere.headers["Location"] == "/sign-in/?next=%2F"


def test_a_token_made_stale_by_another_tab_loses_nothing(root):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(root)
    stale = browser.get("/preferences/").context["csrf_token"]
    browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    form = {"name": "Root the First", "csrfmiddlewaretoken": str(stale)}

    sent = browser.post("/preferences/", form, headers={"Origin": "http://testserver"})
    page = browser.get(sent.headers["Location"])
    browser.post(
        "/preferences/",
        {
            "name": "Root the First",
            "time_zone": "Europe/Rome",
            "csrfmiddlewaretoken": str(page.context["csrf_token"]),
        },
    )

    root.refresh_from_db()
    assert root.name == "Root the First"


@pytest.mark.parametrize("origin", ["http://e.test", "null", None])
def test_nothing_is_kept_of_what_another_site_sends(root, origin):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(root)

    sent = browser.post("/preferences/", {"name": "planted"}, headers={"Origin": origin} if origin else {})

    assert sent.status_code == 403
    assert b"planted" not in sent.content
    assert "typed" not in browser.session


def test_without_any_cookie_what_was_typed_is_shown_to_be_copied(root):
    browser = Client(enforce_csrf_checks=True)

    sent = browser.post(
        "/preferences/", {"name": "<b>Five minutes</b>"}, headers={"Origin": "http://testserver"}
    )

    assert sent.status_code == 403
    assert b"&lt;b&gt;Five minutes&lt;/b&gt;" in sent.content


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"Accept": "*/*", "Sec-Fetch-Dest": "empty"},
        {"Accept": "text/event-stream"},
    ],
)
def test_a_program_is_told_by_status_and_gets_no_page(client, headers):
    response = client.get("/contacts/", headers=headers)

    assert response.status_code == 401
    assert b"<" not in response.content


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*"])
def test_a_person_is_shown_the_sign_in_page(client, accept):
    assert (
        client.get("/contacts/?q=1", headers={"Accept": accept}).headers["Location"]
        == "/sign-in/?next=%2Fcontacts%2F%3Fq%3D1"
    )


def test_a_newcomers_fragment_is_no_waiting_page(nina):
    response = client_of(nina).get("/meter/", headers={"HX-Request": "true"})

    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["HX-Redirect"] == "/waiting/"
