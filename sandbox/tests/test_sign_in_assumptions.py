"""What the sign-in's documents leave unsaid, with its switch thrown the other way."""

from typing import Any

import jwt
import pytest
from django.test import Client

from sandbox import switches
from sandbox.tests.callers import API
from sandbox.tests.test_sign_in import ALL_SCOPES, answer_of, authorize_url, code_for, redeem

pytestmark = pytest.mark.django_db


def claims_of(reply: dict[str, Any]) -> dict[str, Any]:
    return jwt.decode(reply["access_token"], options={"verify_signature": False})


def status_with(client: Client, token: str) -> int:
    return client.get(f"{API}/customers", headers={"Authorization": f"Bearer {token}"}).status_code


def test_offline_access_may_bring_no_refresh_token(client: Client) -> None:
    switches.change({"grants_offline_access": False})

    assert "refresh_token" not in redeem(client, code=code_for(client)).json()


def test_a_secret_may_have_expired(client: Client) -> None:
    code = code_for(client)
    switches.change({"client_secret_expired": True})

    answer = redeem(client, code=code)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    assert answer.json()["error_description"].startswith("AADB2C90081")


def test_an_access_token_may_say_nothing_and_opens_all_the_same(client: Client) -> None:
    switches.change({"access_token_form": "opaque"})

    token = redeem(client, code=code_for(client)).json()["access_token"]

    with pytest.raises(jwt.PyJWTError):
        jwt.decode(token, options={"verify_signature": False})
    assert status_with(client, token) == 200


@pytest.mark.parametrize(
    ("sub", "oid", "told"),
    [
        ("literal", True, {"sub": "Not supported currently. Use oid claim.", "oid": "1" * 8}),
        ("missing", True, {"oid": "1" * 8}),
        ("person", False, {"sub": "1" * 8}),
        ("missing", False, {}),
    ],
)
def test_tokens_may_tell_people_apart_by_one_claim_or_none(
    client: Client, sub: str, oid: bool, told: dict[str, str]
) -> None:
    switches.change({"token_sub": sub, "token_oid": oid})

    reply = redeem(client, code=code_for(client)).json()

    said = {name: text for name, text in claims_of(reply).items() if name in ("sub", "oid")}
    assert said.keys() == told.keys()
    assert all(said[name].startswith(text) for name, text in told.items())
    assert status_with(client, reply["access_token"]) == 200


def test_a_nonce_may_need_openid(client: Client) -> None:
    switches.change({"nonce_needs_openid": True})
    form = {"person": "aino", "password": "sandbox"}

    refused = answer_of(client.post(authorize_url(nonce="n"), form))
    taken = answer_of(client.post(authorize_url(nonce="n", scope=f"openid {ALL_SCOPES}"), form))

    assert refused["error"] == "invalid_request"
    assert "code" in taken


@pytest.mark.parametrize(
    ("said", "read"), [("null", None), ("-1", -1), ('"3600.0"', "3600.0"), ("soon", "soon")]
)
def test_a_life_may_be_said_in_any_way(client: Client, said: str, read: object) -> None:
    switches.change({"token_expires_in": said})

    assert redeem(client, code=code_for(client)).json()["expires_in"] == read


@pytest.mark.parametrize(("shape", "kind"), [("list", list), ("text", str)])
def test_a_token_reply_may_be_no_object(client: Client, shape: str, kind: type) -> None:
    switches.change({"token_reply_shape": shape})

    assert isinstance(redeem(client, code=code_for(client)).json(), kind)


def test_the_cancel_button_may_mean_a_forgotten_password(client: Client) -> None:
    switches.change({"cancel_means": "forgot_password"})

    back = answer_of(client.post(authorize_url(), {"cancel": "1"}))

    assert (back["error"], back["error_description"][:11]) == ("access_denied", "AADB2C90118")
