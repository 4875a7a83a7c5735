"""Redeeming codes and refresh tokens, each by a compare-and-swap update that only one caller wins."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F

from sandbox import clock
from sandbox.models import AuthorizationCode, Person, RefreshToken
from sandbox.oauth import tokens
from sandbox.oauth.clients import SIGN_IN_SCOPES, short_scopes
from sandbox.oauth.errors import OAuthError


def redeem_code(form: Mapping[str, str], switches: dict[str, Any], *, origin: str) -> dict[str, Any]:
    code = AuthorizationCode.objects.select_related("person").filter(code=required(form, "code")).first()
    now = clock.now()
    if code is None or code.redirect_uri != form.get("redirect_uri"):
        raise OAuthError("invalid_grant", "AADB2C90090")
    if code.expires_at <= now:
        raise OAuthError("invalid_grant", "AADB2C90080")
    check_pkce_verifier(code.code_challenge, form.get("code_verifier", ""))
    if not AuthorizationCode.objects.filter(code=code.code, used_at=None).update(used_at=now):
        raise OAuthError("invalid_grant", "AADB2C90090")
    reply = token_reply(code.person, switches, scope=code.scope, nonce=code.nonce, origin=origin)
    if "offline_access" in code.scope.split() and switches["grants_offline_access"]:
        reply |= new_refresh_token(code, switches)
    return reply


def refresh(form: Mapping[str, str], switches: dict[str, Any], *, origin: str) -> dict[str, Any]:
    old = RefreshToken.objects.select_related("person").filter(token=required(form, "refresh_token")).first()
    now = clock.now()
    if old is None:
        raise OAuthError("invalid_grant", "AADB2C90088")
    if old.revoked_at is not None:
        raise OAuthError("invalid_grant", "AADB2C90129")
    if old.expires_at <= now:
        raise OAuthError("invalid_grant", "AADB2C90080")
    first_use = RefreshToken.objects.filter(token=old.token, used_at=None).update(used_at=now)
    if not first_use and switches["reuse_revokes_family"]:
        revoke(family=old.family)
        raise OAuthError("invalid_grant", "AADB2C90129")
    reply = token_reply(old.person, switches, scope=old.scope, nonce="", origin=origin)
    return reply | rotate(old, switches)


def revoke(**which: Any) -> int:
    """Revoke the refresh tokens that match; access tokens live on, as at B2C."""
    return RefreshToken.objects.filter(revoked_at=None, **which).update(revoked_at=clock.now())


def end_sessions(person: Person, *, for_good: bool) -> None:
    """Expire the person's access tokens, which a refresh mends; for good, revoke the grants too."""
    Person.objects.filter(pk=person.pk).update(access_generation=F("access_generation") + 1)
    if for_good:
        revoke(person=person)


def check_pkce_verifier(challenge: str, verifier: str) -> None:
    if not challenge:
        return
    if not verifier:
        raise OAuthError("invalid_grant", "AADB2C90182")
    digest = hashlib.sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
        raise OAuthError("invalid_grant", "AADB2C90183")


def token_reply(
    person: Person, switches: dict[str, Any], *, scope: str, nonce: str, origin: str
) -> dict[str, Any]:
    """An API scope brings an access token, `openid` an id_token; without either there is nothing to give."""
    seconds = switches["access_token_seconds"]
    now = int(clock.now().timestamp())
    reply: dict[str, Any] = {"token_type": "Bearer", "not_before": now} | scope_shown(scope, switches)
    if short_scopes(scope):
        token = tokens.access_token(person, switches, scope=scope, origin=origin)
        reply |= {"access_token": token, "expires_in": seconds, "expires_on": now + seconds}
    if "openid" in scope.split():
        reply |= {"id_token": tokens.id_token(person, switches, nonce=nonce, origin=origin)}
        reply |= {"id_token_expires_in": seconds}
    return reply


def scope_shown(scope: str, switches: dict[str, Any]) -> dict[str, str]:
    api_only = " ".join(part for part in scope.split() if part not in SIGN_IN_SCOPES)
    texts = {"without_offline_access": api_only, "full": scope, "empty": ""}
    shown = texts.get(switches["token_scope_reply"])
    return {} if shown is None else {"scope": shown}


def rotate(old: RefreshToken, switches: dict[str, Any]) -> dict[str, Any]:
    match switches["refresh_rotation"]:
        case "absent":
            return {}
        case "same":
            return {"refresh_token": old.token, "refresh_token_expires_in": lifetime(switches)}
    return new_refresh_token(old, switches)


def new_refresh_token(grant: AuthorizationCode | RefreshToken, switches: dict[str, Any]) -> dict[str, Any]:
    seconds = lifetime(switches)
    token = RefreshToken.objects.create(
        token=secrets.token_urlsafe(60),
        person=grant.person,
        family=grant.family,
        scope=grant.scope,
        expires_at=clock.now() + timedelta(seconds=seconds),
    )
    return {"refresh_token": token.token, "refresh_token_expires_in": seconds}


def lifetime(switches: dict[str, Any]) -> int:
    return int(switches["refresh_token_days"]) * 24 * 3600


def required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", "AADB2C90083")
    return form[name]
