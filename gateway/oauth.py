"""The two conversations with SmartDialog's sign-in service (Azure AD B2C): code for tokens, and refresh.

Wraps requests-oauthlib, whose quirks stay in here: a reply with other scopes is raised as a Warning
that carries the token; PKCE's verifier is lost between requests unless we keep it; a 5xx page looks
like a missing token; nothing has a time-out; http is refused even for loopback.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from oauthlib.oauth2 import OAuth2Error
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError
from requests_oauthlib import OAuth2Session

from gateway import clock
from gateway.errors import GrantLost, ServerFault, UnexpectedResponse, Unreachable

TIMEOUT = (5, 20)  # seconds: to connect, to answer
EARLY = 60.0  # seconds before its end that a token counts as ended
MAX_EARLY_SHARE = 0.1  # of its life, so that one that lives shortly is used, too

if urlsplit(settings.SMARTDIALOG_TOKEN_URL).hostname in {"127.0.0.1", "localhost", "::1"}:
    os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")


@dataclass(frozen=True)
class Tokens:
    """`expires_at`: when the access token counts as ended, a little before it ends."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    scopes: str
    id_token: str = ""


class SignInFailed(Exception):
    """`code` is the service's own (AADB2C…), `reference` its correlation id, where it gave them."""

    def __init__(self, detail: str, *, code: str = "", reference: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.reference = reference


def callback_url() -> str:
    return f"{settings.PUBLIC_URL}/oauth/callback/"


def authorize_url(*, state: str, challenge: str, nonce: str) -> str:
    url, _ = _session().authorization_url(
        settings.SMARTDIALOG_AUTHORIZE_URL,
        state=state,
        nonce=nonce,
        code_challenge=challenge,
        code_challenge_method="S256",
    )
    return url


def exchange_code(code: str, *, verifier: str) -> Tokens:
    """Tokens for a one-use code. Raises SignInFailed, Unreachable or ServerFault."""
    session = _session()
    try:
        return _tokens(
            lambda: session.fetch_token(
                settings.SMARTDIALOG_TOKEN_URL,
                code=code,
                code_verifier=verifier,
                include_client_id=True,
                client_secret=settings.SMARTDIALOG_CLIENT_SECRET,
                scope=" ".join(settings.SMARTDIALOG_SCOPES),
                timeout=TIMEOUT,
            )
        )
    except OAuth2Error as error:
        raise failed(error.error or "", error.description or str(error)) from error


def refresh(refresh_token: str) -> Tokens:
    """New tokens. Raises GrantLost when the grant is dead; another GatewayError when it may live."""
    session = _session()
    try:
        return _tokens(
            lambda: session.refresh_token(
                settings.SMARTDIALOG_TOKEN_URL,
                refresh_token=refresh_token,
                client_id=settings.SMARTDIALOG_CLIENT_ID,
                client_secret=settings.SMARTDIALOG_CLIENT_SECRET,
                timeout=TIMEOUT,
            ),
            before=refresh_token,
        )
    except InvalidGrantError as error:
        raise GrantLost(_first_line(error.description or error.error or "")) from error
    except OAuth2Error as error:
        raise UnexpectedResponse(_first_line(error.description or str(error))) from error


def failed(error: str, description: str) -> SignInFailed:
    """From an error reply; B2C puts a code, a correlation id and a time on lines of the description."""
    lines = description.replace("\r", "").split("\n")
    code = lines[0].split(":")[0] if lines[0].startswith("AADB2C") else error
    reference = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("Correlation ID")), ""
    )
    return SignInFailed(_first_line(description), code=code[:40], reference=reference[:60])


def _session() -> OAuth2Session:
    session = OAuth2Session(
        settings.SMARTDIALOG_CLIENT_ID, redirect_uri=callback_url(), scope=settings.SMARTDIALOG_SCOPES
    )
    session.register_compliance_hook("access_token_response", _raise_server_fault)
    session.register_compliance_hook("refresh_token_response", _raise_server_fault)
    return session


def _raise_server_fault(response: requests.Response) -> requests.Response:
    if response.status_code >= 500:
        raise ServerFault(f"the token service answered {response.status_code}", status=response.status_code)
    return response


def _tokens(ask: Callable[[], dict[str, Any]], *, before: str = "") -> Tokens:
    """`before`: the refresh token that stays good when the reply brings no new one."""
    try:
        return _read(ask(), before)
    except Warning as changed:  # oauthlib raises this when the granted scopes differ from those asked for
        return _read(changed.token, before)  # type: ignore[attr-defined]
    except requests.RequestException as error:
        raise Unreachable(type(error).__name__) from error
    except ValueError as error:
        raise UnexpectedResponse(f"the token service's answer: {error}") from error


def _read(reply: dict[str, Any], before: str) -> Tokens:
    scopes = reply.get("scope") or ""
    return Tokens(
        access_token=reply["access_token"],
        refresh_token=reply.get("refresh_token") or before,
        expires_at=clock.after(_good_for(int(reply.get("expires_in") or 3600))),
        scopes=scopes if isinstance(scopes, str) else " ".join(scopes),
        id_token=reply.get("id_token") or "",
    )


def _good_for(life: int) -> float:
    """Seconds of so many that a token is used."""
    return life - min(EARLY, life * MAX_EARLY_SHARE)


def _first_line(text: str) -> str:
    return text.replace("\r", "").split("\n")[0][:200]
