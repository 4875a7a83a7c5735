"""How sessions begin and end, and what their cookies are."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import parse_cookie
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.sign_in import sessions
from tests.access.conftest import sign_in, under_https
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_the_session_id_changes_at_each_sign_in(root):
    browser = Client()
    browser.post("/oauth/start/")
    before = key_of(browser)

    sign_in(browser, root)
    first = key_of(browser)
    sign_in(browser, root)

    assert len({before, first, key_of(browser)}) == 3
    assert not Session.objects.filter(pk__in=[before, first]).exists()


def test_a_planted_session_id_is_not_the_one_after_sign_in(root):
    planted = Client()
    planted.post("/oauth/start/")
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = key_of(planted)

    sign_in(victim, root)

    assert key_of(victim) != key_of(planted)
    assert planted.get("/preferences/").headers["Location"].startswith("/sign-in/")


def test_signing_out_leaves_nothing_that_an_old_cookie_opens(browser):
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = key_of(browser)
    assert old.get("/preferences/").status_code == 200

    browser.post("/sign-out/")

    assert old.get("/preferences/").headers["Location"] == "/sign-in/?next=%2Fpreferences%2F"
    assert old.get("/live/", headers={"Accept": "text/event-stream"}).status_code == 401


def test_a_session_without_use_ends_and_use_prolongs_it(browser):
    with time_machine.travel(timezone.now() + timedelta(hours=3, minutes=59), tick=False):
        assert browser.get("/preferences/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=7, minutes=58), tick=False):
        assert browser.get("/preferences/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=11, minutes=59), tick=False):
        assert browser.get("/preferences/").status_code == 302


def test_an_open_page_that_asks_by_itself_is_no_use(browser):
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        assert browser.get("/meter/", headers={"HX-Request": "true"}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        assert browser.get("/preferences/").status_code == 302


def test_no_session_lasts_longer_than_a_working_day(browser):
    for hours in (3, 6, 9, 11.9):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
            assert browser.get("/preferences/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=12, seconds=2), tick=False):
        assert browser.get("/preferences/").status_code == 302
        assert not Session.objects.filter(pk=key_of(browser)).exists()


def test_an_admin_ends_a_persons_sessions_and_nobody_elses(browser, root, mikko):
    laptop, phone = client_of(mikko), client_of(mikko)

    browser.post(f"/settings/people/{mikko.pk}/sign-outs/")

    assert {each.get("/preferences/").status_code for each in (laptop, phone)} == {302}
    assert browser.get("/preferences/").status_code == 200
    assert AuditEvent.objects.get(verb="person.signed_out").after == {"sessions": 2}
    assert client_of(mikko).get("/preferences/").status_code == 200


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser):
    browser.get("/preferences/")

    assert set(browser.cookies) == {"sessionid", "csrftoken", "person"}
    for cookie in browser.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_under_https_every_cookie_is_bound_to_the_host_and_secure():
    names = ["SESSION_COOKIE", "CSRF_COOKIE"]
    words = "; ".join(
        f"print(s.{name}_NAME, s.{name}_SECURE, s.{name}_HTTPONLY, s.{name}_SAMESITE)" for name in names
    )

    said = under_https(f"from smartdialog_admin import settings as s; {words}; print(s.PERSON_COOKIE_NAME)")

    assert said == [
        "__Host-session True True Lax",
        "__Host-csrf True True Lax",
        "__Host-person",
    ]


def test_the_cookie_that_knows_the_person_opens_nothing(browser, mikko):
    thief = Client()
    thief.cookies["person"] = browser.cookies["person"].value

    assert thief.get("/preferences/").status_code == 302


def test_signing_out_forgets_the_person(browser):
    browser.post("/sign-out/")

    assert browser.cookies["person"].value == ""


def key_of(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.parametrize("said", ['"\\000aaaaaaaaaaaa"', '"\\377aaaaaaaaaaaa"', "a" * 5000, "'; --aaaaaaaa"])
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/live/", "/oauth/callback/?state=x"])
def test_a_cookie_that_is_no_key_is_nobody(said, path):
    answer = Client().get(path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={said}"})

    assert answer.status_code < 500
    assert sessions.user_of(parse_cookie(f"key={said}")["key"]) is None


def test_a_key_that_we_never_gave_becomes_no_session(client):
    """Else whoever puts one into somebody's browser shares what they begin under it."""
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = "a" * 32

    client.post("/oauth/start/", {"next": "/"})

    given = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert given not in ("", planted)
    assert not Session.objects.filter(pk=planted).exists()
