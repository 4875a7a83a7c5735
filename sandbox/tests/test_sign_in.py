import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from django.test import Client

from sandbox import clock, switches
from sandbox.models import Person, RefreshToken
from sandbox.oauth import tokens
from sandbox.oauth.clients import API_SCOPES, SCOPE_PREFIX

pytestmark = pytest.mark.django_db

POLICY = "/arenafi.onmicrosoft.com/B2C_1A_SmartDialog_Integrations"
CALLBACK = "http://127.0.0.1:8000/oauth/callback/"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ALL_SCOPES = " ".join(("offline_access", *API_SCOPES))
REQUEST = {
    "client_id": "smartdialog-admin",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": ALL_SCOPES,
    "state": "opaque state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def authorize_url(**changes: str) -> str:
    return f"{POLICY}/oauth2/v2.0/authorize?{urlencode(REQUEST | changes)}"


def answer_of(response: Any) -> dict[str, str]:
    """What the browser carries back to the application."""
    assert response.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def code_for(client: Client, person: str = "aino", **changes: str) -> str:
    form = {"person": person, "password": "sandbox"}
    return answer_of(client.post(authorize_url(**changes), form))["code"]


def redeem(client: Client, **changes: str) -> Any:
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
        "client_id": "smartdialog-admin",
        "client_secret": "sandbox-secret",
        "code_verifier": VERIFIER,
    }
    return client.post(f"{POLICY}/oauth2/v2.0/token", form | changes)


def refresh(client: Client, token: str) -> Any:
    return redeem(client, grant_type="refresh_token", refresh_token=token)


def test_the_login_page_offers_every_demo_person_and_a_way_out(client: Client) -> None:
    page = client.get(authorize_url()).content.decode()

    for person in ("aino", "mikko", "vera", "otto", "nina"):
        assert f'data-testid="person-{person}"' in page
    assert 'data-testid="cancel-sign-in"' in page


def test_a_sign_in_returns_a_code_with_the_state_and_the_code_buys_tokens(client: Client) -> None:
    back = answer_of(client.post(authorize_url(), {"person": "aino", "password": "sandbox"}))

    reply = redeem(client, code=back["code"]).json()

    assert back["state"] == "opaque state"
    assert reply["token_type"] == "Bearer"
    assert reply["expires_in"] == 3600
    assert reply["refresh_token"]
    assert "id_token" not in reply
    assert reply["scope"] == " ".join(API_SCOPES)


def test_the_access_token_says_who_it_is_for_and_verifies_with_the_published_key(client: Client) -> None:
    token = redeem(client, code=code_for(client)).json()["access_token"]
    key = jwt.PyJWK(client.get(f"{POLICY}/discovery/v2.0/keys").json()["keys"][0])

    claims = jwt.decode(token, key, ["RS256"], options={"verify_aud": False})

    assert claims["sub"] == claims["oid"] == "11111111-1111-4111-8111-111111111111"
    assert claims["name"] == "Aino Aalto"
    assert claims["scp"].split() == [scope.removeprefix(SCOPE_PREFIX) for scope in API_SCOPES]
    assert {"iss", "exp", "nbf", "aud", "tfp", "azp", "ver", "iat"} <= claims.keys()


@pytest.mark.parametrize("part", [0.0, 0.001, 0.999])
def test_an_access_token_lives_no_shorter_than_its_reply_says(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: float
) -> None:
    switches.change({"access_token_seconds": 2})
    began = datetime.fromtimestamp(1_800_000_000 + part, tz=UTC)
    monkeypatch.setattr(clock, "now", lambda: began)
    token = redeem(client, code=code_for(client)).json()["access_token"]

    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=1.999))
    assert tokens.read(token)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=3))
    with pytest.raises(tokens.InvalidToken):
        tokens.read(token)


def test_openid_brings_an_id_token_with_the_nonce(client: Client) -> None:
    code = code_for(client, scope=f"openid {ALL_SCOPES}", nonce="n-1")

    reply = redeem(client, code=code).json()

    claims = jwt.decode(reply["id_token"], options={"verify_signature": False})
    assert claims["nonce"] == "n-1"
    assert claims["aud"] == "smartdialog-admin"


def test_openid_alone_brings_no_access_token(client: Client) -> None:
    reply = redeem(client, code=code_for(client, scope="openid offline_access")).json()

    assert "id_token" in reply
    assert "access_token" not in reply


def test_cancelling_returns_the_b2c_words_and_the_state(client: Client) -> None:
    back = answer_of(client.post(authorize_url(), {"cancel": "1"}))

    assert back["error"] == "access_denied"
    assert back["state"] == "opaque state"
    assert back["error_description"].startswith("AADB2C90091: ")
    assert "\r\nCorrelation ID: " in back["error_description"]
    assert "\r\nTimestamp: " in back["error_description"]


