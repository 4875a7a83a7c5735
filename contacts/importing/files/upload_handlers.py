"""Uploads on their way in, whatever form they were sent to: stopped when too large, or the disk full."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from contacts.importing.files.file_kinds import MAX_FILE_BYTES

MAX_REQUEST_BYTES = MAX_FILE_BYTES + 1024 * 1024  # with the other fields of the form


class SizeLimitHandler(FileUploadHandler):
    """First of the handlers: the others store what it passes on.

    A body that does not say its length is not read at all: Django takes it for an empty one. Of one that was
    cut before it came here, which its scope says, no file is taken.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.request is None:
            return
        cut = self.request.META.get("asgi.scope", {}).get("body_cut")
        self.request.upload_has_no_room = cut == "no room"  # type: ignore[attr-defined]
        if cut or is_too_large(self.request):
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler has it."""


class DiskFullAwareHandler(TemporaryFileUploadHandler):
    """A file that the disk has no room for is not there; `has_no_room` tells why."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self.file.close()
            self._stop()

    def _stop(self) -> None:
        self.request.upload_has_no_room = True  # type: ignore[union-attr]
        raise StopUpload(connection_reset=True)


def has_no_room(request: HttpRequest) -> bool:
    """Whether a file of the request could not be kept while it came in."""
    return getattr(request, "upload_has_no_room", False)


def is_too_large(request: HttpRequest) -> bool:
    """Whether the files of the request are not taken for its size."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > MAX_REQUEST_BYTES
