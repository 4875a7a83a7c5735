"""A sign-in service that is not as we guess it to be: nothing is lost, and who can mend it is told."""

import pytest
from django.conf import settings as ours
from django.contrib.messages import get_messages

from accounts.models import Role, User
from gateway import clock, tasks
from gateway.models import Connection, ConnectionState
from gateway.outbox.draining import drain
from tests.factories import make_connection, make_operation
from tests.integration.conftest import MIKKO, make_mikko

pytestmark = pytest.mark.django_db

API_SCOPES = [scope for scope in ours.SMARTDIALOG_SCOPES if scope != "openid"]


@pytest.fixture
def throw(sandbox):
    def throw(**switches: object) -> None:
        sandbox.post("/_switches", switches).raise_for_status()

    return throw


def sign_in(browser, person="mikko", **pressed):
    return browser.come_back(browser.consent(browser.start(), person=person, **pressed))


def token_calls(sandbox):
    return [call["status"] for call in sandbox.ledger(operation="token")["calls"]]


def page(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_sign_in_without_a_refresh_token_says_so_and_ends_in_true_words(browser, sandbox, throw):
    mikko = make_mikko(Role.ADMIN)
    throw(grants_offline_access=False)

    told = [str(each) for each in get_messages(sign_in(browser).wsgi_request)]
    assert "you stay signed in until" in told[0]
    assert "SMARTDIALOG_SCOPES needs offline_access" in told[0]
    drain(mikko.connection.pk)
    asked = len(token_calls(sandbox))
    waiting = make_operation(mikko.connection)
    Connection.objects.update(expires_at=clock.now())
    for _ in range(3):
        tasks.recover_connections()
        drain(mikko.connection.pk)

    connection = Connection.objects.get()
    assert connection.state == ConnectionState.RECONNECT
    assert "Sign in again; nothing is lost" in page(browser.client.get("/meter/"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, len(token_calls(sandbox))) == ("waiting", 0, asked)

    sign_in(browser)
    drain(mikko.connection.pk)
    waiting.refresh_from_db()
    assert waiting.state == "done"


def test_a_wrong_secret_at_refresh_is_told_to_who_can_mend_it_and_goes_on_once_mended(
    browser, sandbox, throw
):
    mikko = make_mikko()
    sign_in(browser)
    drain(mikko.connection.pk)
    waiting = make_operation(mikko.connection)
    Connection.objects.update(expires_at=clock.now())
    throw(client_secret_expired=True)

    drain(mikko.connection.pk)

    waiting.refresh_from_db()
    assert (waiting.state, Connection.objects.get().state) == ("waiting", ConnectionState.ACTIVE)
    told = page(browser.client.get("/meter/"))
    assert "An admin has to mend a setting" in told
    assert "SMARTDIALOG_CLIENT_SECRET" not in told
    User.objects.update(role=Role.ADMIN)
    told = page(browser.client.get("/meter/"))
    assert "SMARTDIALOG_CLIENT_SECRET" in told
    assert "AADB2C90081" in told
    assert "SMARTDIALOG_CLIENT_SECRET" in page(browser.client.get("/settings/system/"))

    throw(client_secret_expired=False)
    Connection.objects.update(blocked_until=None)  # half a minute later
    drain(mikko.connection.pk)

    waiting.refresh_from_db()
    assert (waiting.state, Connection.objects.get().wrong_setting) == ("done", "")


def test_a_wrong_secret_at_sign_in_names_the_setting_and_offers_no_second_try(browser, sandbox, throw):
    throw(client_secret_expired=True)

    told = page(sign_in(browser))

    assert "A setting of this dashboard is wrong" in told
    assert "<code>SMARTDIALOG_CLIENT_SECRET=…</code>" in told
    assert ours.SMARTDIALOG_CLIENT_SECRET not in told
    assert "Try again" not in told


def test_scopes_that_are_not_offered_name_their_setting(browser, sandbox, settings):
    settings.SMARTDIALOG_SCOPES = ["offline_access", "User.Wrong"]

    told = page(browser.come_back(_refused(browser)))

    assert "SMARTDIALOG_SCOPES=&#x27;offline_access User.Wrong&#x27;" in told
    assert "<q>AADB2C90117: The scope provided in the request is not supported.</q>" in told


def test_a_request_that_would_be_refused_again_is_told_with_its_reason(browser, sandbox, throw, settings):
    throw(require_pkce=True)
    address = browser.start().replace("code_challenge=", "left_out=").replace("left_out_method", "x")
    back = browser.http.get(address, allow_redirects=False, timeout=10).headers["Location"]

    told = page(browser.come_back(back))

    assert "It would most likely do so again" in told
    assert "must present a code_challenge" in told


@pytest.mark.parametrize("description", ["<script>alert(1)</script>", "x" * 5000, "AADB2C90118<i>", "\0\r\n"])
def test_what_the_way_back_says_is_cut_and_escaped(browser, sandbox, description):
    state = browser.start().partition("state=")[2].partition("&")[0]

    told = browser.client.get(
        "/oauth/callback/", {"state": state, "error": "invalid_request", "error_description": description}
    ).content.decode()

    assert "<script>alert" not in told
    assert "<i>" not in told
    assert "x" * 201 not in told


def test_one_token_that_can_be_had_shows_that_the_settings_are_right(browser, sandbox, throw):
    mikko = make_mikko(Role.ADMIN)
    sign_in(browser)
    drain(mikko.connection.pk)
    idle = User.objects.create(username="idle")
    make_connection(idle, wrong_setting="SMARTDIALOG_CLIENT_SECRET", wrong_setting_said="AADB2C90081")
    assert "Needs fixing" in page(browser.client.get("/settings/system/"))
    make_operation(mikko.connection)
    Connection.objects.filter(user=mikko).update(expires_at=clock.now())

    drain(mikko.connection.pk)

    assert "Needs fixing" not in page(browser.client.get("/settings/system/"))


def _refused(browser) -> str:
    return browser.http.get(browser.start(), allow_redirects=False, timeout=10).headers["Location"]


def test_a_forgotten_password_is_no_cancelled_sign_in(browser, sandbox, throw):
    throw(cancel_means="forgot_password")

    told = page(browser.come_back(browser.consent(browser.start(), cancel="1")))

    assert "Forgot your password" in told
    assert "You cancelled" not in told


def test_who_cancels_to_connect_is_signed_in_all_the_same(browser, sandbox):
    browser.client.force_login(User.objects.create_superuser("root", password="long-enough-to-count"))

    told = page(browser.come_back(browser.consent(browser.start(), cancel="1")))

    assert "<title>You are not connected" in told
    assert 'href="/connection/"' in told


@pytest.mark.parametrize(
    "switches",
    [
        {"token_sub": "literal"},
        {"token_sub": "missing"},
        {"token_oid": False},
        {"access_token_form": "opaque"},
        {"access_token_form": "opaque", "token_sub": "literal"},
        {"nonce_needs_openid": True},
    ],
    ids=str,
)
def test_two_people_stay_two_whatever_tokens_say_of_them(browser, sandbox, throw, switches):
    throw(**switches)

    for person in ("mikko", "nina", "mikko"):
        sign_in(browser, person)
        browser.client.logout()

    names = [(user.name, user.connection.access_token) for user in User.objects.order_by("name")]
    assert [name for name, _ in names] == ["Mikko Mäkinen", "Nina Newcomer"]
    assert names[0][1] != names[1][1]


def test_without_openid_no_nonce_is_sent_to_a_strict_service(browser, sandbox, throw, settings):
    settings.SMARTDIALOG_SCOPES = API_SCOPES
    throw(nonce_needs_openid=True)

    assert sign_in(browser).headers["Location"] == "/waiting/"


def test_an_opaque_token_without_openid_names_the_scope_to_add(browser, sandbox, throw, settings):
    settings.SMARTDIALOG_SCOPES = API_SCOPES
    throw(access_token_form="opaque")

    told = page(sign_in(browser))

    assert "did not say who you are" in told
    assert "SMARTDIALOG_SCOPES=&#x27;openid offline_access" in told
    assert not User.objects.exists()


def test_a_service_where_nobody_is_told_apart_lets_nobody_in(browser, sandbox, throw):
    throw(token_sub="literal", token_oid=False)

    assert "did not say who you are" in page(sign_in(browser))
    assert not User.objects.exists()


@pytest.mark.parametrize("known_by", ["sub", "oid"])
def test_who_was_known_by_sub_stays_the_same_when_oid_comes(browser, sandbox, throw, known_by):
    mikko = make_mikko()
    throw(**({"token_oid": False} if known_by == "sub" else {"token_sub": "missing"}))
    sign_in(browser)
    throw(token_oid=True, token_sub="person")

    sign_in(browser)

    assert User.objects.get() == mikko
    assert User.objects.get().object_id == MIKKO


@pytest.mark.parametrize("said", ['"3600.0"', "1000000000000", "-1", "null", '""', "NaN", "[1]", '"soon"'])
def test_a_token_lives_for_a_sensible_time_whatever_is_said_of_it(browser, sandbox, throw, said):
    throw(token_expires_in=said)

    sign_in(browser)

    life = (Connection.objects.get().expires_at - clock.now()).total_seconds()
    assert 3000 < life <= 86_400


@pytest.mark.parametrize("shape", ["list", "text"])
def test_a_token_reply_that_is_no_object_is_told_and_loses_nothing(browser, sandbox, throw, shape):
    mikko = make_mikko()
    sign_in(browser)
    waiting = make_operation(mikko.connection)
    throw(token_reply_shape=shape)

    told = sign_in(browser)
    Connection.objects.update(expires_at=clock.now())
    drain(mikko.connection.pk)

    assert told.status_code == 503
    assert "could not be read" in page(told)
    waiting.refresh_from_db()
    assert (waiting.state, Connection.objects.get().state) == ("waiting", ConnectionState.ACTIVE)
