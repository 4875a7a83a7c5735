"""A file that goes with a message, named by its address: SmartDialog and WhatsApp fetch it themselves."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms

from accounts.errors import UserError
from messaging.whatsapp.lint.metadata import KINDS_OF_ENDINGS, is_https

MAX_ADDRESS_LENGTH = 2000
HELP = "The address of a picture, video or PDF that SmartDialog can open without signing in."


class NotAnAttachment(UserError):
    """`text` says what to write instead."""


def check(address: str) -> str:
    """The address. It is not opened: what is there may change until people get it."""
    if not is_https(address):
        raise NotAnAttachment(
            "Write the whole address, beginning with https:// and without spaces or a password. "
            "SmartDialog has to reach the file over the internet."
        )
    ending = _path(address).suffix.lower()
    if ending and ending.removeprefix(".") not in KINDS_OF_ENDINGS:
        raise NotAnAttachment(f"WhatsApp shows no {ending} files. Use a jpg, png, mp4, 3gp or pdf.")
    return address


def kept(address: str) -> dict[str, str]:
    """As a message keeps a file, ours or theirs."""
    return {"name": unquote(_path(address).name), "mimeType": "", "resourceLocation": address}


class AttachmentField(forms.CharField):
    """The address of a file; empty: none goes along."""

    widget = forms.URLInput

    def __init__(self, **options: Any) -> None:
        said: dict[str, Any] = {
            "required": False,
            "max_length": MAX_ADDRESS_LENGTH,
            "label": "Attachment",
            "help_text": HELP,
        }
        super().__init__(**said | options)

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        try:
            return check(address) if address else ""
        except NotAnAttachment as error:
            raise forms.ValidationError(error.text) from error


def _path(address: str) -> PurePosixPath:
    return PurePosixPath(urlsplit(address).path)
