"""A file from an address that somebody else names: only from the internet, small, and of a known kind.

Each step of a redirect is looked at anew. The name is resolved once, and the connection goes to the address
that was looked at, so that a name that changes its mind leads nowhere else.
"""

import ipaddress
import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from urllib.parse import SplitResult, urljoin, urlsplit

import certifi
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from accounts.errors import UserError
from gateway.smartdialog.deadlines import (
    CutOff,
    OutOfTime,
    WatchedConnection,
    WatchedTlsConnection,
    cut_off,
)

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 3
CONNECT_SECONDS, READ_SECONDS, MAX_SECONDS = 5, 10, 30
CHUNK = 64 * 1024
KINDS = ("image/", "audio/", "video/", "text/plain", "text/vcard", "text/x-vcard", "application/pdf")
_NOT_PLAIN = {"image/svg+xml"}  # a program, as far as a browser is concerned
_TRANSLATED = ["::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"]
_SITE_LOCAL = "fec0::/10"  # global, as far as Python is concerned
_ELSEWHERE = [ipaddress.ip_network(each) for each in (*_TRANSLATED, _SITE_LOCAL)]
NO_ADDRESS = "Its address is no address of a file."
TOO_LONG = "Its server takes too long. Try again later."


class NotFetched(UserError):
    """`text` says why."""


@dataclass(frozen=True)
class PublicFile:
    content: bytes
    kind: str  # as its server says, of KINDS


@dataclass(frozen=True)
class Guard:
    """Where a request may go."""

    allows: Callable[[str], bool]
    ports: frozenset[int] | None = frozenset({80, 443})  # None: any


def is_public(address: str) -> bool:
    """An address in the internet; none that is translated to another, which could be anywhere."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (
        found.ipv4_mapped or any(found in network for network in _ELSEWHERE)
    ):
        return False
    return found.is_global and not found.is_multicast


PUBLIC = Guard(is_public)


def fetch(url: str, guard: Guard = PUBLIC) -> PublicFile:
    """Raises NotFetched."""
    until = time.monotonic() + MAX_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        try:
            with (
                cut_off(until - time.monotonic()) as cut,
                closing(_connect(url, guard, cut)) as connection,
                closing(_ask(connection, url)) as response,
            ):
                _be_in_time(cut)
                location = response.get_redirect_location()
                if not location:
                    return _read(response, cut)
        except UnicodeError as error:  # of an address that cannot stand in a header
            raise NotFetched(NO_ADDRESS) from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:  # of a chunk of a length below zero
            raise NotFetched("Its server does not answer. Try again later.") from error
        url = _joined(url, location)
    raise NotFetched("Its address leads from one to the next without end.")


def _connect(url: str, guard: Guard, cut: CutOff) -> HTTPConnection:
    parts = _split(url, guard)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    address = _address_of(host, port, guard, cut)
    if parts.scheme == "https":
        connection: HTTPConnection = WatchedTlsConnection(
            address, port, timeout=CONNECT_SECONDS, ca_certs=certifi.where(), server_hostname=host
        )
    else:
        connection = WatchedConnection(address, port, timeout=CONNECT_SECONDS)
    connection.connect()
    connection.timeout = READ_SECONDS
    return connection


def _be_in_time(cut: CutOff) -> None:
    if cut.is_over:
        raise NotFetched(TOO_LONG)


def _ask(connection: HTTPConnection, url: str) -> BaseHTTPResponse:
    headers = {"Host": urlsplit(url).netloc, "Accept-Encoding": "identity"}
    connection.request("GET", parse_url(url).request_uri, headers=headers, preload_content=False)
    return connection.getresponse()


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotFetched(NO_ADDRESS) from error


def _split(url: str, guard: Guard) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotFetched(NO_ADDRESS) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise NotFetched(NO_ADDRESS)
    if port is not None and guard.ports is not None and port not in guard.ports:
        raise NotFetched("Its address is none that files are fetched from.")
    return parts


def _address_of(host: str, port: int, guard: Guard, cut: CutOff) -> str:
    """The first of its addresses, where every one of them may be asked."""
    try:
        resolved = cut.in_time(partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM))
    except OutOfTime as error:
        raise NotFetched(TOO_LONG) from error
    except (OSError, UnicodeError) as error:
        raise NotFetched("Its server is not found.") from error
    found = [str(each[4][0]) for each in resolved]
    if not all(guard.allows(address) for address in found):
        raise NotFetched("Its address is not in the internet, so it is not fetched.")
    return found[0]


def _read(response: BaseHTTPResponse, cut: CutOff) -> PublicFile:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status != 200:
        raise NotFetched(f"Its server does not give it (answer {response.status}). It may have expired.")
    if not kind.startswith(KINDS) or kind in _NOT_PLAIN:
        raise NotFetched("It is of a kind that is not fetched: neither picture, sound, film, text nor PDF.")
    content = bytearray()
    for some in response.stream(CHUNK):
        content += some
        if len(content) > MAX_BYTES:
            raise NotFetched(f"It is larger than {MAX_BYTES // 1024**2} MB, so it is not fetched.")
    _be_in_time(cut)
    return PublicFile(bytes(content), kind)
