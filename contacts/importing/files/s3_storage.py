"""A store like Amazon's S3, in words that say whose fault it is. Imported only where one is configured.

Where no key is named, boto3 looks where it always does: its own variables, files and the machine's role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from contacts.importing.files.stored_files import StoreAway

A_FEW_PARTS = TransferConfig(multipart_chunksize=8 * 1024 * 1024, max_concurrency=2)  # at once in memory


class S3Uploads(S3Storage):
    """Raises StoreAway for whatever the store, or the way there, has against us."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options, transfer_config=A_FEW_PARTS, client_config=_config(options.get("endpoint_url"))
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        with _in_words():
            return _Body(super()._open(name, mode).obj.get()["Body"], name)

    def _save(self, name: str, content: File) -> str:
        with _in_words():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _in_words():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _in_words():
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _in_words():
            return super().listdir(name)

    def get_modified_time(self, name: str) -> Any:
        with _in_words():
            return super().get_modified_time(name)


class _Body(File):
    """Read as it comes: who reads it knows that it goes on, however slow the store is."""

    def __init__(self, body: Any, name: str) -> None:
        super().__init__(body, name)
        self._body = body

    def read(self, size: int = -1) -> bytes:
        with _in_words():
            read: bytes = self._body.read(None if size < 0 else size)
        return read


def _config(endpoint: str | None) -> Config:
    """A store that is not Amazon's has no name for each bucket, and may know no checksums but its own.

    Two tries end before the lease of who waits for them does (gateway.leases.JOB_SECONDS).
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
def _in_words() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "?")
        raise StoreAway(f"the store of UPLOADS_S3_BUCKET refuses us ({code}): {_ADVICE}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreAway(f"the store of UPLOADS_S3_BUCKET cannot be used ({error}): {_ADVICE}") from error


_ADVICE = "see UPLOADS_S3_BUCKET, _ENDPOINT, _REGION, _ACCESS_KEY and _SECRET_KEY"
