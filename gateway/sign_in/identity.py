"""Who signed in: by the id_token, else by the access token, else by the sign-in service's userinfo."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings

from gateway import clock
from gateway.sign_in import oauth
from gateway.sign_in.oauth import SignInFailed, Tokens
from gateway.sign_in.sign_in_faults import CLOCK, NOBODY_NAMED, NOT_OURS, line_with_scopes, mending_line

LONGEST = 200  # characters that the database takes
# Tokens of Microsoft's may be from one of these, whatever the address that they were asked at.
MICROSOFT = ("login.microsoftonline.com", "sts.windows.net")
SHORTEST = 4  # characters of what tells people apart, unless it is a number
NOBODY = {  # words without their signs: "N/A" and "not-supported" are among them
    *("anonymous", "default", "empty", "false", "guest", "invalid", "missing", "none", "null", "nobody"),
    *("notapplicable", "notavailable", "notset", "notsupported", "public", "subject", "true", "undefined"),
    *("unavailable", "unknown", "unspecified", "unsupported", "useoid", "user", "username"),
}


@dataclass(frozen=True)
class Identity:
    """`subject`: sub where it can tell people apart, else oid; `object_id`: oid, or empty."""

    subject: str
    name: str
    object_id: str = ""


def identity_of(tokens: Tokens, *, nonce: str) -> Identity:
    """The first oid that any of the tokens has, and the first sub; the service is asked where there is none.
    Raises SignInFailed, or GatewayError.

    All came straight from the sign-in service, which TLS and the client secret vouch for (OpenID Connect
    Core 3.1.3.7); an id_token must still be for us, for now, and for this sign-in.
    """
    found = list(_of_tokens(tokens, nonce))
    if not (_first(found, "oid") or _first(found, "sub")):
        found.append(oauth.userinfo(tokens.access_token))
    sub, oid = _first(found, "sub"), _first(found, "oid")
    if sub or oid:
        return Identity(sub or oid, _name(found), oid)
    line = mending_line("SMARTDIALOG_USERINFO_URL") if oauth.asks_who() else line_with_scopes("openid")
    raise SignInFailed(
        "SmartDialog did not say who you are",
        code=NOBODY_NAMED,
        setting="SMARTDIALOG_USERINFO_URL" if oauth.asks_who() else "SMARTDIALOG_SCOPES",
        line=line,
    )


def _of_tokens(tokens: Tokens, nonce: str) -> Iterator[dict[str, Any]]:
    if tokens.id_token:
        yield _id_claims(tokens.id_token, nonce)
    yield _claims(tokens.access_token)


def _first(found: Sequence[dict[str, Any]], claim: str) -> str:
    return next(filter(None, (_told(claims.get(claim)) for claims in found)), "")


def _name(found: Sequence[dict[str, Any]]) -> str:
    names = (claims.get("name") for claims in found)
    return next((_text(name)[:200] for name in names if name and isinstance(name, str)), "")


def _told(claim: Any) -> str:
    """What tells one person from all others; empty for a sentence, or a word that anybody may have.

    Azure AD B2C's samples have “Not supported currently. Use oid claim.” for everybody's sub.
    """
    if not isinstance(claim, str) or not claim or not claim.isprintable() or " " in claim:
        return ""
    if _is_anybody(claim) or claim == settings.SMARTDIALOG_CLIENT_ID:
        return ""
    return claim if len(claim) <= LONGEST else f"sha256:{hashlib.sha256(claim.encode()).hexdigest()}"


def _is_anybody(claim: str) -> bool:
    plain = "".join(filter(str.isalnum, claim.casefold()))
    is_number = plain.isdigit() and plain.strip("0")
    return plain in NOBODY or not plain.strip("0") or (len(plain) < SHORTEST and not is_number)


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
    except jwt.ExpiredSignatureError as error:
        here = clock.now().strftime("%Y-%m-%d %H:%M:%S UTC")
        raise SignInFailed(f"it is {here} by the clock of this host: {error}", code=CLOCK) from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise SignInFailed(f"the id_token is not for us: {error}", code=NOT_OURS) from error
    _check_issuer(claims["iss"])
    if (claims.get("nonce") or "") != nonce:
        raise SignInFailed("the id_token belongs to another sign-in", code=NOT_OURS)
    return claims


def _check_issuer(issuer: Any) -> None:
    host = _host(issuer) or ""
    known = {_host(settings.SMARTDIALOG_TOKEN_URL), _host(settings.SMARTDIALOG_ISSUER), *MICROSOFT}
    if host in known or host.endswith(".b2clogin.com"):
        return
    line = mending_line("SMARTDIALOG_ISSUER", f"https://{host}" if host else "")
    words = f"the id_token is from another sign-in service, {host[:100] or 'without a name'}"
    raise SignInFailed(words, code=NOT_OURS, setting="SMARTDIALOG_ISSUER" if host else "", line=line)


def _host(url: Any) -> str | None:
    try:
        return urlsplit(_text(url)).hostname if isinstance(url, str) else None
    except ValueError:
        return None


def _claims(token: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
