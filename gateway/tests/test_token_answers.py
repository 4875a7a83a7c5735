"""What the token endpoint may answer: read where it has a sense, else told in words, and never a crash."""

import json
from collections.abc import Iterator

import pytest
import responses
from django.conf import settings

from gateway import clock
from gateway.sign_in import oauth
from gateway.sign_in.oauth import SignInFailed
from gateway.smartdialog.errors import GrantLost, ServerFault, UnexpectedResponse, WrongSetting

GOOD = {"access_token": "a.b.c", "refresh_token": "r", "expires_in": 3600, "token_type": "Bearer"}


@pytest.fixture
def service() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def answers(service, body, status=200):
    text = body if isinstance(body, str) else json.dumps(body)
    service.post(settings.SMARTDIALOG_TOKEN_URL, body=text, status=status)


@pytest.mark.parametrize("scope", [["a", "b"], "a b", None, 7, [None, {}], {"a": 1}])
@pytest.mark.parametrize("kind", ["Bearer", "mac", None, 7, ["Bearer"]])
def test_scopes_and_kinds_of_any_form_are_taken(service, scope, kind):
    answers(service, GOOD | {"scope": scope, "token_type": kind})

    tokens = oauth.refresh("r")

    assert tokens.access_token == "a.b.c"
    assert tokens.scopes.split() == (["a", "b"] if scope in (["a", "b"], "a b") else [])


@pytest.mark.parametrize(
    "life", ["9" * 5000, 10**400, True, False, {}, [3600], "1e9", "-0", 0, -(10**9), "٣٦٠٠x", float("inf")]
)
def test_a_life_that_cannot_be_is_the_usual_or_the_longest(service, life):
    answers(service, GOOD | {"expires_in": life})

    seconds = (oauth.refresh("r").expires_at - clock.now()).total_seconds()
    assert 3000 < seconds <= oauth.LONGEST_LIFE


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[1]",
        "7",
        '"ok"',
        "{}",
        "",
        "<html>",
        "[" * 100_000,
        '{"access_token": null}',
        '{"access_token": ["a"]}',
        '{"access_token": "a\\nb"}',
        '{"access_token": " "}',
        '{"access_token": "ä"}',
        "\ufeff{}",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 429])
def test_an_answer_without_a_token_is_a_fault_that_may_pass(service, body, status):
    answers(service, body, status)

    with pytest.raises(UnexpectedResponse):
        oauth.refresh("r")


@pytest.mark.parametrize(
    ("error", "said", "setting"),
    [
        ("invalid_client", "", "SMARTDIALOG_CLIENT_SECRET"),
        ("invalid_client", "AADB2C90081: The specified client_secret", "SMARTDIALOG_CLIENT_SECRET"),
        ("invalid_grant", "AADB2C90081: The specified client_secret", "SMARTDIALOG_CLIENT_SECRET"),
        ("invalid_client", "AADSTS7000222: The provided client secret keys", "SMARTDIALOG_CLIENT_SECRET"),
        ("unauthorized_client", "", "SMARTDIALOG_CLIENT_ID"),
        ("invalid_request", "AADB2C90018: The client id", "SMARTDIALOG_CLIENT_ID"),
        ("invalid_scope", "who knows", "SMARTDIALOG_SCOPES"),
        ("invalid_request", "AADB2C90117: The scope", "SMARTDIALOG_SCOPES"),
        ("invalid_request", "AADB2C90006: The redirect URI", "PUBLIC_URL"),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 200])
def test_what_is_a_setting_of_ours_names_it_and_keeps_the_grant(service, error, said, setting, status):
    answers(service, {"error": error, "error_description": said}, status)

    with pytest.raises(WrongSetting) as refusal:
        oauth.refresh("r")

    assert refusal.value.setting == setting


@pytest.mark.parametrize(
    ("status", "setting"), [(401, "SMARTDIALOG_CLIENT_SECRET"), (404, "SMARTDIALOG_TOKEN_URL")]
)
def test_a_page_in_place_of_an_answer_names_a_setting_by_its_status(service, status, setting):
    answers(service, "<h1>No</h1>", status)

    with pytest.raises(SignInFailed) as refusal:
        oauth.exchange_code("c", verifier="v")

    assert refusal.value.setting == setting


@pytest.mark.parametrize(
    "reply",
    [
        {"error": "invalid_grant"},
        {"error": "invalid_grant", "error_description": None},
        {"error": "interaction_required"},
        {"error": "invalid_request", "error_description": "AADB2C90080: The provided grant has expired."},
    ],
)
def test_a_dead_grant_is_lost(service, reply):
    answers(service, reply, 400)

    with pytest.raises(GrantLost):
        oauth.refresh("r")


@pytest.mark.parametrize("error", [None, 7, ["invalid_grant"], {"code": 7}, "x" * 10_000, "a\r\nb\0c"])
def test_an_error_of_any_form_is_no_crash(service, error):
    answers(service, {"error": error, "error_description": error}, 400)

    with pytest.raises(SignInFailed) as refusal:
        oauth.exchange_code("c", verifier="v")

    assert len(refusal.value.code) <= 40
    assert refusal.value.code.isprintable()


def test_what_was_said_is_logged_without_what_it_may_hold_of_a_person(service, caplog):
    answers(
        service, {"error": "invalid_request", "error_description": "nonce is not allowed, +358401234567"}, 400
    )

    with pytest.raises(SignInFailed):
        oauth.exchange_code("c", verifier="v")

    assert "nonce is not allowed" in caplog.text
    assert "+358401234567" not in caplog.text


def test_a_service_that_is_down_is_no_setting_of_ours(service):
    answers(service, {"error": "invalid_client"}, 503)

    with pytest.raises(ServerFault):
        oauth.refresh("r")


def test_only_who_signed_in_and_no_scope_of_the_api_is_a_matter_of_scopes(service):
    answers(service, {"id_token": "a.b.c", "token_type": "Bearer"})

    with pytest.raises(SignInFailed) as refusal:
        oauth.exchange_code("c", verifier="v")

    assert refusal.value.setting == "SMARTDIALOG_SCOPES"
