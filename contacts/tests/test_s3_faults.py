"""A store that fails in the middle: between it and us stands somebody who answers some requests otherwise."""

import hashlib
import http.client
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from django.utils import timezone
from moto.server import ThreadedMotoServer

from contacts.importing import checking, import_lifecycle
from contacts.importing.files import stored_files
from contacts.importing.files.refusals import FileRefused
from contacts.importing.files.stored_files import StoreAway
from contacts.models import ImportState
from contacts.tests.conftest import make_import
from tests.sandbox_process import free_port

MB = 1024 * 1024
KEYS = {"access_key": "key", "secret_key": "secret", "region_name": "eu-north-1"}
FORGOTTEN = {"Connection", "Transfer-Encoding", "Content-Length", "Server", "Date"}


def flipped(whole: bytes) -> bytes:
    """A bit of it, in the middle."""
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]


def said(code: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No</Message></Error>".encode()


@dataclass
class Fault:
    """Of requests like `PUT partNumber=2`: `times` are answered so.

    `is_unsaid`: before, one is done, and not answered. `change`: of what is read.
    """

    asked: str
    status: int = 500
    body: bytes = said("InternalError")
    times: int = 1000
    is_unsaid: bool = False
    change: Callable[[bytes], bytes] | None = None

    def strikes(self, request: str) -> bool:
        method, _, query = self.asked.partition(" ")
        if not request.startswith(method) or query not in request:
            return False
        self.times -= 1
        return self.times >= 0


class Between(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault: Fault | None = self.server.fault
        strikes = fault is not None and fault.strikes(f"{self.command} {self.path}")
        if strikes and not fault.change and not fault.is_unsaid:
            self.answer(fault.status, {}, fault.body)
            return
        status, headers, answer = self.passed_on(body)
        if strikes and fault.is_unsaid:
            fault.is_unsaid = False
            self.close_connection = True
        else:
            self.answer(status, headers, fault.change(answer) if strikes else answer)

    def passed_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        behind = http.client.HTTPConnection(self.server.behind)
        headers = {name: value for name, value in self.headers.items() if name != "Expect"}
        behind.request(self.command, self.path, body, headers)
        response = behind.getresponse()
        kept = {name: value for name, value in response.getheaders() if name not in FORGOTTEN}
        kept["Content-Length"] = response.getheader("Content-Length") or "0"
        content = response.read()
        behind.close()
        return response.status, kept, content

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        length = headers.get("Content-Length") if self.command == "HEAD" else str(len(body))
        for name, value in (headers | {"Content-Length": length or "0"}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_PUT = do_GET = do_HEAD = do_DELETE = do_POST = handle_any  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port := free_port())
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def between(moto) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as running:
        running.fault, running.behind = None, moto
        threading.Thread(target=running.serve_forever, args=[0.01], daemon=True).start()  # soon shut down
        yield running
        running.shutdown()


@pytest.fixture
def bucket(moto, between, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    s3 = boto3.resource(
        "s3",
        endpoint_url=f"http://{moto}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="eu-north-1",
        config=Config(s3={"addressing_style": "path"}),
    )
    made = s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    options = {
        "bucket_name": "files",
        "endpoint_url": f"http://127.0.0.1:{between.server_port}",
        "location": "uploads",
    } | KEYS
    backend = "contacts.importing.files.s3_storage.S3Uploads"
    settings.STORAGES = settings.STORAGES | {"uploads": {"BACKEND": backend, "OPTIONS": options}}
    yield made
    made.objects.delete()
    made.delete()


@pytest.fixture
def large(tmp_path) -> Path:
    """Of three parts."""
    (tmp_path / "large.csv").write_bytes(random.Random(1).randbytes(20 * MB))
    return tmp_path / "large.csv"


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def what_is_there(bucket) -> tuple[list[str], int]:
    return [each.key for each in bucket.objects.all()], len(list(bucket.multipart_uploads.all()))


PAGE = b"<html>Sign in to the network</html>"
AWAY = {
    "refused as it begins": (Fault("POST ?uploads", 503, said("SlowDown")), "fault of its own"),
    "a page as it begins": (Fault("POST ?uploads", 200, PAGE), "cannot be used"),
    "a part fails": (Fault("PUT partNumber=2"), "fault of its own"),
    "the last part fails": (Fault("PUT partNumber=3", 503, b""), "fault of its own"),
    "a part came otherwise": (Fault("PUT partNumber=2", 400, said("BadDigest")), "other bytes"),
    "another time": (Fault("PUT partNumber=1", 403, said("RequestTimeTooSkewed")), "clock"),
    "the end fails": (Fault("POST ?uploadId", 500), "fault of its own"),
    "the end fails with a success": (Fault("POST ?uploadId", 200, said("InternalError")), "fault of its own"),
    "a key that ends meanwhile": (Fault("PUT partNumber=2", 403, said("ExpiredToken")), "refuses us"),
    "no room": (Fault("PUT partNumber=2", 507, said("InsufficientStorage")), "fault of its own"),
}


@pytest.mark.parametrize(("fault", "words"), AWAY.values(), ids=AWAY)
def test_what_fails_in_the_middle_leaves_nothing_and_is_told(fault, words, bucket, between, large):
    between.fault = fault
    fault.times = 1000

    with pytest.raises(FileRefused) as refusal:
        stored_files.keep(large, "a")

    assert refusal.value.code == "store_away"
    assert words in str(refusal.value.__cause__)
    assert what_is_there(bucket) == ([], 0)


@pytest.mark.parametrize(
    "asked", ["POST ?uploads", "PUT partNumber=1", "PUT partNumber=3", "POST ?uploadId", "PUT a"]
)
@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_fails_once_is_tried_again(asked, status, bucket, between, large):
    between.fault = Fault(asked, status, said("SlowDown"), times=1)

    stored_files.keep(large, "a")

    with stored_files.local_copy("a", digest=digest_of(large)) as path:
        assert path.read_bytes() == large.read_bytes()
    assert what_is_there(bucket) == (["uploads/a"], 0)


def test_what_was_kept_and_did_not_say_so_says_it_again(bucket, between, large):
    between.fault = Fault("POST ?uploadId", times=1, is_unsaid=True)

    stored_files.keep(large, "a")

    assert what_is_there(bucket) == (["uploads/a"], 0)


def test_what_was_kept_and_never_said_so_is_found_as_a_file_of_nothing(bucket, between, large):
    between.fault = Fault("POST ?uploadId", 404, said("NoSuchUpload"), is_unsaid=True)

    with pytest.raises(FileRefused) as refusal:
        stored_files.keep(large, "a")

    assert refusal.value.code == "store_away"
    assert stored_files.names_before(timezone.now() + timedelta(minutes=1)) == ["a"]


READ = {
    "a fault": (Fault("GET a"), StoreAway, "fault of its own"),
    "a bucket that is gone": (Fault("GET a", 404, said("NoSuchBucket")), StoreAway, "refuses us"),
    "another time": (Fault("GET a", 403, said("RequestTimeTooSkewed")), StoreAway, "clock"),
    "a file that has gone meanwhile": (Fault("GET a", 404, said("NoSuchKey")), FileRefused, "no longer here"),
    "a file that is shorter now": (Fault("GET a", change=lambda whole: whole[:-1]), FileRefused, "as it was"),
    "a byte is another": (Fault("GET a", change=flipped), FileRefused, "as it was"),
    "an empty file": (Fault("GET a", change=lambda whole: b""), FileRefused, "as it was"),
    "a page in its place": (Fault("GET a", 200, PAGE), FileRefused, "as it was"),
}


@pytest.mark.parametrize(("fault", "error", "words"), READ.values(), ids=READ)
def test_what_cannot_be_read_is_told_as_what_it_is(fault, error, words, bucket, between, large, tmp_path):
    stored_files.keep(large, "a")
    between.fault = fault
    fault.times = 1000

    with pytest.raises(error, match=words), stored_files.local_copy("a", digest=digest_of(large)):
        pass

    assert not list(tmp_path.glob("uploads/*"))


@pytest.mark.django_db
def test_a_check_waits_for_a_store_that_fails_and_is_refused_where_its_file_is_another(
    bucket, between, group, mikko
):
    job = make_import(group, mikko, "0401234567;Anna;Aalto;;;\n" * 3)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    between.fault = Fault("GET")
    for _ in range(3):
        checking.check(job.pk)
        job.refresh_from_db()
        assert (job.state, job.stalls, job.leased_until) == (ImportState.CHECKING, 0, None)

    between.fault = Fault("GET", change=flipped)
    checking.check(job.pk)

    job.refresh_from_db()
    assert (job.state, job.refusal_code) == (ImportState.REFUSED, "gone")
    assert job.rows.count() == 0


@pytest.mark.parametrize("fault", [Fault("DELETE"), Fault("DELETE", 403, said("RequestTimeTooSkewed"))])
def test_what_cannot_be_deleted_now_goes_later(fault, bucket, between, large, caplog):
    stored_files.keep(large, "a")
    between.fault = fault

    stored_files.delete("a")

    assert "deleted later" in caplog.text
    assert what_is_there(bucket) == (["uploads/a"], 0)
