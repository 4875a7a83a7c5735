"""The whole way through SmartDialog's sign-in and back, over real HTTP."""

import re
import time

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEvent, Role, User
from gateway.models import Connection
from gateway.outbox.draining import drain
from gateway.signing_in import KEY

pytestmark = pytest.mark.django_db

MIKKO = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def known_mikko() -> User:
    return User.objects.create(
        username=MIKKO, subject=MIKKO, name="Mikko", role=Role.MARKETER, approved_at=timezone.now()
    )


def test_a_person_signs_in_and_sees_the_customers_that_their_sign_in_lists(browser, sandbox, known_mikko):
    response = browser.come_back(browser.consent(browser.start(), person="mikko"))

    assert response.status_code == 302
    drain(known_mikko.connection.pk)
    assert {customer.name for customer in known_mikko.customers.all()} == {"Kahvila Aalto", "Trattoria Sole"}
    kinds = {(service.kind, service.allows_reply) for service in known_mikko.customers.first().services.all()}
    assert kinds == {("OneWay", False), ("OneWay", True), ("TwoWay", False), ("Group", False)}


def test_a_first_sign_in_makes_a_person_who_waits_for_approval(browser, sandbox):
    response = browser.come_back(browser.consent(browser.start(), person="nina"))

    nina = User.objects.get()
    assert response.headers["Location"] == "/waiting/"
    assert (nina.name, nina.is_approved) == ("Nina Newcomer", False)
    assert AuditEvent.objects.filter(verb="person.asked_to_join").exists()
    assert browser.client.get("/").headers["Location"] == "/waiting/"


def test_the_grant_is_stored_encrypted(browser, sandbox, known_mikko):
    browser.come_back(browser.consent(browser.start(), person="mikko"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM gateway_connection")
        stored = cursor.fetchone()
    grant = Connection.objects.get()
    assert grant.access_token.count(".") == 2
    assert grant.access_token not in stored
    assert grant.refresh_token not in stored


def test_a_cancelled_sign_in_says_so_and_signs_nobody_in(browser, sandbox):
    response = browser.come_back(browser.consent(browser.start(), cancel="1"))

    assert b"You cancelled the sign-in" in response.content
    assert b"AADB2C90091" in response.content
    assert "_auth_user_id" not in browser.client.session


@pytest.mark.parametrize("state", ["", "wrong", None])
def test_a8_a_state_that_is_not_ours_gives_no_session(browser, sandbox, state):
    back = browser.consent(browser.start(), person="mikko")
    changed = re.sub(r"state=[^&]*", "" if state is None else f"state={state}", back)

    response = browser.come_back(changed)

    assert response.status_code == 400
    assert b"too old" in response.content
    assert not User.objects.exists()


def test_a8_a_missing_state_is_refused_while_none_is_stored(browser, sandbox):
    assert browser.client.get("/oauth/callback/?code=x").status_code == 400
    assert browser.client.get("/oauth/callback/?code=x&state=").status_code == 400


def test_a8_a_way_back_works_once(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    browser.come_back(back)

    assert browser.come_back(back).status_code == 400


def test_a8_the_way_back_of_another_browser_is_refused(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    browser.client.session.flush()
    browser.client.cookies.clear()

    assert browser.come_back(back).status_code == 400


def test_a8_a_sign_in_begun_over_ten_minutes_ago_is_refused(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    session = browser.client.session
    for begun in session[KEY].values():
        begun["at"] = time.time() - 601
    session.save()

    assert browser.come_back(back).status_code == 400


def test_a8_two_tabs_both_work(browser, sandbox, known_mikko):
    first, second = browser.start(), browser.start()
    back = browser.consent(first, person="mikko")
    other = browser.consent(second, person="mikko")

    assert browser.come_back(other).headers["Location"] == "/"
    assert browser.come_back(back).headers["Location"] == "/"


def test_a7_the_session_is_a_new_one_after_sign_in(browser, sandbox, known_mikko):
    address = browser.start()
    before = browser.client.session.session_key

    browser.come_back(browser.consent(address, person="mikko"))

    assert browser.client.session.session_key != before


@pytest.mark.parametrize(
    "wanted",
    [
        "http://e.test/",
        "javascript:alert(1)",
        "/" + "a" * 5000,
        "//e.test",
        "/\\e.test",
        "https:e.test",
        "/%5ce.test",
        "\t//e.test",
        "/%0d%0aSet-Cookie:a=b",
        "@e.test",
    ],
)
def test_a9_the_way_on_after_sign_in_stays_here(browser, sandbox, known_mikko, wanted):
    response = browser.come_back(browser.consent(browser.start(wanted), person="mikko"))

    assert response.headers["Location"] == "/"


def test_a9_a_page_of_ours_is_the_way_on(browser, sandbox, known_mikko):
    response = browser.come_back(browser.consent(browser.start("/contacts/?q=a"), person="mikko"))

    assert response.headers["Location"] == "/contacts/?q=a"


def test_an_expired_grant_asks_to_reconnect_and_loses_nothing(browser, sandbox, known_mikko):
    browser.come_back(browser.consent(browser.start(), person="mikko"))
    sandbox.grants(MIKKO, "revoke")

    drain(known_mikko.connection.pk)

    known_mikko.connection.refresh_from_db()
    assert known_mikko.connection.state == "reconnect"
    assert known_mikko.connection.operations.filter(state="waiting").count() == 1
    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain(known_mikko.connection.pk)
    assert not known_mikko.connection.operations.filter(state="waiting").exists()
