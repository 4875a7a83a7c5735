"""The two conversations with SmartDialog's sign-in service (Azure AD B2C): code for tokens, and refresh.

Wraps requests-oauthlib, whose quirks stay in here: PKCE's verifier is lost between requests unless we keep
it; nothing has a time-out; http is refused even for loopback. What comes back is read by us, before it is by
it: a reply may be no object, say its life in any way, and name other scopes than were asked for.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session
from urllib3.exceptions import HTTPError

from accounts.trail.masking import masked
from gateway import clock
from gateway.sign_in.sign_in_faults import CODE, GRANT_IS_DEAD, OUR_CODES, setting_of
from gateway.smartdialog import answers, deadlines
from gateway.smartdialog.errors import (
    GatewayError,
    GrantLost,
    ServerFault,
    UnexpectedResponse,
    Unreachable,
    WrongSetting,
)

log = logging.getLogger(__name__)

TIMEOUT = (5, 20)  # seconds: to connect, to answer
MAX_SECONDS = 25.0  # for all of it; a refresh has to end before another process tries
USUAL_LIFE, LONGEST_LIFE = 3600, 24 * 3600  # seconds of an access token: where nothing is said, and believed
EARLY = 60.0  # seconds before its end that a token counts as ended
MAX_EARLY_SHARE = 0.1  # of its life, so that one that lives shortly is used, too
WRONG_STATUSES = {  # what an answer that is no JSON says by its status
    401: "SMARTDIALOG_CLIENT_SECRET",
    **dict.fromkeys((301, 302, 303, 307, 308), "SMARTDIALOG_TOKEN_URL"),
    404: "SMARTDIALOG_TOKEN_URL",
    405: "SMARTDIALOG_TOKEN_URL",
    410: "SMARTDIALOG_TOKEN_URL",
}

if urlsplit(settings.SMARTDIALOG_TOKEN_URL).hostname in {"127.0.0.1", "localhost", "::1"}:
    os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")


@dataclass(frozen=True)
class Tokens:
    """`expires_at`: when the access token counts as ended, a little before it ends.

    `refresh_token` is empty where SmartDialog gave none: then the sign-in ends with the access token.
    """

    access_token: str
    refresh_token: str
    expires_at: datetime
    scopes: str
    id_token: str = ""


class SignInFailed(Exception):
    """`code` is the service's own (AADB2C…), `reference` its correlation id, where it gave them.

    `setting`: the environment variable that is wrong, `line` how it could be right, where either is known.
    """

    def __init__(
        self, detail: str, *, code: str = "", reference: str = "", setting: str = "", line: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.reference = reference
        self.setting = setting
        self.line = line

    @property
    def is_ours(self) -> bool:
        """SmartDialog refused nothing: its answer is not believed here."""
        return self.code in OUR_CODES


class _TokenRefused(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.failure = failed(error, description)


def callback_url() -> str:
    return f"{settings.PUBLIC_URL}/oauth/callback/"


def asks_who() -> bool:
    """Whether an id_token is asked for, which a nonce belongs to: a strict service takes none without."""
    return "openid" in settings.SMARTDIALOG_SCOPES


def authorize_url(*, state: str, challenge: str, nonce: str) -> str:
    more = {"nonce": nonce} if nonce else {}
    url, _ = _session().authorization_url(
        settings.SMARTDIALOG_AUTHORIZE_URL,
        state=state,
        code_challenge=challenge,
        code_challenge_method="S256",
        **more,
    )
    return url


def exchange_code(code: str, *, verifier: str) -> Tokens:
    """Tokens for a one-use code. Raises SignInFailed, Unreachable, UnexpectedResponse or ServerFault."""
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
    except _TokenRefused as refusal:
        raise refusal.failure from refusal
    except WrongSetting as error:
        raise SignInFailed(error.detail, setting=error.setting) from error


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
    except _TokenRefused as refusal:
        raise _fault(refusal) from refusal


def userinfo(access_token: str) -> dict[str, Any]:
    """What the sign-in service says of who holds the token, where it is known where to ask; else nothing."""
    if not settings.SMARTDIALOG_USERINFO_URL:
        return {}
    headers = {"Authorization": f"Bearer {access_token}"}
    try:
        with (
            deadlines.cut_off(MAX_SECONDS),
            deadlines.session().get(
                settings.SMARTDIALOG_USERINFO_URL,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            body = answers.read(answer)
    except (requests.RequestException, HTTPError) as error:
        raise Unreachable(type(error).__name__) from error
    try:
        said = json.loads(body) if answer.ok else None
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def failed(error: str, description: str) -> SignInFailed:
    """From an error reply; B2C puts a code, a correlation id and a time on lines of the description."""
    lines = description.replace("\r", "").split("\n")
    found = CODE.match(lines[0])
    code = found[0] if found else error
    reference = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("Correlation ID")), ""
    )
    failure = SignInFailed(
        _first_line(description),
        code=_line(code)[:40],
        reference=_line(reference)[:60],
        setting=setting_of((code, error)),
    )
    log.warning(
        "the sign-in service refused: %s", masked(f"{_line(error)[:40]} {failure.detail} {reference}")
    )
    return failure


def _fault(refusal: _TokenRefused) -> GatewayError:
    """What a refusal means for a grant that was good."""
    failure = refusal.failure
    if failure.setting:
        return WrongSetting(failure.setting, f"{failure.code} {failure.detail}")
    if GRANT_IS_DEAD & {refusal.error, failure.code}:
        return GrantLost(failure.detail or failure.code)
    return UnexpectedResponse(f"{failure.code} {failure.detail}")


class _Session(OAuth2Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Followed nowhere: our secret, codes and tokens are for the service that the settings name."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        with super().send(request, **options | {"stream": True}) as response:
            response._content = answers.read(response)
        return response


def _session() -> OAuth2Session:
    session = deadlines.limited(
        _Session(
            settings.SMARTDIALOG_CLIENT_ID, redirect_uri=callback_url(), scope=settings.SMARTDIALOG_SCOPES
        )
    )
    session.register_compliance_hook("access_token_response", _understood)
    session.register_compliance_hook("refresh_token_response", _understood)
    return session


def _understood(response: requests.Response) -> requests.Response:
    """The answer as the library reads it: only what is of use, each of one kind."""
    if response.status_code >= 500:
        raise ServerFault(f"the token service answered {response.status_code}", status=response.status_code)
    reply = _object(response)
    if "error" in reply and not reply.get("access_token"):
        raise _TokenRefused(_text(reply["error"])[:100], _text(reply.get("error_description"))[:4000])
    response._content = json.dumps(_of_use(reply)).encode()
    return response


def _object(response: requests.Response) -> dict[str, Any]:
    try:
        reply = response.json()
    except (ValueError, RecursionError) as error:
        if setting := WRONG_STATUSES.get(response.status_code):
            raise WrongSetting(setting, f"the token service answered {response.status_code}") from error
        raise UnexpectedResponse(
            f"the token service answered {response.status_code}, and no JSON", status=response.status_code
        ) from error
    if not isinstance(reply, dict):
        raise UnexpectedResponse("the token service answered JSON that is no object")
    return reply


def _of_use(reply: dict[str, Any]) -> dict[str, Any]:
    """`granted`, and not `scope`: the library raises other scopes than those asked for as an error."""
    token = reply.get("access_token")
    if not _is_sendable(token):
        if reply.get("id_token"):
            raise WrongSetting("SMARTDIALOG_SCOPES", "no scope of the API was granted, only who signed in")
        raise UnexpectedResponse("the token service gave no access token")
    scopes = reply.get("scope")
    return {
        "access_token": token,
        "token_type": "Bearer",
        "refresh_token": _text(reply.get("refresh_token")),
        "id_token": _text(reply.get("id_token")),
        "life": _life(reply.get("expires_in")),
        "granted": " ".join(map(_text, scopes)) if isinstance(scopes, list) else _text(scopes),
    }


def _is_sendable(token: Any) -> bool:
    """Whether it can stand in a header."""
    return isinstance(token, str) and token.isascii() and token.isprintable() and token.strip() == token != ""


def _life(said: Any) -> float:
    """Seconds that it lives; what cannot be that counts as not said; a refused token is renewed anyway."""
    try:
        seconds = 0.0 if isinstance(said, bool) else float(said)
    except (TypeError, ValueError, OverflowError):
        seconds = 0.0
    return min(seconds, LONGEST_LIFE) if seconds > 0 else USUAL_LIFE


def _text(value: Any) -> str:
    """Without what the database or a header takes no part of."""
    return value.encode("utf-8", "replace").decode().replace("\0", "") if isinstance(value, str) else ""


def _tokens(ask: Callable[[], dict[str, Any]], *, before: str = "") -> Tokens:
    """`before`: the refresh token that stays good when the reply brings no new one."""
    try:
        with deadlines.cut_off(MAX_SECONDS):
            reply = ask()
    except (requests.RequestException, HTTPError) as error:
        raise Unreachable(type(error).__name__) from error
    except OAuth2Error as error:  # of the library's own checks: an address that is not https
        raise WrongSetting("SMARTDIALOG_TOKEN_URL", str(error)) from error
    return Tokens(
        access_token=reply["access_token"],
        refresh_token=reply["refresh_token"] or before,
        expires_at=clock.after(_good_for(reply["life"])),
        scopes=reply["granted"],
        id_token=reply["id_token"],
    )


def _good_for(life: float) -> float:
    """Seconds of so many that a token is used."""
    return life - min(EARLY, life * MAX_EARLY_SHARE)


def _first_line(text: str) -> str:
    return _line(text.replace("\r", "").split("\n")[0])[:200]


def _line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
