"""Uploads in a store that others wrote, over HTTP: what ours in `test_s3_storage` may be wrong about."""

import random
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer

from contacts.importing.files import stored_files
from contacts.importing.files.refusals import FileRefused
from tests.sandbox_process import free_port

MB = 1024 * 1024
KEYS = {"access_key": "key", "secret_key": "secret", "region_name": "eu-north-1"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port := free_port())
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(address, settings, tmp_path):
    """And two hosts have nothing in common but this."""
    settings.UPLOADS_DIR = tmp_path / "uploads"
    s3 = boto3.resource(
        "s3",
        endpoint_url=address,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="eu-north-1",
    )
    made = s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    options = {"bucket_name": "files", "endpoint_url": address, "location": "uploads"} | KEYS
    backend = "contacts.importing.files.s3_storage.S3Uploads"
    settings.STORAGES = settings.STORAGES | {"uploads": {"BACKEND": backend, "OPTIONS": options}}
    yield made
    made.objects.delete()
    made.delete()


@pytest.mark.parametrize("size", [0, 1, MB - 1, 8 * MB, 8 * MB + 1, 20 * MB])
def test_a_file_of_any_size_is_kept_in_parts_and_read_as_it_was(size, bucket, tmp_path):
    (file := tmp_path / "a.csv").write_bytes(random.Random(size).randbytes(size))

    stored_files.keep(file, "a")

    with stored_files.local_copy("a") as path:
        assert path.read_bytes() == file.read_bytes()
    stored_files.delete("a")
    assert not list(bucket.objects.all())


def test_what_is_old_is_found_and_what_is_gone_is_told(bucket, tmp_path):
    (file := tmp_path / "a.csv").write_bytes(b"Puhelin\n")
    for name in ("a", "b"):
        stored_files.keep(file, name)

    assert sorted(stored_files.names_before(timezone.now() + timedelta(minutes=1))) == ["a", "b"]
    assert stored_files.names_before(timezone.now() - timedelta(minutes=1)) == []
    stored_files.delete("a")
    stored_files.delete("a")
    with pytest.raises(FileRefused, match="no longer here"), stored_files.local_copy("a"):
        pass
