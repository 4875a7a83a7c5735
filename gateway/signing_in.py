"""Signing in with SmartDialog: authorization code with PKCE S256 and state, one record per tab."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import urlsplit

import jwt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts import audit, renaming
from accounts.models import User
from gateway import oauth
from gateway.models import Connection, ConnectionState
from gateway.oauth import SignInFailed, Tokens
from gateway.wake_up import wake_drain

SESSION_KEY = "sign_ins"
PENDING_SECONDS = 600  # seconds, as B2C's codes do
MAX_PENDING = 5


class PendingSignIn(TypedDict):
    """A sign-in on its way, as the session holds it; `at` is seconds since the epoch."""

    verifier: str
    nonce: str
    next: str
    at: float
    join: int | None  # the account, signed in by password, whose person said that the identity is theirs


class UnknownState(Exception):
    """The way back does not belong to a sign-in that this browser began, or began too long ago."""


class Deactivated(Exception):
    """An admin ended this person's access: their new grant is not kept."""


@dataclass(frozen=True)
class Identity:
    subject: str
    name: str


def begin(session: SessionBase, *, next_path: str, join: int | None = None) -> str:
    """Remember this sign-in and return the address to send the person to."""
    state, verifier, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    begun = dict(list(session.get(SESSION_KEY, {}).items())[-(MAX_PENDING - 1) :])
    begun[state] = {"verifier": verifier, "nonce": nonce, "next": next_path, "at": time.time(), "join": join}
    session[SESSION_KEY] = begun
    return oauth.authorize_url(state=state, challenge=_challenge(verifier), nonce=nonce)


def take_pending(session: SessionBase, state: str) -> PendingSignIn:
    """The sign-in that `state` belongs to, which cannot be used again. Raises UnknownState."""
    begun = session.get(SESSION_KEY, {})
    ours: PendingSignIn | None = begun.pop(state, None) if state else None
    session[SESSION_KEY] = begun
    if ours is None or time.time() - ours["at"] > PENDING_SECONDS:
        raise UnknownState
    return ours


def identity_of(tokens: Tokens, *, nonce: str) -> Identity:
    """From the id_token when one is given, else from the access token's claims. Raises SignInFailed.

    Both came straight from the token service, which TLS and the client secret vouch for
    (OpenID Connect Core 3.1.3.7); an id_token must still be for us, for now, and for this sign-in.
    """
    claims = _id_claims(tokens.id_token, nonce) if tokens.id_token else _claims(tokens.access_token)
    subject = claims.get("sub") or claims.get("oid")
    if not isinstance(subject, str) or not subject:
        raise SignInFailed("SmartDialog did not say who you are", code="no-identity")
    name = claims.get("name")
    return Identity(subject=subject[:200], name=(name if isinstance(name, str) else "")[:200])


@transaction.atomic
def get_or_create_user(identity: Identity, tokens: Tokens, *, signed_in: User | None) -> User:
    """The person, made when new (then waiting for an admin), with their grant stored.

    `signed_in`: who is signed in by password, has no SmartDialog identity, and said that this is theirs.
    Raises Deactivated.
    """
    user = User.objects.filter(subject=identity.subject).first()
    if user is None and signed_in is not None and signed_in.subject is None:
        user = signed_in
        User.objects.filter(pk=user.pk).update(subject=identity.subject)
        audit.record(actor=user, customer=None, verb="person.identity_joined", subject=user)
    if user is None:
        user = _new_user(identity)
    if not user.is_active:
        raise Deactivated
    renaming.follow_sign_in(user, identity.name)
    _store_grant(user, identity, tokens)
    return user


def _new_user(identity: Identity) -> User:
    """Made once, even when two tabs come back at the same moment."""
    name = renaming.free_form(identity.name)
    defaults = {
        "username": identity.subject[:150],
        "name": name,
        "named_by_sign_in": bool(name),
        "password": make_password(None),
    }
    user, made = User.objects.get_or_create(subject=identity.subject, defaults=defaults)
    if made:
        audit.record(actor=user, customer=None, verb="person.asked_to_join", subject=user)
    return user


def _store_grant(user: User, identity: Identity, tokens: Tokens) -> None:
    connection, made = Connection.objects.get_or_create(
        user=user, defaults={"subject": identity.subject, "expires_at": tokens.expires_at}
    )
    Connection.objects.filter(pk=connection.pk).update(
        subject=identity.subject,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
        scopes=tokens.scopes,
        token_version=connection.token_version + 1,
        refreshing_until=None,
    )
    lost = Connection.objects.without_grant().filter(pk=connection.pk)
    if lost.update(state=ConnectionState.ACTIVE, state_reason="", blocked_until=None) or made:
        audit.record(actor=user, customer=None, verb="connection.made", subject=connection)
    wake_drain(connection)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _id_claims(token: str, nonce: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(
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
    if _host(claims["iss"]) != _host(settings.SMARTDIALOG_TOKEN_URL):
        raise SignInFailed("the id_token is from another sign-in service", code="id-token")
    if claims.get("nonce") != nonce:
        raise SignInFailed("the id_token belongs to another sign-in", code="id-token")
    return claims


def _host(url: Any) -> str | None:
    return urlsplit(url).hostname if isinstance(url, str) else None


def _claims(token: str) -> dict[str, Any]:
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return {}