def test_a_wrong_password_keeps_the_person_on_the_page(client: Client) -> None:
    response = client.post(authorize_url(), {"person": "aino", "password": "guess"})

    assert response.status_code == 200
    assert "not known here" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"redirect_uri": "http://evil.example/oauth/callback/"}, "AADB2C90006"),
        ({"client_id": "someone"}, "AADB2C90018"),
        ({"client_id": ""}, "AADB2C90008"),
    ],
)
def test_an_unregistered_client_or_address_is_told_on_the_spot(
    client: Client, change: dict[str, str], code: str
) -> None:
    response = client.get(authorize_url(**change))

    assert response.status_code == 400
    assert code in response.content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scope": "https://elsewhere.example/Everything"}, "AADB2C90117"),
        ({"scope": ""}, "AADB2C90055"),
        ({"response_type": "token"}, "AADB2C90083"),
        ({"code_challenge_method": "plain"}, "AADB2C90184"),
    ],
)
def test_a_request_that_cannot_be_served_goes_back_with_the_reason(
    client: Client, change: dict[str, str], code: str
) -> None:
    assert answer_of(client.get(authorize_url(**change)))["error_description"].startswith(code)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code_verifier": "another"}, "AADB2C90183"),
        ({"code_verifier": ""}, "AADB2C90182"),
        ({"client_secret": ""}, "AADB2C90079"),
        ({"client_secret": "guess"}, "AADB2C90081"),
        ({"redirect_uri": "http://localhost:8000/oauth/callback/"}, "AADB2C90090"),
        ({"grant_type": "password"}, "AADB2C90086"),
        ({"code": ""}, "AADB2C90083"),
    ],
)
def test_a_wrong_token_request_is_a_400_with_the_b2c_code(
    client: Client, change: dict[str, str], code: str
) -> None:
    response = redeem(client, **({"code": code_for(client)} | change))

    assert response.status_code == 400
    assert response.json()["error_description"].startswith(f"{code}: ")


def test_a_code_works_once(client: Client) -> None:
    code = code_for(client)
    assert redeem(client, code=code).status_code == 200

    again = redeem(client, code=code)

    assert again.json()["error"] == "invalid_grant"
    assert again.json()["error_description"].startswith("AADB2C90090")


def test_a_code_ends_after_ten_minutes(client: Client) -> None:
    code = code_for(client)
    switches.change({"clock_offset_seconds": 601})

    assert redeem(client, code=code).json()["error_description"].startswith("AADB2C90080")


def test_a_refresh_gives_new_tokens_and_leaves_the_old_one_alive(client: Client) -> None:
    first = redeem(client, code=code_for(client)).json()["refresh_token"]

    second = refresh(client, first).json()["refresh_token"]

    assert second != first
    assert refresh(client, first).status_code == 200


def test_with_the_switch_a_refresh_token_used_twice_ends_the_whole_family(client: Client) -> None:
    switches.change({"reuse_revokes_family": True})
    first = redeem(client, code=code_for(client)).json()["refresh_token"]
    second = refresh(client, first).json()["refresh_token"]

    assert refresh(client, first).json()["error_description"].startswith("AADB2C90129")
    assert refresh(client, second).status_code == 400
    assert not RefreshToken.objects.filter(revoked_at=None).exists()


def test_rotation_can_be_switched_off_in_two_ways(client: Client) -> None:
    token = redeem(client, code=code_for(client)).json()["refresh_token"]

    switches.change({"refresh_rotation": "same"})
    assert refresh(client, token).json()["refresh_token"] == token
    switches.change({"refresh_rotation": "absent"})
    assert "refresh_token" not in refresh(client, token).json()


def test_numbers_can_be_strings_and_the_scope_can_be_missing(client: Client) -> None:
    switches.change({"token_numbers_as_text": True, "token_scope_reply": "missing"})

    reply = redeem(client, code=code_for(client)).json()

    assert reply["expires_in"] == "3600"
    assert "scope" not in reply


def test_a_person_may_allow_less_than_was_asked(client: Client) -> None:
    form = {"person": "aino", "password": "sandbox", "choose": "1", "grant": [SCOPE_PREFIX + "Gateway.Send"]}
    code = answer_of(client.post(authorize_url(), form))["code"]

    token = redeem(client, code=code).json()["access_token"]

    assert jwt.decode(token, options={"verify_signature": False})["scp"] == "Gateway.Send"


def test_the_control_page_expires_tokens_and_revokes_grants(client: Client) -> None:
    reply = redeem(client, code=code_for(client)).json()
    bearer = {"Authorization": f"Bearer {reply['access_token']}"}
    aino = Person.objects.get(username="aino")
    assert client.get("/api-integrations/v1/customers", headers=bearer).status_code == 200

    client.post(f"/_control/people/{aino.subject}/grants/", {"action": "expire"})
    assert client.get("/api-integrations/v1/customers", headers=bearer).status_code == 401
    assert refresh(client, reply["refresh_token"]).status_code == 200

    client.post(f"/_control/people/{aino.subject}/grants/", {"action": "revoke"})
    assert refresh(client, reply["refresh_token"]).json()["error_description"].startswith("AADB2C90129")
