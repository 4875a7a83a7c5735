"""The whole way through SmartDialog's sign-in and back, over real HTTP."""

import logging
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from accounts.models import AuditEvent, Role, User
from gateway.hook_urls import inbound_url, with_secret
from gateway.hooks import dlr_url
from gateway.models import Connection, HookSubscription, ServiceKind
from gateway.outbox.draining import drain
from gateway.sign_in.signing_in import SESSION_KEY
from tests.factories import make_connection, make_service
from tests.integration.conftest import MIKKO, make_mikko
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def known_mikko() -> User:
    return make_mikko()


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
def test_a_state_that_is_not_ours_gives_no_session(browser, sandbox, state):
    back = browser.consent(browser.start(), person="mikko")
    changed = re.sub(r"state=[^&]*", "" if state is None else f"state={state}", back)

    response = browser.come_back(changed)

    assert response.status_code == 400
    assert b"too old" in response.content
    assert not User.objects.exists()


def test_a_missing_state_is_refused_while_none_is_stored(browser, sandbox):
    assert browser.client.get("/oauth/callback/?code=x").status_code == 400
    assert browser.client.get("/oauth/callback/?code=x&state=").status_code == 400


def test_a_way_back_works_once(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    browser.come_back(back)

    assert browser.come_back(back).status_code == 400


def test_the_way_back_of_another_browser_is_refused(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    browser.client.session.flush()
    browser.client.cookies.clear()

    assert browser.come_back(back).status_code == 400


def test_a_sign_in_begun_over_ten_minutes_ago_is_refused(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    session = browser.client.session
    for begun in session[SESSION_KEY].values():
        begun["at"] = time.time() - 601
    session.save()

    assert browser.come_back(back).status_code == 400


def test_two_tabs_both_work(browser, sandbox, known_mikko):
    first, second = browser.start(), browser.start()
    back = browser.consent(first, person="mikko")
    other = browser.consent(second, person="mikko")

    assert browser.come_back(other).headers["Location"] == "/"
    assert browser.come_back(back).headers["Location"] == "/"


def test_every_sign_in_has_a_challenge_of_its_own_by_s256(browser, sandbox, known_mikko):
    sandbox.post("/_switches", {"require_pkce": True}).raise_for_status()
    asked = [parse_qs(urlsplit(browser.start()).query) for _ in range(2)]

    assert [one["code_challenge_method"] for one in asked] == [["S256"]] * 2
    for name in ("code_challenge", "state", "nonce"):
        assert asked[0][name] != asked[1][name]
    back = browser.consent(browser.start(), person="mikko")
    assert browser.come_back(back).headers["Location"] == "/"


def test_a_code_is_good_once_and_for_its_own_sign_in_only(browser, sandbox, known_mikko):
    first, second = browser.start(), browser.start()
    code = re.search(r"code=[^&]*", browser.consent(first, person="mikko"))[0]
    of_second = re.sub(r"code=[^&]*", code, browser.consent(second, person="mikko"))

    stolen = browser.come_back(of_second)

    assert stolen.status_code == 400
    assert b"AADB2C90183" in stolen.content
    assert re.search(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", stolen.content), "no correlation id"
    assert "_auth_user_id" not in browser.client.session


def test_a_code_that_was_used_signs_nobody_in(browser, sandbox, known_mikko):
    address = browser.start()
    begun = dict(browser.client.session[SESSION_KEY])
    back = browser.consent(address, person="mikko")
    browser.come_back(back)
    browser.client.logout()
    session = browser.client.session
    session[SESSION_KEY] = begun  # as if the state had not been used up
    session.save()

    again = browser.come_back(back)

    assert again.status_code == 400
    assert b"AADB2C90090" in again.content
    assert "_auth_user_id" not in browser.client.session


def test_what_else_the_way_back_says_chooses_nothing(browser, sandbox, known_mikko):
    back = browser.consent(browser.start(), person="mikko")
    extras = (
        "&iss=http://e.test/&shop=e.test&host=e.test&token_url=http://e.test/&redirect_uri=http://e.test/"
    )

    response = browser.client.get(
        "/oauth/callback/?" + back.partition("?")[2] + extras,
        headers={"X-Forwarded-Host": "e.test", "Forwarded": "host=e.test"},
    )

    assert response.headers["Location"] == "/"
    assert [call["status"] for call in sandbox.ledger(operation="token")["calls"]] == [200]


def test_another_host_is_refused_and_never_becomes_part_of_an_address(
    browser, sandbox, known_mikko, settings
):
    settings.PUBLIC_URL = "https://messages.example"
    address = browser.client.post(
        "/oauth/start/", headers={"Host": "localhost", "X-Forwarded-Host": "e.test"}
    )

    [given] = parse_qs(urlsplit(address.headers["Location"]).query)["redirect_uri"]
    assert given == "https://messages.example/oauth/callback/"
    for path in ("/oauth/callback/?code=x&state=y", "/sign-in/", "/hooks/inbound/x/"):
        assert browser.client.get(path, headers={"Host": "e.test"}).status_code == 400


def test_the_addresses_of_hooks_come_from_the_settings_alone(kahvila, mikko, settings):
    settings.PUBLIC_URL = "https://messages.example"
    make_connection(mikko)
    User.objects.update(role=Role.ADMIN)
    service = make_service(kahvila, kind=ServiceKind.TWO_WAY)

    client_of(mikko).post(
        f"/settings/services/{service.pk}/subscriptions/",
        headers={"Host": "localhost", "X-Forwarded-Host": "e.test"},
    )

    hook = HookSubscription.objects.get()
    assert inbound_url(hook).startswith("https://messages.example/hooks/inbound/")
    assert with_secret(dlr_url(kahvila)).startswith("https://messages.example/hooks/dlr/")


def test_the_session_is_a_new_one_after_sign_in(browser, sandbox, known_mikko):
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
def test_the_way_on_after_sign_in_stays_here(browser, sandbox, known_mikko, wanted):
    response = browser.come_back(browser.consent(browser.start(wanted), person="mikko"))

    assert response.headers["Location"] == "/"


def test_a_page_of_ours_is_the_way_on(browser, sandbox, known_mikko):
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


def test_no_secret_of_a_sign_in_is_logged(browser, sandbox, known_mikko, caplog, settings):
    caplog.set_level(logging.DEBUG)
    address = browser.start()
    verifiers = [begun["verifier"] for begun in browser.client.session[SESSION_KEY].values()]
    back = browser.consent(address, person="mikko")

    browser.come_back(back)
    drain(known_mikko.connection.pk)

    grant = Connection.objects.get()
    secrets = [grant.access_token, grant.refresh_token, settings.SMARTDIALOG_CLIENT_SECRET, *verifiers]
    code = re.search(r"code=([^&]+)", back)[1]
    assert [
        secret for secret in [*secrets, code, browser.client.session.session_key] if secret in caplog.text
    ] == []
