"""Who signed in: by the id_token, else by the access token, else by the sign-in service's userinfo."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings

from gateway import oauth
from gateway.oauth import SignInFailed, Tokens
from gateway.sign_in_faults import line_with_scopes, mending_line

LONGEST = 200  # characters that the database takes
# Tokens of Microsoft's may be from one of these, whatever the address that they were asked at.
MICROSOFT = ("login.microsoftonline.com", "sts.windows.net")
NOBODY = {"null", "none", "undefined", "unknown", "anonymous", "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True)
class Identity:
    """`subject`: sub where it can tell people apart, else oid; `object_id`: oid, or empty."""

    subject: str
    name: str
    object_id: str = ""


def identity_of(tokens: Tokens, *, nonce: str) -> Identity:
    """From the first of the three that says who it is. Raises SignInFailed, or GatewayError.

    All came straight from the sign-in service, which TLS and the client secret vouch for (OpenID Connect
    Core 3.1.3.7); an id_token must still be for us, for now, and for this sign-in.
    """
    for claims in _sources(tokens, nonce):
        sub, oid = _told(claims.get("sub")), _told(claims.get("oid"))
        if sub or oid:
            name = claims.get("name")
            return Identity(sub or oid, _text(name)[:200] if isinstance(name, str) else "", oid)
    line = mending_line("SMARTDIALOG_USERINFO_URL") if oauth.asks_who() else line_with_scopes("openid")
    raise SignInFailed(
        "SmartDialog did not say who you are",
        code="no-identity",
        setting="SMARTDIALOG_USERINFO_URL" if oauth.asks_who() else "SMARTDIALOG_SCOPES",
        line=line,
    )


def _sources(tokens: Tokens, nonce: str) -> Iterator[dict[str, Any]]:
    if tokens.id_token:
        yield _id_claims(tokens.id_token, nonce)
    yield _claims(tokens.access_token)
    yield oauth.userinfo(tokens.access_token)


def _told(claim: Any) -> str:
    """What tells one person from all others; empty for a sentence, or a word that anybody may have.

    Azure AD B2C's samples have “Not supported currently. Use oid claim.” for everybody's sub.
    """
    if not isinstance(claim, str) or not claim or not claim.isprintable() or " " in claim:
        return ""
    if claim.casefold() in NOBODY or claim == settings.SMARTDIALOG_CLIENT_ID:
        return ""
    return claim if len(claim) <= LONGEST else f"sha256:{hashlib.sha256(claim.encode()).hexdigest()}"


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def _id_claims(token: str, nonce: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            options={
                "verify_signature": False,
                "verify_exp": True,
                "verify_aud": True,
                "require": ["exp", "aud", "iss"],
            },
            audience=settings.SMARTDIALOG_CLIENT_ID,
            leeway=120,
        )
    except jwt.PyJWTError as error:
        raise SignInFailed(f"the id_token is not for us: {error}", code="id-token") from error
    _check_issuer(claims["iss"])
    if (claims.get("nonce") or "") != nonce:
        raise SignInFailed("the id_token belongs to another sign-in", code="id-token")
    return claims


def _check_issuer(issuer: Any) -> None:
    host = _host(issuer) or ""
    known = {_host(settings.SMARTDIALOG_TOKEN_URL), _host(settings.SMARTDIALOG_ISSUER), *MICROSOFT}
    if host in known or host.endswith(".b2clogin.com"):
        return
    line = mending_line("SMARTDIALOG_ISSUER", f"https://{host}" if host else "")
    words = f"the id_token is from another sign-in service, {host[:100] or 'without a name'}"
    raise SignInFailed(words, code="id-token", setting="SMARTDIALOG_ISSUER" if host else "", line=line)


def _host(url: Any) -> str | None:
    try:
        return urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None


def _claims(token: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
