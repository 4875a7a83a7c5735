"""One call over HTTP: what leaves, what comes back, and which error it is when it fails."""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from gateway import clock
from gateway.smartdialog import answers, deadlines, errors
from gateway.smartdialog.contract import ENDPOINTS, Endpoint
from gateway.smartdialog.deadlines import CutOff

log = logging.getLogger(__name__)

# Of whoever stands in between, about time and ways: nobody has said no to what was asked.
TRY_AGAIN = {408, 421, 425}
MAX_RETRY_AFTER = 7 * 24 * 3600.0  # seconds; a person has long been told by then
ERROR_KEYS = ("errorMessage", "ErrorMessage", "error", "Error")
WORD_KEYS = ("errorMessage", "detail", "title", "message", "error_description", "error")
_INTEGER = re.compile(r"-?\d{1,300}", re.ASCII)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        if not self.body.strip():
            raise errors.SilentSuccess("nothing", status=self.status)
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise errors.UnexpectedResponse(
                f"not JSON: {error}", status=self.status, body=self.text()
            ) from error

    def text(self) -> str:
        return self.body[:500].decode("utf-8", "replace")


class Client:
    """Calls SmartDialog with one access token. Every call has an end; redirects are not followed.

    `before_sending` runs last before a request leaves, and may raise to keep it here.
    """

    def __init__(
        self,
        access_token: str,
        *,
        session: requests.Session | None = None,
        before_sending: Callable[[], None] = lambda: None,
    ) -> None:
        self._token = access_token
        self._session = session or deadlines.session()
        self._before_sending = before_sending

    def call(
        self,
        name: str,
        *,
        path: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Answer:
        """The answer with a status of success, whichever it is; anything else is raised as a GatewayError."""
        endpoint = ENDPOINTS[name]
        request = requests.Request(
            endpoint.method,
            settings.SMARTDIALOG_API_URL + fill(endpoint.path, path or {}),
            headers=_checked_headers(endpoint, headers or {}),
            params=_checked_query(endpoint, query or {}),
            json=body,
            auth=_Bearer(self._token),
        )
        started = time.monotonic()
        answer = self._exchange(self._session.prepare_request(request))
        log.info("%s %s in %d ms", name, answer.status, (time.monotonic() - started) * 1000)
        return _judged(endpoint, answer)

    def _exchange(self, request: requests.PreparedRequest) -> Answer:
        timeout = (settings.SMARTDIALOG_CONNECT_TIMEOUT, settings.SMARTDIALOG_CALL_TIMEOUT)
        # The proxy and the certificates that the environment names, as the sign-in uses them too.
        around = self._session.merge_environment_settings(request.url, {}, True, None, None)
        self._before_sending()
        with deadlines.cut_off(settings.SMARTDIALOG_CALL_TIMEOUT) as cut:
            try:
                with self._session.send(
                    request, timeout=timeout, allow_redirects=False, **around
                ) as response:
                    return Answer(response.status_code, _read(response, cut), response.headers)
            except requests.exceptions.ConnectTimeout as error:
                raise errors.Unreachable(type(error).__name__) from error
            except requests.exceptions.ConnectionError as error:
                raise (errors.Unreachable if _never_left(error, cut) else errors.NoAnswer)(
                    type(error).__name__
                ) from error
            except (requests.exceptions.RequestException, HTTPError) as error:
                raise errors.NoAnswer(type(error).__name__) from error


def fill(template: str, parts: dict[str, str]) -> str:
    """The path with each part as exactly one encoded segment.

    An empty or dotted part would turn one path into another: delete one contact into delete all.
    """
    for key, value in parts.items():
        if not value or value != value.strip() or value in {".", ".."} or not value.isprintable():
            raise errors.Unsendable(f"{key} is {value!r}; it has to be a plain, non-empty value.")
        template = template.replace("{" + key + "}", quote(value, safe=""))
    if "{" in template:
        raise errors.Unsendable(f"{template} has a part without a value.")
    return template


class _Bearer(requests.auth.AuthBase):
    """Given as `auth`, so that a .netrc on the host cannot put another Authorization in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _checked_headers(endpoint: Endpoint, headers: dict[str, str]) -> dict[str, str]:
    """Exactly those of the contract: a header in another operation's spelling would say nothing."""
    allowed = {*endpoint.headers, *endpoint.optional_headers}
    if not set(endpoint.headers) <= headers.keys() <= allowed:
        raise errors.Unsendable(
            f"{endpoint.name} takes the headers {sorted(allowed)}, not {sorted(headers)}."
        )
    for key, value in headers.items():
        if not value or not value.isascii() or not value.isprintable():
            raise errors.Unsendable(f"{key} is {value!r}; it has to be a plain, non-empty value.")
    return headers


def _checked_query(endpoint: Endpoint, query: dict[str, str]) -> dict[str, str]:
    if not query.keys() <= set(endpoint.query):
        raise errors.Unsendable(
            f"{endpoint.name} takes the query {sorted(endpoint.query)}, not {sorted(query)}."
        )
    return query


def _read(response: requests.Response, cut: CutOff) -> bytes:
    body = answers.read(response)
    if cut.is_over:
        raise errors.NoAnswer("the answer took too long")
    return body


def _never_left(error: requests.exceptions.ConnectionError, cut: CutOff) -> bool:
    """urllib3 says NewConnectionError (refused, no such name) only before a byte has left."""
    return (
        cut.has_asked is False or "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
    )


def _judged(endpoint: Endpoint, answer: Answer) -> Answer:
    status = answer.status
    if 200 <= status < 300 and _tells_of_an_error(answer):
        raise errors.UnexpectedResponse("a success that tells of an error", status=status, body=answer.text())
    if status == endpoint.success or (200 <= status < 300 and _is_of_the_api(answer)):
        return answer
    if status == 401:
        raise errors.Unauthorized("the access token was not accepted", status=401)
    seconds = retry_after(answer.headers.get("Retry-After"), said_at=answer.headers.get("Date"))
    if status == 429:
        raise errors.Throttled(_words(answer), retry_after=seconds)
    if 400 <= status < 500 and status not in TRY_AGAIN:
        raise errors.Refused(_words(answer), status=status)
    if status >= 500 or status in TRY_AGAIN:
        raise errors.ServerFault(f"{status} {_words(answer)}", status=status, retry_after=seconds)
    elsewhere = answer.headers.get("Location", "") if 300 <= status < 400 else ""
    where = f", which sends us to {elsewhere[:200]}" if elsewhere else ""
    raise errors.UnexpectedResponse(
        f"{status} where {endpoint.success} was promised{where}", status=status, body=answer.text()
    )


def _tells_of_an_error(answer: Answer) -> bool:
    """Some send what went wrong with the status of a success."""
    if b"rror" not in answer.body:
        return False
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return False  # who reads it says so
    return isinstance(said, dict) and any(said.get(key) for key in ERROR_KEYS)


def _is_of_the_api(answer: Answer) -> bool:
    """Another success than the declared one has its JSON, or nothing: a page is from somebody in between."""
    if answer.body.strip():
        answer.json()
    return True


def _words(answer: Answer) -> str:
    """The platform's own words, from whatever body it sent: errorMessage, problem details, or none."""
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    found = [data.get(key) for key in WORD_KEYS] if isinstance(data, dict) else [data]
    words = next((each for each in found if isinstance(each, str)), "")
    return words.encode("utf-8", "replace").decode().replace("\0", "")[:400]


def retry_after(value: str | None, *, said_at: str | None = None) -> float | None:
    """Seconds from a Retry-After header: a number, or an HTTP date (RFC 9110 §10.2.3). None if unreadable.

    `said_at`: the answer's own Date, so that a date is read by the platform's clock and not by ours.
    """
    if value is None:
        return None
    try:
        seconds = float(value) if _INTEGER.fullmatch(value) else _seconds_between(said_at, value)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(0.0, seconds), MAX_RETRY_AFTER)


def _seconds_between(said_at: str | None, http_date: str) -> float:
    now = parsedate_to_datetime(said_at) if said_at else clock.now()
    return (parsedate_to_datetime(http_date) - now).total_seconds()
