"""A person's connection: found, paused, resumed, lost."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from accounts.db.encryption import DecryptionFailed
from accounts.db.kept_queries import kept
from accounts.models import User
from accounts.trail import audit
from gateway.models import Connection, ConnectionState
from gateway.reasons import Reason
from gateway.smartdialog.errors import GatewayError, KeyMissing, NotRenewable
from gateway.workers.wake_up import wake_drain


class NotConnected(Exception):
    """The person has no SmartDialog sign-in yet: they connect first."""

    text = "You are not connected to SmartDialog yet. Sign in with SmartDialog first; nothing is lost."


def for_user(user: User) -> Connection:
    """The connection that carries what this person does. A paused or lost one still takes work in."""
    for connection in _own(user):
        return connection
    raise NotConnected


@kept
def _own(user: User) -> QuerySet[Connection]:
    return Connection.objects.filter(user=user)


def lose_grant(connection: Connection, error: GatewayError) -> None:
    """Stop calling until the person signs in again, or the key is back; every operation stays where it is."""
    state = ConnectionState.LOCKED if isinstance(error, KeyMissing) else ConnectionState.RECONNECT
    lost = Connection.objects.filter(pk=connection.pk, state=ConnectionState.ACTIVE).update(
        state=state, state_reason=error.text[:300]
    )
    if lost:
        audit.record(
            actor=None, customer=None, verb="connection.lost", subject=connection, after={"why": str(error)}
        )


def answered_after_all(keys: Collection[int]) -> None:
    """Reports say that SmartDialog took what it answered without telling us: that was no trouble.

    A hold stays until its end, and so does trouble of another kind that came later.
    """
    no_trouble = [Reason(code).text for code in ("silent", "unreadable")]
    troubled = Connection.objects.filter(pk__in=keys, last_failure_text__in=no_trouble)
    troubled.update(consecutive_failures=0, last_failure_text="")


def end_unrenewable() -> None:
    """Say that a sign-in has ended when it has, and not only when a call is to be made."""
    for connection in Connection.objects.ended():
        lose_grant(connection, NotRenewable("no refresh token was given"))


def wrong_settings() -> list[tuple[str, str]]:
    """Settings of ours that the sign-in service refuses, by name, with what it said."""
    refused = Connection.objects.exclude(wrong_setting="").order_by("wrong_setting", "-pk")
    return list(dict(refused.values_list("wrong_setting", "wrong_setting_said")).items())


def pause(connection: Connection, *, by: User) -> None:
    with transaction.atomic():
        active = Connection.objects.filter(pk=connection.pk, state=ConnectionState.ACTIVE)
        if active.update(state=ConnectionState.PAUSED, state_reason=f"Paused by {by}."):
            audit.record(actor=by, customer=None, verb="connection.paused", subject=connection)


def resume(connection: Connection, *, by: User) -> None:
    with transaction.atomic():
        paused = Connection.objects.filter(pk=connection.pk, state=ConnectionState.PAUSED)
        if paused.update(state=ConnectionState.ACTIVE, state_reason=""):
            audit.record(actor=by, customer=None, verb="connection.resumed", subject=connection)
            wake_drain(connection)


def unlock() -> None:
    """Go on with what was stopped for a missing key, where the key is back."""
    for connection in Connection.objects.filter(state=ConnectionState.LOCKED).select_related("user"):
        if _can_decrypt(connection):
            _resume_locked(connection)


def _can_decrypt(connection: Connection) -> bool:
    try:
        return connection.access_token is not None and connection.refresh_token is not None
    except DecryptionFailed:
        return False


@transaction.atomic
def _resume_locked(connection: Connection) -> None:
    locked = Connection.objects.filter(pk=connection.pk, state=ConnectionState.LOCKED)
    if locked.update(state=ConnectionState.ACTIVE, state_reason=""):
        audit.record(actor=None, customer=None, verb="connection.resumed", subject=connection)
        wake_drain(connection)
