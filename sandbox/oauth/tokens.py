"""Signed tokens: RS256 with a key that is made once and kept."""

import json
import math
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox import clock
from sandbox.db import write_transaction
from sandbox.models import Person, SigningKey
from sandbox.oauth.clients import AUDIENCE, CLIENT_ID, POLICY, TENANT_ID, short_scopes

ALGORITHM = "RS256"
KEY_ID = "sandbox-1"
OPAQUE_FORM = "opaque"
OPAQUE = "~"  # in place of a JWT's dots, in a token that says nothing
NO_SUB = "Not supported currently. Use oid claim."


class InvalidToken(Exception):
    """No token, a forged one, or one whose time is over."""


def access_token(person: Person, switches: dict[str, Any], *, scope: str, origin: str) -> str:
    """`who` is for us alone: what the token says of the person is a matter of switches."""
    claims = {"aud": AUDIENCE, "scp": " ".join(short_scopes(scope)), "generation": person.access_generation}
    is_opaque = switches["access_token_form"] == OPAQUE_FORM
    token = sign(person, claims | {"who": str(person.subject)}, switches, origin=origin)
    return token[::-1].replace(".", OPAQUE) if is_opaque else token


def id_token(person: Person, switches: dict[str, Any], *, nonce: str, origin: str) -> str:
    claims = {"aud": CLIENT_ID} | ({"nonce": nonce} if nonce else {})
    return sign(person, claims, switches, origin=origin)


def read(token: str) -> dict[str, Any]:
    """The claims of an access token that is good now, by the platform's clock."""
    try:
        checks = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        told = token if "." in token else token.replace(OPAQUE, ".")[::-1]
        claims = jwt.decode(told, public_key(), [ALGORITHM], audience=AUDIENCE, options=checks)  # type: ignore[arg-type]
        UUID(claims["who"])
    except (jwt.InvalidTokenError, ValueError, KeyError) as error:
        raise InvalidToken("not a token of ours") from error
    if not claims["nbf"] <= clock.now().timestamp() < claims["exp"]:
        raise InvalidToken("expired")
    return claims


def published_keys() -> dict[str, Any]:
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public_key()))
    return {
        "keys": [{"kid": KEY_ID, "use": "sig", "alg": ALGORITHM, "kty": "RSA", "n": key["n"], "e": key["e"]}]
    }


def issuer(origin: str) -> str:
    return f"{origin}/{TENANT_ID}/v2.0/"


def sign(person: Person, claims: dict[str, Any], switches: dict[str, Any], *, origin: str) -> str:
    now = clock.now().timestamp()
    # it lives no shorter than its reply says
    began, ends = math.floor(now), math.ceil(now) + switches["access_token_seconds"]
    who = identity(person, switches) | {"name": person.name, "tfp": POLICY, "azp": CLIENT_ID, "ver": "1.0"}
    when = {"iat": began, "nbf": began, "exp": ends}
    return jwt.encode(
        {"iss": issuer(origin), **who, **when, **claims}, private_key(), ALGORITHM, headers={"kid": KEY_ID}
    )


def identity(person: Person, switches: dict[str, Any]) -> dict[str, str]:
    """The claims that tell people apart, where they do."""
    subject = str(person.subject)
    subs = {"person": {"sub": subject}, "literal": {"sub": NO_SUB}, "missing": {}}
    return subs[switches["token_sub"]] | ({"oid": subject} if switches["token_oid"] else {})


def public_key() -> rsa.RSAPublicKey:
    return private_key().public_key()


@lru_cache(maxsize=1)
def private_key() -> rsa.RSAPrivateKey:
    with write_transaction():
        kept = SigningKey.objects.first() or SigningKey.objects.create(private_pem=new_pem())
    key = serialization.load_pem_private_key(kept.private_pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def new_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
