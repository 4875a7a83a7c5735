"""Answers that no platform of good will gives: each is told in words, in time, and costs little memory."""

import base64
import gzip
import socket
import time
import tracemalloc
from contextlib import contextmanager, suppress

import pytest

from gateway.sign_in import oauth
from gateway.sign_in.identity import identity_of
from gateway.sign_in.oauth import SignInFailed
from gateway.smartdialog import errors
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.tests.test_deadlines import HEAD, platform

MB = 1024 * 1024
CUSTOMERS = b'{"customerUsers": [{"customerId": "1", "customerName": "Kahvila"}]}'


def whole(body: bytes, *head: bytes) -> bytes:
    return HEAD + b"".join(line + b"\r\n" for line in head) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def bomb(times: int) -> bytes:
    return gzip.compress(bytes(times * MB), 1)


def nested(levels: int, inner: bytes = b"1") -> bytes:
    return b'{"customerUsers": ' + b"[" * levels + inner + b"]" * levels + b"}"


UNREADABLE = {
    "a page": whole(b"<html>Sign in</html>").replace(b"application/json", b"text/html"),
    "a packed bomb": whole(bomb(100), b"Content-Encoding: gzip"),
    "a bomb packed twice": whole(gzip.compress(bomb(100)), b"Content-Encoding: gzip, gzip"),
    "what is not packed as it says": whole(b"{}", b"Content-Encoding: gzip"),
    "a line of a megabyte in its head": whole(CUSTOMERS, b"X: " + b"a" * MB),
    "very many lines in its head": whole(CUSTOMERS, *[b"X: a"] * 10_000),
    "two lengths": whole(CUSTOMERS, b"Content-Length: 5, 7"),
    "more than it brings": HEAD + b"Content-Length: 1000\r\n\r\n" + CUSTOMERS,
    "chunks of no length": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk of no end of its length": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 100_000,
    "a chunk of a length below zero": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "another HTTP": b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a status that is none": b"HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a switch to something else": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "only hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
    "no UTF-8": whole(CUSTOMERS.replace(b"Kahvila", b"Kahvil\xe4")),
    "an endless number": whole(b'{"customerUsers": ' + b"9" * 5_000 + b"}"),
    "a great number": whole(b'{"customerUsers": ' + b"9" * 4_000 + b"}"),
    "no number": whole(b'{"customerUsers": NaN}'),
    "an id that is no number": whole(b'{"customerUsers": [{"customerId": NaN}]}'),
    "an id that never ends": whole(b'{"customerUsers": [{"customerId": %s}]}' % (b"9" * 4_000)),
    **{f"{levels} levels": whole(nested(levels)) for levels in (100, 100_000)},
}
READABLE = {
    "hints before it": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + whole(CUSTOMERS),
    "being worked on": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + whole(CUSTOMERS),
    "an old HTTP": whole(CUSTOMERS).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no length": HEAD + b"\r\n" + CUSTOMERS,
    "a length below zero": HEAD + b"Content-Length: -1\r\n\r\n" + CUSTOMERS,
    "cookies": whole(CUSTOMERS, b"Set-Cookie: a=b; Domain=.fi", b"Set-Cookie: \xff\xfe"),
    "a key twice": whole(CUSTOMERS.replace(b"{", b'{"customerUsers": [],', 1)),
    "a mark of its encoding": whole(b"\xef\xbb\xbf" + CUSTOMERS),
    "UTF-16": whole(CUSTOMERS.decode().encode("utf-16")),
}


@contextmanager
def little_memory():
    tracemalloc.start()
    try:
        yield
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 64 * MB


def once(answer: bytes):
    return platform(lambda connected: connected.sendall(answer))


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_an_answer_is_in_doubt(answer, settings):
    began = time.monotonic()
    with once(answer) as settings.SMARTDIALOG_API_URL, little_memory(), pytest.raises(errors.OutcomeUnknown):
        SmartDialog(Client("token")).customers()

    assert time.monotonic() - began < 3


