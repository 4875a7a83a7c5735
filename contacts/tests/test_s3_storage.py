"""Uploads in a store like Amazon's S3: a small one that speaks its protocol, on this machine."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from contacts.importing.files import stored_files
from contacts.importing.files.refusals import FileRefused
from gateway.tests.test_deadlines import DRIPPED, drip, names_that_hang, platform

ROOT = Path(__file__).parent.parent.parent
BUCKET = "/files/"


class Store(BaseHTTPRequestHandler):
    """PUT, GET, HEAD and DELETE of a file, for whoever has the key."""

    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        length = len(self.server.files.get(self.key, b"")) if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length + self.server.missing))
        self.close_connection = bool(self.server.missing)
        self.send_header("Last-Modified", "Sun, 29 Nov 2026 12:00:00 GMT")
        self.send_header("ETag", '"e"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    @property
    def key(self) -> str:
        return urlsplit(self.path).path

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        files = self.server.files
        if "Credential=good/" not in self.headers["Authorization"]:
            self.answer(403, b"<Error><Code>InvalidAccessKeyId</Code><Message>No</Message></Error>")
        elif not self.key.startswith(BUCKET):
            self.answer(404, b"<Error><Code>NoSuchBucket</Code><Message>No</Message></Error>")
        elif self.command == "PUT":
            files[self.key] = body
            self.answer(200)
        elif self.command == "DELETE":
            files.pop(self.key, None)
            self.answer(204)
        elif self.key in files:
            self.answer(200, files[self.key])
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code><Message>No</Message></Error>")

    do_PUT = do_GET = do_HEAD = do_DELETE = handle_any  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Store) as running:
        running.files, running.missing = {}, 0
        threading.Thread(target=running.serve_forever, args=[0.01], daemon=True).start()  # soon shut down
        yield running
        running.shutdown()


@pytest.fixture
def use(settings, server):
    def configure(**options: str) -> None:
        good = {
            "bucket_name": "files",
            "endpoint_url": f"http://127.0.0.1:{server.server_port}",
            "access_key": "good",
            "secret_key": "secret",
            "region_name": "eu-north-1",
            "location": "uploads",
        }
        backend = "contacts.importing.files.s3_storage.S3Uploads"
        settings.STORAGES = settings.STORAGES | {"uploads": {"BACKEND": backend, "OPTIONS": good | options}}

    configure()
    return configure


@pytest.fixture
def file(tmp_path) -> Path:
    (tmp_path / "a.csv").write_bytes(b"Puhelin\n0401234567\n" * 1000)
    return tmp_path / "a.csv"


def test_a_file_is_kept_read_and_deleted(use, server, file):
    stored_files.keep(file, "a")

    assert list(server.files) == ["/files/uploads/a"]
    with stored_files.local_copy("a") as path:
        assert path.read_bytes() == file.read_bytes()
    stored_files.delete("a")
    assert server.files == {}


def test_a_file_that_is_not_there_is_gone(use):
    with pytest.raises(FileRefused, match="no longer here"), stored_files.local_copy("a"):
        pass


def test_a_file_is_read_as_it_comes(use, server, file):
    """So that a slow store costs nobody their lease."""
    stored_files.keep(file, "a")
    heard = []

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stored_files, "BEAT", 0)
        patched.setattr(stored_files, "_BLOCK", 1024)
        with stored_files.local_copy("a", on_wait=lambda: heard.append(1)) as path:
            assert path.read_bytes() == file.read_bytes()

    assert len(heard) == -(-file.stat().st_size // 1024) + 1  # and when it was opened


def test_a_store_that_breaks_off_is_away_and_not_out_of_room(use, server, file):
    stored_files.keep(file, "a")
    server.missing = 7

    with pytest.raises(stored_files.StoreAway), stored_files.local_copy("a"):
        pass


@pytest.mark.parametrize("first", DRIPPED.values(), ids=DRIPPED)
def test_a_store_that_only_drips_is_away_in_time(first, use, monkeypatch, tmp_path):
    from contacts.importing.files import s3_storage

    monkeypatch.setattr(s3_storage, "CALL_SECONDS", 0.5)
    with platform(drip(first)) as address:
        use(endpoint_url=address)
        for ask in (read_a, lambda: stored_files.names_before(timezone.now())):
            began = time.monotonic()
            with pytest.raises(stored_files.StoreAway):
                ask()
            assert time.monotonic() - began < 4  # with a pause before its second try


def test_a_store_whose_name_is_not_found_in_time_is_away(use, monkeypatch, file):
    from contacts.importing.files import s3_storage

    monkeypatch.setattr(s3_storage, "CALL_SECONDS", 0.5)
    use(endpoint_url="http://store.example")
    with names_that_hang():
        for ask, error in (
            (read_a, stored_files.StoreAway),
            (lambda: stored_files.keep(file, "a"), FileRefused),
        ):
            began = time.monotonic()
            with pytest.raises(error):
                ask()
            assert time.monotonic() - began < 4  # with a pause before its second try


def test_a_store_that_takes_next_to_nothing_of_a_file_is_away_in_time(use, monkeypatch, tmp_path):
    from contacts.importing.files import s3_storage

    monkeypatch.setattr(s3_storage, "CALL_SECONDS", 0.5)
    monkeypatch.setattr(s3_storage, "LEAST_RATE", 100 * 1024**2)
    (large := tmp_path / "large").write_bytes(bytes(32 * 1024**2))
    with platform(sip) as address:
        use(endpoint_url=address)
        began = time.monotonic()
        with pytest.raises(FileRefused) as refusal:
            stored_files.keep(large, "a")

    assert refusal.value.code == "store_away"
    assert time.monotonic() - began < 4


def test_a_store_that_is_slow_and_goes_on_is_waited_for(use, server, file, monkeypatch):
    from contacts.importing.files import s3_storage

    stored_files.keep(file, "a")
    monkeypatch.setattr(s3_storage, "CALL_SECONDS", 0.3)
    monkeypatch.setattr(s3_storage, "LEAST_RATE", 500)
    with stored_files._store().open("a") as stored:
        for _ in range(5):
            assert stored.read(100)
            time.sleep(0.1)
        monkeypatch.setattr(s3_storage, "LEAST_RATE", 5000)
        with pytest.raises(stored_files.StoreAway):
            stored.read(100)


def read_a() -> None:
    with stored_files.local_copy("a"):
        pass


def sip(connected: socket.socket) -> None:
    for _ in range(80):
        connected.recv(1)
        time.sleep(0.05)


WRONG = [
    {"access_key": "bad"},
    {"bucket_name": "another"},
    {"endpoint_url": "http://127.0.0.1:1"},
]


@pytest.mark.parametrize("options", WRONG, ids=lambda options: next(iter(options)))
def test_a_store_that_is_set_up_wrong_is_told_in_words(use, file, options):
    use(**options)

    with pytest.raises(FileRefused) as refusal:
        stored_files.keep(file, "a")

    assert refusal.value.code == "store_away"
    assert "UPLOADS_S3_BUCKET" in str(refusal.value.__cause__)


def test_a_file_in_a_store_that_refuses_us_is_not_taken_for_gone(use, server, file):
    stored_files.keep(file, "a")
    use(access_key="bad")

    with pytest.raises(stored_files.StoreAway, match="refuses us"), stored_files.local_copy("a"):
        pass


def test_without_credentials_it_is_told_in_words(use, file, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    use(access_key="", secret_key="")

    with pytest.raises(FileRefused) as refusal:
        stored_files.keep(file, "a")

    assert "Unable to locate credentials" in str(refusal.value.__cause__)


def test_nothing_of_it_is_loaded_where_it_is_not_used():
    code = (
        "import django; django.setup(); from django.core.files.storage import storages; storages['uploads']\n"
    )
    code += "import sys; assert not {'boto3', 'botocore', 'storages'} & set(sys.modules)"

    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env=environment)
