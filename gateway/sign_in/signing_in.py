"""Signing in with SmartDialog: authorization code with PKCE S256 and state, one record per tab."""

import base64
import hashlib
import secrets
from typing import Any, TypedDict

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.db import clock
from accounts.models import User
from accounts.people import renaming
from accounts.trail import audit
from gateway.models import Connection, ConnectionState
from gateway.sign_in import oauth
from gateway.sign_in.identity import Identity
from gateway.sign_in.oauth import Tokens
from gateway.workers.wake_up import wake_drain

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

    def __init__(self, user: User) -> None:
        super().__init__(str(user))
        self.user = user


def begin(session: SessionBase, *, next_path: str, join: int | None = None) -> str:
    """Remember this sign-in and return the address to send the person to."""
    state, verifier, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    nonce = nonce if oauth.asks_who() else ""
    begun = dict(list(session.get(SESSION_KEY, {}).items())[-(MAX_PENDING - 1) :])
    at = clock.now().timestamp()
    begun[state] = {"verifier": verifier, "nonce": nonce, "next": next_path, "at": at, "join": join}
    session[SESSION_KEY] = begun
    return oauth.authorize_url(state=state, challenge=_challenge(verifier), nonce=nonce)


def take_pending(session: SessionBase, state: str) -> PendingSignIn:
    """The sign-in that `state` belongs to, which cannot be used again. Raises UnknownState.

    Of a state that is nobody's nothing is written: a stranger would leave a session with each.
    """
    begun = session.get(SESSION_KEY, {})
    ours: PendingSignIn | None = begun.pop(state, None)
    if ours is None:
        raise UnknownState
    session[SESSION_KEY] = begun
    if clock.now().timestamp() - ours["at"] > PENDING_SECONDS:
        raise UnknownState
    return ours


@transaction.atomic
def get_or_create_user(identity: Identity, tokens: Tokens, *, signed_in: User | None) -> User:
    """The person, made when new (then waiting for an admin), with their grant stored.

    `signed_in`: who is signed in by password, has no SmartDialog identity, and said that this is theirs.
    Raises Deactivated.
    """
    user = _known(identity)
    if user is None and signed_in is not None and signed_in.subject is None:
        user = _named(signed_in, identity)
        audit.record(actor=user, customer=None, verb="person.identity_joined", subject=user)
    if user is None:
        user = _new_user(identity)
    if not user.is_active:
        raise Deactivated(user)
    renaming.follow_sign_in(user, identity.name)
    _store_grant(user, identity, tokens)
    return user


def _known(identity: Identity) -> User | None:
    """By oid, else by what they were stored under before an oid came; never somebody with another oid."""
    oid = identity.object_id
    if not oid:
        return User.objects.filter(subject=identity.subject).first()
    if found := User.objects.filter(object_id=oid).first():
        return found
    unnamed = User.objects.filter(object_id=None)
    found = unnamed.filter(subject=oid).first() or unnamed.filter(subject=identity.subject).first()
    if found and unnamed.filter(pk=found.pk).update(object_id=oid):
        found.object_id = oid
        return found
    return None


def _named(user: User, identity: Identity) -> User:
    user.subject, user.object_id = _free_subject(identity), identity.object_id or None
    user.save(update_fields=["subject", "object_id"])
    return user


def _new_user(identity: Identity) -> User:
    """Made once, even when two tabs come back at the same moment."""
    subject, name = _free_subject(identity), renaming.free_form(identity.name)
    key: dict[str, Any] = {"object_id": identity.object_id} if identity.object_id else {"subject": subject}
    defaults = {
        "subject": subject,
        "username": _free_username(subject),
        "name": name,
        "named_by_sign_in": bool(name),
        "password": make_password(None),
    }
    user, made = User.objects.get_or_create(**key, defaults=defaults)
    if made:
        audit.record(actor=user, customer=None, verb="person.asked_to_join", subject=user)
    return user


def _free_subject(identity: Identity) -> str:
    """A sub that another oid came with, too, tells nobody apart: then neither goes by it."""
    other = User.objects.filter(subject=identity.subject).first()
    if other is None or not identity.object_id:
        return identity.subject
    if other.object_id:
        User.objects.filter(pk=other.pk).update(subject=other.object_id)
    return identity.object_id


def _free_username(subject: str) -> str:
    """A subject may be somebody's username, or begin like another that is as long."""
    name = subject[:150]
    return f"{name[:100]}-{secrets.token_hex(8)}" if User.objects.filter(username=name).exists() else name


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
    Connection.objects.all().accept_settings()
    lost = Connection.objects.without_grant().filter(pk=connection.pk)
    if lost.update(state=ConnectionState.ACTIVE, state_reason="", blocked_until=None) or made:
        audit.record(actor=user, customer=None, verb="connection.made", subject=connection)
    wake_drain(connection)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
