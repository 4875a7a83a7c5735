"""A store like Amazon's S3, in words that say whose fault it is. Imported only where one is configured.

Where no key is named, boto3 looks where it always does: its own variables, files and the machine's role.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from contacts.importing.files.stored_files import StoreAway
from gateway.smartdialog.deadlines import CutOff, Watched, cut_off

# One at a time, in the thread that waits for them: so one end is of them all.
IN_PARTS = TransferConfig(multipart_chunksize=8 * 1024 * 1024, use_threads=False)
CALL_SECONDS = 30.0  # of a call, or between two parts of what is read
LEAST_RATE = 100 * 1024  # bytes a second of a file


class _Connection(Watched, AWSHTTPConnection):
    pass


class _TlsConnection(Watched, AWSHTTPSConnection):
    pass


# botocore asks nobody which connections it should make.
AWSHTTPConnectionPool.ConnectionCls, AWSHTTPSConnectionPool.ConnectionCls = _Connection, _TlsConnection


class S3Uploads(S3Storage):
    """Raises StoreAway for whatever the store, or the way there, has against us."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options, transfer_config=IN_PARTS, client_config=_config(options.get("endpoint_url"))
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        cut = CutOff(CALL_SECONDS)
        try:
            with _in_words(), cut.here():
                return _Body(self._get(name), name, cut)
        except BaseException:
            cut.forget()
            raise

    def _get(self, name: str) -> Any:
        """At once: one that is looked for first may have gone when it is asked for."""
        try:
            return self.bucket.Object(self._normalize_name(clean_name(name))).get()["Body"]
        except ClientError as error:
            if _code(error) == "NoSuchKey":
                raise FileNotFoundError(name) from error
            raise

    def _save(self, name: str, content: File) -> str:
        with _in_time(CALL_SECONDS + content.size / LEAST_RATE):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _in_time():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _in_time():
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _in_time():
            return super().listdir(name)

    def get_modified_time(self, name: str) -> Any:
        with _in_time():
            return super().get_modified_time(name)


class _Body(File):
    """Read as it comes: who reads it knows that it goes on. A store that only drips is away."""

    def __init__(self, body: Any, name: str, cut: CutOff) -> None:
        super().__init__(body, name)
        self._body, self._cut = body, cut
        self._began, self._read = time.monotonic(), 0  # bytes

    def read(self, size: int = -1) -> bytes:
        left = self._began + CALL_SECONDS + self._read / LEAST_RATE - time.monotonic()
        self._cut.prolong(min(left, CALL_SECONDS))
        with _in_words():
            read: bytes = self._body.read(None if size < 0 else size)
            _be_in_time(self._cut)
        self._read += len(read)
        return read

    def close(self) -> None:
        self._cut.forget()
        super().close()


def _config(endpoint: str | None) -> Config:
    """A store that is not Amazon's has no name for each bucket, and may know no checksums but its own.

    Two tries end before the lease of who waits for them does (gateway.workers.leases.JOB_SECONDS).
    """
    return Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"total_max_attempts": 2, "mode": "standard"},
        s3={"addressing_style": "path" if endpoint else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def _in_time(seconds: float | None = None) -> Iterator[None]:
    with _in_words(), cut_off(seconds or CALL_SECONDS) as cut:
        yield
        _be_in_time(cut)


def _be_in_time(cut: CutOff) -> None:
    """What was cut off may look whole."""
    if cut.is_over:
        raise StoreAway(f"the store of UPLOADS_S3_BUCKET takes too long: {_ADVICE}")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise StoreAway(f"the store of UPLOADS_S3_BUCKET {_what_is_wrong(error)}") from error
    except (BotoCoreError, Boto3Error, KeyError) as error:  # or a success that does not say what it promises
        raise StoreAway(f"the store of UPLOADS_S3_BUCKET cannot be used ({error!r}): {_ADVICE}") from error


def _what_is_wrong(error: ClientError) -> str:
    code = _code(error)
    if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return f"has a fault of its own ({code})"
    if code in _OF_CLOCKS:
        return f"has another time than this host ({code}): set the clock that is wrong"
    if code in _OF_BYTES:
        return f"got other bytes than were sent ({code}): something on the way there changes them"
    return f"refuses us ({code}): {_ADVICE}"


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "?"))


_OF_CLOCKS = {"RequestTimeTooSkewed", "RequestExpired"}
_OF_BYTES = {"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"}
_ADVICE = "see UPLOADS_S3_BUCKET, _ENDPOINT, _REGION, _ACCESS_KEY and _SECRET_KEY"
