"""The access token of a connection, renewed by one process at a time."""

import time
from datetime import timedelta

from django.db import OperationalError
from django.db import connection as database
from django.db.models import F, Q

from accounts.db.encryption import DecryptionFailed
from gateway import clock
from gateway.models import Connection
from gateway.sign_in import oauth
from gateway.sign_in.oauth import Tokens
from gateway.smartdialog.errors import (
    GatewayError,
    GrantLost,
    KeyMissing,
    NoToken,
    NotRenewable,
    WrongSetting,
)

REFRESH_TIMEOUT = 30.0  # seconds that a process may take to refresh before another tries
STORE_PATIENCE, STORE_PAUSE = 60.0, 0.5  # seconds in which new tokens are held for a database that is away


def bearer(connection: Connection) -> str:
    """A live access token. Raises GrantLost, or NoToken while none can be had."""
    connection.refresh_from_db()
    try:
        return connection.access_token if _is_live(connection) else _renewed(connection)
    except DecryptionFailed as error:
        raise KeyMissing(str(error)) from error


def expire(connection: Connection, version: int) -> None:
    """The platform refused that access token: the next `bearer` renews it, unless it has been already."""
    Connection.objects.filter(pk=connection.pk, token_version=version).update(expires_at=clock.now())


def shift_clock(by: timedelta) -> None:
    """The clock is being set: a token lives, and a refresh may take, as long as before."""
    Connection.objects.update(expires_at=F("expires_at") + by, refreshing_until=F("refreshing_until") + by)


def _is_live(connection: Connection) -> bool:
    return connection.expires_at > clock.now()


def _renewed(connection: Connection) -> str:
    """Refresh, or wait for the process that does: a rotated refresh token must be used once."""
    if not connection.refresh_token:
        raise NotRenewable("no refresh token was given")
    give_up = time.monotonic() + REFRESH_TIMEOUT
    while time.monotonic() < give_up:
        if _acquire_refresh(connection):
            return _refresh(connection)
        time.sleep(0.1)
        connection.refresh_from_db()
        if _is_live(connection):
            return connection.access_token
    raise NoToken("another process is refreshing the token and does not finish")


def _acquire_refresh(connection: Connection) -> bool:
    nobody = Q(refreshing_until=None) | Q(refreshing_until__lte=clock.now())
    return (
        Connection.objects.filter(nobody, pk=connection.pk, token_version=connection.token_version).update(
            refreshing_until=clock.after(REFRESH_TIMEOUT)
        )
        == 1
    )


def _refresh(connection: Connection) -> str:
    was = connection.token_version
    try:
        tokens = oauth.refresh(connection.refresh_token)
    except GrantLost:
        connection.refresh_from_db()
        if connection.token_version != was:  # a sign-in came in between: its grant lives
            return connection.access_token
        _release_refresh(connection, was)
        raise
    except WrongSetting as error:
        _release_refresh(connection, was, wrong_setting=error.setting, wrong_setting_said=error.detail[:300])
        raise
    except GatewayError as error:
        _release_refresh(connection, was)
        raise NoToken(f"{type(error).__name__}: {error}") from error
    except Exception:
        _release_refresh(connection, was)
        raise
    _store_in_time(connection, tokens, was=was)
    connection.refresh_from_db()
    return connection.access_token


def _store_in_time(connection: Connection, tokens: Tokens, *, was: int) -> None:
    """The former refresh token may be good no more: these are not let go because the database is away."""
    give_up = time.monotonic() + STORE_PATIENCE
    while True:
        try:
            return _store(connection, tokens, was=was)
        except OperationalError:
            if database.in_atomic_block or time.monotonic() > give_up:
                raise
            database.close()
            time.sleep(STORE_PAUSE)


def _store(connection: Connection, tokens: Tokens, *, was: int) -> None:
    """Write tokens over version `was`, unless somebody wrote meanwhile: a sign-in brought newer ones."""
    Connection.objects.filter(pk=connection.pk, token_version=was).update(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
        scopes=tokens.scopes,
        token_version=F("token_version") + 1,
        refreshing_until=None,
    )
    Connection.objects.all().accept_settings()


def _release_refresh(connection: Connection, was: int, **learnt: str) -> None:
    Connection.objects.filter(pk=connection.pk, token_version=was).update(refreshing_until=None, **learnt)