@pytest.mark.parametrize("answer", READABLE.values(), ids=READABLE)
def test_what_is_odd_and_says_everything_is_read(answer, settings):
    with once(answer) as settings.SMARTDIALOG_API_URL:
        (customer,) = SmartDialog(Client("token")).customers()

    assert customer.name == "Kahvila"


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
def test_in_place_of_tokens_it_is_a_fault_that_may_pass(answer, settings):
    with once(answer) as settings.SMARTDIALOG_TOKEN_URL, little_memory():
        with pytest.raises((errors.Unreachable, errors.UnexpectedResponse)):
            oauth.refresh("r")
        settings.SMARTDIALOG_USERINFO_URL = settings.SMARTDIALOG_TOKEN_URL
        with suppress(errors.Unreachable, errors.UnexpectedResponse):
            assert oauth.userinfo("token").keys() <= {"customerUsers"}


def endless(connected: socket.socket) -> None:
    connected.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connected.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def endless_hints(connected: socket.socket) -> None:
    while True:
        connected.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)


@pytest.mark.parametrize("answer", [endless, endless_hints])
def test_an_answer_without_end_is_left(answer, settings, monkeypatch):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    monkeypatch.setattr(oauth, "MAX_SECONDS", 1)
    with platform(answer) as address, little_memory():
        settings.SMARTDIALOG_API_URL = settings.SMARTDIALOG_TOKEN_URL = address
        with pytest.raises(errors.OutcomeUnknown):
            SmartDialog(Client("token")).customers()
        with pytest.raises((errors.Unreachable, errors.UnexpectedResponse)):
            oauth.refresh("r")


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
def test_a_token_follows_the_platform_nowhere(status, settings):
    asked = []
    with platform(asked.append) as elsewhere:
        moved = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        with once(moved) as address:
            settings.SMARTDIALOG_API_URL = settings.SMARTDIALOG_USERINFO_URL = address
            with pytest.raises(errors.UnexpectedResponse):
                SmartDialog(Client("token")).customers()
            assert oauth.userinfo("token") == {}

    assert asked == []


@pytest.mark.parametrize(
    "life", ['"never"', "null", "{}", '""', "NaN", "-Infinity", "1e400", '"3600s"', "9" * 4000, "false"]
)
def test_a_life_in_any_words_is_the_usual_or_the_longest(life, settings):
    said = b'{"access_token": "a", "refresh_token": "r", "expires_in": %s}' % life.encode()
    with once(whole(said)) as settings.SMARTDIALOG_TOKEN_URL:
        assert oauth.refresh("r").access_token == "a"


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2030 00:00:00 +99999999999999",
        "Mon, 01 Jan 2030 99:99:99 GMT",
        "Mon, 01 Jan 2030 00:00:00 -0000",
        "0" * 5000,
        "9" * 301,
        "٣",
        ",",
        "",
    ],
)
def test_a_time_to_come_again_that_is_none_counts_as_not_said(date, settings):
    limited = b"HTTP/1.1 429 No\r\nContent-Length: 0\r\nRetry-After: %s\r\n\r\n" % date.encode()
    with once(limited) as settings.SMARTDIALOG_API_URL, pytest.raises(errors.Throttled) as throttled:
        SmartDialog(Client("token")).customers()

    assert throttled.value.retry_after is None


@pytest.mark.parametrize("levels", [100, 960, 970, 975, 980, 983, 985, 987, 990, 993, 995, 1000, 2000])
def test_nesting_that_only_just_can_be_read_is_no_fault_of_ours(levels, settings):
    inside = b'{"customerUsers": [{"customerId": %s}]}' % (b"[" * levels + b"]" * levels)
    with once(whole(inside)) as settings.SMARTDIALOG_API_URL, pytest.raises(errors.OutcomeUnknown):
        SmartDialog(Client("token")).customers()


@pytest.mark.parametrize(
    "claims",
    [
        '{"exp": ' + "[" * 100_000 + "}",
        '{"exp": NaN, "aud": "a", "iss": "b"}',
        '{"exp": [], "aud": {}, "iss": {}}',
        '{"exp": ' + "9" * 5000 + "}",
        "[1]",
        "\ud800",
    ],
    ids=lambda claims: claims[:20].encode("ascii", "replace").decode(),
)
def test_an_id_token_of_any_content_is_a_failed_sign_in(claims):
    parts = [b'{"alg": "none"}', claims.encode("utf-8", "surrogatepass"), b"x"]
    token = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts).decode()
    tokens = oauth.Tokens("a", "r", expires_at=None, scopes="", id_token=token)

    with pytest.raises(SignInFailed):
        identity_of(tokens, nonce="n")
