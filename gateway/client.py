"""One call over HTTP: what leaves, what comes back, and which error it is when it fails."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings

from gateway import clock
from gateway.contract import ENDPOINTS, Endpoint
from gateway.errors import (
    Misunderstood,
    NoAnswer,
    Refused,
    ServerFault,
    Throttled,
    Unauthorized,
    Unreachable,
    Unsendable,
)

log = logging.getLogger(__name__)

LARGEST_ANSWER = 16 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Misunderstood(f"not JSON: {error}", status=self.status, body=self.text()) from error

    def text(self) -> str:
        return self.body[:500].decode("utf-8", "replace")


class Client:
    """Calls SmartDialog with one access token. Every call has an end; redirects are not followed."""

    def __init__(self, access_token: str, *, session: requests.Session | None = None) -> None:
        self._token = access_token
        self._session = session or requests.Session()

    def call(
        self,
        name: str,
        *,
        path: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Answer:
        """The answer with the contract's success status; anything else is raised as a GatewayError."""
        endpoint = ENDPOINTS[name]
        request = requests.Request(
            endpoint.method,
            settings.SMARTDIALOG_API_URL + fill(endpoint.path, path or {}),
            headers=_checked_headers(headers or {}) | {"Authorization": f"Bearer {self._token}"},
            params=query,
            json=body,
        )
        started = time.monotonic()
        answer = self._exchange(self._session.prepare_request(request), started)
        log.info("%s %s in %d ms", name, answer.status, (time.monotonic() - started) * 1000)
        return _judged(endpoint, answer)

    def _exchange(self, request: requests.PreparedRequest, started: float) -> Answer:
        timeout = (settings.SMARTDIALOG_CONNECT_TIMEOUT, settings.SMARTDIALOG_CALL_TIMEOUT)
        try:
            with self._session.send(request, timeout=timeout, stream=True, allow_redirects=False) as response:
                body = _read(response, deadline=started + settings.SMARTDIALOG_CALL_TIMEOUT)
                return Answer(response.status_code, body, response.headers)
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise Unreachable(type(error).__name__) from error
        except requests.exceptions.ConnectionError as error:
            raise (Unreachable if _never_connected(error) else NoAnswer)(type(error).__name__) from error
        except requests.exceptions.RequestException as error:
            raise NoAnswer(type(error).__name__) from error


def fill(template: str, parts: dict[str, str]) -> str:
    """The path with each part as exactly one encoded segment.

    An empty or dotted part would turn one path into another: delete one contact into delete all.
    """
    for key, value in parts.items():
        if not value or value != value.strip() or value in {".", ".."} or not value.isprintable():
            raise Unsendable(f"{key} is {value!r}; it has to be a plain, non-empty value.")
        template = template.replace("{" + key + "}", quote(value, safe=""))
    if "{" in template:
        raise Unsendable(f"{template} has a part without a value.")
    return template


def _checked_headers(headers: dict[str, str]) -> dict[str, str]:
    for key, value in headers.items():
        if not value or not value.isascii() or not value.isprintable():
            raise Unsendable(f"{key} is {value!r}; it has to be a plain, non-empty value.")
    return headers


def _read(response: requests.Response, *, deadline: float) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_content(64 * 1024):
        chunks.append(chunk)
        size += len(chunk)
        if time.monotonic() > deadline:
            raise NoAnswer("the answer took too long")
        if size > LARGEST_ANSWER:
            raise Misunderstood(f"an answer of over {LARGEST_ANSWER} bytes", status=response.status_code)
    return b"".join(chunks)


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """urllib3 says NewConnectionError (refused, no such name) only before a byte has left."""
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)


def _judged(endpoint: Endpoint, answer: Answer) -> Answer:
    status = answer.status
    if status == endpoint.success:
        return answer
    if status == 401:
        raise Unauthorized("the access token was not accepted", status=401)
    if status == 429:
        raise Throttled(_words(answer), retry_after=retry_after(answer.headers.get("Retry-After")))
    if 400 <= status < 500:
        raise Refused(_words(answer), status=status)
    if status >= 500:
        raise ServerFault(f"{status} {_words(answer)}", status=status)
    raise Misunderstood(f"{status} where {endpoint.success} was promised", status=status, body=answer.text())


def _words(answer: Answer) -> str:
    """The platform's own words, from whatever body it sent: errorMessage, problem details, or none."""
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if isinstance(data, dict):
        for key in ("errorMessage", "detail", "title", "message", "error_description", "error"):
            if isinstance(data.get(key), str):
                return str(data[key])[:400]
    return data[:400] if isinstance(data, str) else ""


def retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header: a number, or an HTTP date (RFC 9110 §10.2.3). None if unreadable."""
    if value is None:
        return None
    try:
        return max(0.0, float(int(value)))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - clock.now()).total_seconds())
    except (TypeError, ValueError):
        return None
