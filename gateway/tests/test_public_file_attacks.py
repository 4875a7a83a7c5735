"""What a sender of ill will may have in the address of a file, or behind it."""

import gzip
import socket
import tracemalloc
from collections.abc import Callable

import pytest

from gateway import public_files
from gateway.public_files import PUBLIC, Guard, NotFetched, fetch
from gateway.tests.test_deadlines import platform
from gateway.tests.test_public_files import HERE, JPEG

ANY_PORT = Guard(PUBLIC.allows, ports=None)
PUBLIC_ADDRESS = "93.184.216.34"
INSIDE = "not in the internet|not found|no address of a file"
SPELT = [  # this machine, as no check of words would see it
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "LOCALHOST",
    "localhost.",
    "0",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
]


def says(status: int, headers: dict[str, str], body: bytes = b"") -> Callable[[socket.socket], None]:
    """A server's answer, whatever it is asked for."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return lambda asked: asked.sendall(f"HTTP/1.0 {status} Said\r\n{head}\r\n".encode() + body)


def from_here() -> Guard:
    """The first step may be of this machine, where the test's server is; no other."""
    first = iter([True])
    return Guard(lambda address: next(first, False) or PUBLIC.allows(address), ports=None)


@pytest.mark.parametrize("host", SPELT)
def test_no_spelling_of_this_machine_is_asked(monkeypatch, host):
    monkeypatch.setattr(public_files, "WatchedConnection", None)  # no connection is made

    with pytest.raises(NotFetched, match=INSIDE):
        fetch(f"http://{host}:8000/", ANY_PORT)


@pytest.mark.parametrize("host", SPELT)
def test_no_step_of_a_redirect_leads_to_any_spelling_of_this_machine(host):
    location = {"Location": f"//{host}/secret"}
    with platform(says(302, location)) as address, pytest.raises(NotFetched, match=INSIDE):
        fetch(f"{address}/a.jpg", from_here())


def test_a_name_that_changes_its_mind_leads_nowhere_else(monkeypatch):
    asked, connected = [], []

    def resolve(host, port, **_):
        asked.append(host)
        address = PUBLIC_ADDRESS if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    class Refusing:
        def __init__(self, address, *_, **__):
            connected.append(address)

        def connect(self):
            raise OSError

        def close(self):
            """Nothing."""

    monkeypatch.setattr(public_files.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(public_files, "WatchedConnection", Refusing)
    with pytest.raises(NotFetched, match="does not answer"):
        fetch("http://rebinding.test/a.jpg")

    assert (asked, connected) == (["rebinding.test"], [PUBLIC_ADDRESS])


@pytest.mark.parametrize("inside", ["127.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "169.254.169.254"])
def test_a_name_with_one_address_inside_is_not_asked_at_all(monkeypatch, inside):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in (PUBLIC_ADDRESS, inside)]
    monkeypatch.setattr(public_files.socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(NotFetched, match="not in the internet"):
        fetch("http://both.test/a.jpg")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_is_packed_small_and_unpacks_large_is_left_without_filling_the_memory(monkeypatch, times):
    monkeypatch.setattr(public_files, "MAX_BYTES", 1024 * 1024)
    body = bytes(200 * 1024 * 1024)
    for _ in range(times):
        body = gzip.compress(body, 1)
    packed = {"Content-Type": "image/png", "Content-Encoding": ", ".join(["gzip"] * times)}
    with platform(says(200, packed, body)) as address:
        del body
        tracemalloc.start()
        try:
            with pytest.raises(NotFetched):
                fetch(f"{address}/a.png", HERE)
            assert tracemalloc.get_traced_memory()[1] < 50 * 1024 * 1024
        finally:
            tracemalloc.stop()


def test_what_is_packed_though_nobody_asked_for_it_comes_out():
    packed = {"Content-Type": "image/jpeg", "Content-Encoding": "gzip"}
    with platform(says(200, packed, gzip.compress(JPEG))) as address:
        assert fetch(f"{address}/a.jpg", HERE).content == JPEG


@pytest.mark.parametrize(
    "name", ["/a b", "/a\r\nHost: inside", "/a\tb", "/\udc80", "/%00", "/" + "a" * 100_000]
)
def test_no_address_writes_a_header_or_raises_anything_else(name):
    with platform(says(404, {})) as address, pytest.raises(NotFetched):
        fetch(address + name, HERE)
