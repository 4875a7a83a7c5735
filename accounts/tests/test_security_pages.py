import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import AuditEvent, User
from accounts.sign_in import sessions
from accounts.sign_in.devices import describe
from tests.people import PASSWORD, client_of

pytestmark = pytest.mark.django_db

NEW = "quite-another-one-4711"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(root: User, agent: str = FIREFOX) -> Client:
    browser = Client(headers={"User-Agent": agent})
    browser.post("/sign-in/", {"username": "root", "password": PASSWORD})
    return browser


def change(browser: Client, old: str = PASSWORD, new: str = NEW):
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post("/preferences/password/", form)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/140 Safari/537 Edg/140", "Edge on Mac"),
        ("curl/8.0", "Unknown browser"),
        ("", "Unknown browser"),
        ("<script>" * 10_000, "Unknown browser"),
    ],
)
def test_a_browser_says_in_words_what_it_is(agent, words):
    assert describe(agent) == words


def test_ones_own_sessions_are_listed_and_this_one_is_marked(root):
    signed_in(root, "Chrome/140 Linux")
    page = signed_in(root).get("/preferences/security/")

    assert [(each.device, each.is_current) for each in page.context["sessions"]] == [
        ("Firefox on Windows", True),
        ("Chrome on Linux", False),
    ]
    assert b"127.0.0.1" in page.content
    assert not any(each.session_key.encode() in page.content for each in Session.objects.all())


def test_one_session_is_ended_and_then_all_others(root):
    here, one, two = signed_in(root), signed_in(root), signed_in(root)
    name = sessions.public_id(one.session.session_key)

    here.post("/preferences/sessions/", {"session": name})
    assert [each.get("/preferences/").status_code for each in (here, one, two)] == [200, 302, 200]
    here.post("/preferences/sessions/")

    assert [each.get("/preferences/").status_code for each in (here, two)] == [200, 302]


def test_nobody_ends_the_session_of_somebody_else(root, mikko):
    theirs = signed_in(root)
    name = sessions.public_id(theirs.session.session_key)

    client_of(mikko).post("/preferences/sessions/", {"session": name})

    assert theirs.get("/preferences/").status_code == 200


def test_signing_out_everywhere_ends_all_of_them(root):
    here, there = signed_in(root), signed_in(root)

    here.post("/sign-out/", {"everywhere": "true"})

    assert not Session.objects.exists()
    assert there.get("/preferences/").status_code == 302


def test_a_new_password_ends_every_other_session(root):
    here, there = signed_in(root), signed_in(root)

    assert change(here).status_code == 302

    assert [each.get("/preferences/").status_code for each in (here, there)] == [200, 302]
    assert AuditEvent.objects.filter(verb="person.password_changed", actor=root).count() == 1
    root.refresh_from_db()
    assert root.check_password(NEW)


@pytest.mark.parametrize("new", ["short-one-1", "password1234", "123456789012", ""])
def test_a_weak_password_is_refused_and_the_present_one_kept(root, new):
    assert change(signed_in(root), new=new).status_code == 200

    root.refresh_from_db()
    assert root.check_password(PASSWORD)


def test_guessing_the_present_password_is_limited(root):
    browser = signed_in(root)
    statuses = [change(browser, old="wrong").status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]
    assert int(change(browser).headers["Retry-After"]) > 0


def test_a_password_is_never_kept_as_a_form_that_could_not_be_sent(root):
    browser = signed_in(root)
    Session.objects.all().delete()

    change(browser)
    browser.post("/sign-in/code/", {"code": "123456"})

    kept = str([each.get_decoded() for each in Session.objects.all()])
    assert PASSWORD not in kept
    assert NEW not in kept


def test_who_has_no_password_gets_no_form(mikko):
    browser = client_of(mikko)

    assert b"old_password" not in browser.get("/preferences/password/").content
    change(browser)
    mikko.refresh_from_db()
    assert not mikko.has_password
