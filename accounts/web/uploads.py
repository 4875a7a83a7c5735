"""Files only where a form takes one, from people who may send it: nobody else's is stored, or even read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from accounts.access import NEEDS_FACTOR, SAFE_METHODS, View
from accounts.models import User


class UploadGuardMiddleware(MiddlewareMixin):
    """Above the CSRF check, which is the first that reads a body."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        takes_files = getattr(view_func, "takes_files", False)
        if request.method in SAFE_METHODS or (takes_files and _may_send(request, view_func)):
            return None
        if not takes_files and _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return render(request, "413.html", status=413)
        request.upload_handlers = [_NoFileHandler(request)]
        return None


class _NoFileHandler(FileUploadHandler):
    """The fields before a file are read, and nothing from there on."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.request.has_left_out_file = True  # type: ignore[union-attr]
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """None comes."""

    def file_complete(self, file_size: int) -> None:
        """None does."""


def had_file(request: HttpRequest) -> bool:
    """Whether it came with a file, taken or not."""
    return getattr(request, "has_left_out_file", False) or bool(request.FILES)


def _may_send(request: HttpRequest, view: Any) -> bool:
    is_in = isinstance(request.user, User) and request.user.is_approved
    return is_in and NEEDS_FACTOR not in request.session and view.allows(request)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0
