"""Calls to a server of our own that drips, breaks off or leads elsewhere: when they end, and what is said."""

import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from gateway.sign_in import oauth
from gateway.smartdialog import errors
from gateway.smartdialog.client import Client
from gateway.smartdialog.deadlines import CutOff, OutOfTime
from gateway.tests.certificates import self_signed

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Answer = Callable[[socket.socket], None]


@contextmanager
def platform(answer: Answer, *, tls: Path | None = None) -> Iterator[str]:
    """Takes each request whole, and answers it so."""
    server = socket.create_server(("127.0.0.1", 0))
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=take, args=(server.accept()[0],), daemon=True).start()

    def take(connected: socket.socket) -> None:
        shown = partial(context.wrap_socket, server_side=True) if context else closing
        with suppress(OSError), shown(connected) as asked:
            asked.recv(65536)
            answer(asked)

    threading.Thread(target=serve, daemon=True).start()
    scheme = "https" if tls else "http"
    with server:
        yield f"{scheme}://127.0.0.1:{server.getsockname()[1]}"


def drip(first: bytes) -> Answer:
    def answer(connected: socket.socket) -> None:
        connected.sendall(first)
        for _ in range(80):
            connected.sendall(b" ")
            time.sleep(0.05)

    return answer


def garble(connected: socket.socket) -> None:
    """Below TLS, in place of an answer."""
    socket.socket.sendall(connected, b"HTTP/1.1 502 Bad Gateway\r\n\r\n" * 4)


DRIPPED = {
    "a line of the head": HEAD + b"X: ",
    "a body of a length": HEAD + b"Content-Length: 100000\r\n\r\n",
    "a body to the end": HEAD + b"Connection: close\r\n\r\n{}",
    "a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n186a0\r\n",
}


@pytest.mark.parametrize("first", DRIPPED.values(), ids=DRIPPED)
def test_a_call_ends_in_time_however_slowly_it_is_answered(first, settings):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    with platform(drip(first)) as settings.SMARTDIALOG_API_URL:
        began = time.monotonic()
        with pytest.raises(errors.NoAnswer):
            Client("token").call("GetUserCustomers")

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("first", DRIPPED.values(), ids=DRIPPED)
def test_so_do_a_refresh_and_the_question_who_it_is(first, settings, monkeypatch):
    monkeypatch.setattr(oauth, "MAX_SECONDS", 0.5)
    with platform(drip(first)) as address:
        settings.SMARTDIALOG_TOKEN_URL = settings.SMARTDIALOG_USERINFO_URL = address
        began = time.monotonic()
        with pytest.raises((errors.Unreachable, errors.UnexpectedResponse)):
            oauth.refresh("r")
        with suppress(errors.Unreachable):
            assert oauth.userinfo("token") == {}

    assert time.monotonic() - began < 2


@pytest.fixture
def certified(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "certificate.pem"
    path.write_bytes(self_signed("127.0.0.1"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    return path


def test_what_breaks_in_the_answer_of_a_tls_connection_may_have_been_taken(certified, settings):
    with platform(garble, tls=certified) as settings.SMARTDIALOG_API_URL, pytest.raises(errors.NoAnswer):
        Client("token").call("GetUserCustomers")


@pytest.mark.parametrize("fault", [garble, lambda _: None], ids=["garbled", "hung up"])
def test_what_breaks_before_tls_stands_never_left(fault, certified, settings):
    with platform(fault) as address:
        settings.SMARTDIALOG_API_URL = address.replace("http:", "https:")
        with pytest.raises(errors.Unreachable):
            Client("token").call("GetUserCustomers")


def drip_a_handshake(connected: socket.socket) -> None:
    """The head of a record of TLS, and then next to nothing of it."""
    drip(b"\x16\x03\x03\x40\x00")(connected)


def test_a_handshake_that_only_drips_ends_in_time_and_nothing_has_left(certified, settings):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    with platform(drip_a_handshake) as address:
        settings.SMARTDIALOG_API_URL = address.replace("http:", "https:")
        began = time.monotonic()
        with pytest.raises(errors.Unreachable):
            Client("token").call("GetUserCustomers")

    assert time.monotonic() - began < 2


def test_a_kept_connection_is_cut_off_as_a_new_one_and_no_handle_of_it_is_left(settings):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    well = HEAD + b"Content-Length: 2\r\n\r\n{}"

    def answer(connected: socket.socket) -> None:
        connected.sendall(well)
        connected.recv(65536)
        drip(HEAD + b"X: ")(connected)

    with platform(answer) as settings.SMARTDIALOG_API_URL:
        client, handles = Client("token"), len(os.listdir("/proc/self/fd"))
        client.call("GetUserCustomers")
        began = time.monotonic()
        with pytest.raises(errors.NoAnswer):
            client.call("GetUserCustomers")
        assert time.monotonic() - began < 2
        client._session.close()
        assert len(os.listdir("/proc/self/fd")) <= handles + 2  # the server's own end


@contextmanager
def names_that_hang() -> Iterator[None]:
    """Whoever looks up a name waits longer than any call may take."""
    over = threading.Event()

    def hang(*_: object, **__: object) -> None:
        over.wait(20)
        raise socket.gaierror("no such name")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", hang)
        try:
            yield
        finally:
            over.set()


def test_a_name_that_is_not_found_in_time_is_given_up_and_nothing_has_left(settings, monkeypatch):
    settings.SMARTDIALOG_CALL_TIMEOUT = 0.5
    monkeypatch.setattr(oauth, "MAX_SECONDS", 0.5)
    for scheme in ("http", "https"):
        address = f"{scheme}://smartdialog.example"
        settings.SMARTDIALOG_API_URL = settings.SMARTDIALOG_TOKEN_URL = address
        settings.SMARTDIALOG_USERINFO_URL = address
        with names_that_hang():
            for ask in (
                lambda: Client("token").call("GetUserCustomers"),
                lambda: oauth.refresh("r"),
                lambda: oauth.userinfo("token"),
            ):
                began = time.monotonic()
                with pytest.raises(errors.Unreachable):
                    ask()
                assert time.monotonic() - began < 1.5


def test_nor_are_addresses_tried_for_longer_one_after_the_other(settings, monkeypatch):
    settings.SMARTDIALOG_CALL_TIMEOUT = 0.5

    def fails(*_: object, **__: object) -> None:
        time.sleep(0.3)
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", fails)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("192.0.2.1", 80))] * 30)
    settings.SMARTDIALOG_API_URL = "http://smartdialog.example"
    began = time.monotonic()
    with pytest.raises(errors.Unreachable):
        Client("token").call("GetUserCustomers")

    assert time.monotonic() - began < 1.5


def test_what_is_connected_too_late_is_closed():
    cut, closed = CutOff(0.05), queue.Queue[socket.socket]()

    def connect() -> socket.socket:
        time.sleep(0.3)
        return socket.socket()

    def close(late: socket.socket) -> None:
        late.close()
        closed.put(late)

    with pytest.raises(OutOfTime):
        cut.in_time(connect, close)

    assert closed.get(timeout=5).fileno() == -1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_secrets_follow_the_token_service_nowhere_else(status, settings):
    asked = []
    with platform(asked.append) as elsewhere:
        moved = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        with platform(lambda connected: connected.sendall(moved)) as address:
            settings.SMARTDIALOG_TOKEN_URL = address
            with pytest.raises(errors.WrongSetting) as wrong:
                oauth.refresh("r")

    assert (wrong.value.setting, asked) == ("SMARTDIALOG_TOKEN_URL", [])
