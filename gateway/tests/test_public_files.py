"""A file at an address that somebody else names, through a real server."""

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import certifi
import pytest

from gateway import public_files
from gateway.public_files import Guard, NotFetched, fetch, is_public
from gateway.tests.certificates import self_signed
from gateway.tests.test_deadlines import drip, names_that_hang, platform

HERE = Guard(lambda address: address == "127.0.0.1", ports=None)
BOMB = gzip.compress(bytes(100 * 1024 * 1024), 1)
JPEG = b"\xff\xd8\xff picture"


class Files(BaseHTTPRequestHandler):
    """/a.jpg, and what a sender of ill will may have."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        name = self.path.partition("?")[0]
        if name == "/there":
            return self._answer(302, {"Location": "/a.jpg"})
        if name == "/inside":
            return self._answer(302, {"Location": "http://127.0.0.2:9/secret"})
        if name == "/metadata":
            return self._answer(307, {"Location": "http://169.254.169.254/latest/"})
        if name == "/file":
            return self._answer(302, {"Location": "file:///etc/passwd"})
        if name == "/round":
            return self._answer(301, {"Location": "/round"})
        if name == "/broken":
            return self._answer(302, {"Location": "http://[x"})
        if name == "/no-http":
            return self.wfile.write(b"hello\r\n\r\n")
        if name == "/chunk":
            head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
            return self.wfile.write(head + b"-5\r\n{}\r\n0\r\n\r\n")
        if name == "/bomb":
            return self._answer(200, {"Content-Type": "image/png", "Content-Encoding": "gzip"}, name)
        if name == "/slow":
            return self._drip(b"HTTP/1.0 200 OK\r\nContent-Type: image/png\r\n\r\n", b"x")
        if name == "/slow-headers":
            return self._drip(b"HTTP/1.0 200 OK\r\nX: ", b"x")
        if name == "/gone":
            return self._answer(404, {})
        kinds = {"/a.jpg": "image/jpeg", "/page": "text/html", "/x.svg": "image/svg+xml", "/big": "image/png"}
        return self._answer(200, {"Content-Type": kinds.get(name, "")}, name)

    def _answer(self, status: int, headers: dict[str, str], name: str = "") -> None:
        self.send_response(status)
        for each in headers.items():
            self.send_header(*each)
        self.end_headers()
        self.wfile.write({"/big": b"x" * 5000, "/bomb": BOMB}.get(name, JPEG))

    def _drip(self, first: bytes, then: bytes) -> None:
        """A byte now and then, until whoever asked has enough."""
        with suppress(OSError):
            self.wfile.write(first)
            for _ in range(50):
                self.wfile.write(then)
                time.sleep(0.1)

    def log_message(self, *_) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    found = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    found.asked = []
    threading.Thread(target=found.serve_forever, args=[0.01], daemon=True).start()  # soon shut down
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def base(server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize("path", ["/a.jpg", "/a.jpg?size=1", "/there"])
def test_a_picture_is_fetched_also_where_another_address_has_it(base, path):
    found = fetch(base + path, HERE)

    assert (found.content, found.kind) == (JPEG, "image/jpeg")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/inside", "not in the internet"),
        ("/metadata", "not in the internet"),
        ("/file", "no address of a file"),
        ("/round", "without end"),
        ("/broken", "no address of a file"),
        ("/no-http", "does not answer"),
        ("/chunk", "does not answer"),
        ("/bomb", "larger than 20 MB"),
        ("/gone", "answer 404"),
        ("/page", "kind that is not fetched"),
        ("/x.svg", "kind that is not fetched"),
        ("/nothing", "kind that is not fetched"),
    ],
)
def test_what_leads_inside_or_is_no_such_file_is_not_fetched(base, path, why):
    with pytest.raises(NotFetched, match=why):
        fetch(base + path, HERE)


def test_what_is_too_large_is_left(base, monkeypatch):
    monkeypatch.setattr(public_files, "MAX_BYTES", 4000)

    with pytest.raises(NotFetched, match="larger than"):
        fetch(f"{base}/big", HERE)


@pytest.mark.parametrize("path", ["/slow", "/slow-headers"])
def test_a_server_that_sends_a_byte_now_and_then_is_cut_off(base, monkeypatch, path):
    monkeypatch.setattr(public_files, "MAX_SECONDS", 0.5)
    began = time.monotonic()

    with pytest.raises(NotFetched, match="takes too long"):
        fetch(base + path, HERE)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("name", "is_trusted"), [("files.test", True), ("files.test", False), ("x", True)])
def test_over_tls_the_server_has_to_be_who_it_says(server, tmp_path, monkeypatch, name, is_trusted):
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(self_signed(name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(public_files, "_address_of", lambda *_: "127.0.0.1")
    if is_trusted:
        monkeypatch.setattr(certifi, "where", lambda: certificate)
    url = f"https://files.test:{server.server_port}/a.jpg"

    if is_trusted and name == "files.test":
        assert fetch(url, HERE).content == JPEG
    else:
        with pytest.raises(NotFetched, match="does not answer"):
            fetch(url, HERE)


def test_a_handshake_that_only_drips_is_cut_off(monkeypatch):
    monkeypatch.setattr(public_files, "MAX_SECONDS", 0.5)
    with platform(drip(b"\x16\x03\x03\x40\x00")) as address:
        began = time.monotonic()
        with pytest.raises(NotFetched, match="does not answer"):
            fetch(address.replace("http:", "https:") + "/a.jpg", HERE)

    assert time.monotonic() - began < 2


def test_a_name_that_is_not_found_in_time_is_given_up(monkeypatch):
    monkeypatch.setattr(public_files, "MAX_SECONDS", 0.5)
    began = time.monotonic()

    with names_that_hang(), pytest.raises(NotFetched, match="takes too long"):
        fetch("https://files.example/a.jpg")

    assert time.monotonic() - began < 1.5


def test_an_address_may_have_letters_of_any_kind(server, base):
    assert fetch(f"{base}/a.jpg?kuva=pöytä", HERE).content == JPEG
    assert server.asked == ["/a.jpg?kuva=p%C3%B6yt%C3%A4"]


@pytest.mark.parametrize("host", ["кафе.fi", "ka\u00adfe.fi", "☕.fi"])
def test_a_name_that_stands_in_no_header_is_no_fault(monkeypatch, base, host):
    monkeypatch.setattr(public_files, "_address_of", lambda *_: "127.0.0.1")

    with pytest.raises(NotFetched):
        fetch(f"http://{host}:{base.rpartition(':')[2]}/none", HERE)


def test_nothing_inside_is_ever_asked(server, base):
    for url in [f"{base}/a.jpg", f"http://localhost:{server.server_port}/a.jpg"]:
        with pytest.raises(NotFetched):
            fetch(url)
        with pytest.raises(NotFetched, match="not in the internet"):
            fetch(url, Guard(is_public, ports=None))

    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/plain,a",
        "http://",
        "http://user@example.com/a.jpg",
        "http://example.com:22/",
        "http://example.com:99999/",
        "http://[::1",
        f"http://{'a' * 300}.com/",
    ],
)
def test_what_is_no_address_of_a_file_is_not_asked(url):
    with pytest.raises(NotFetched):
        fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:8.8.8.8", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("::7f00:1", False),
        ("fec0::1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_in_the_internet(address, public):
    assert is_public(address) == public
