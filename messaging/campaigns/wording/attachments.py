"""Whether a file's address may go with a message: SmartDialog and WhatsApp fetch it themselves."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from accounts.errors import UserError
from messaging.whatsapp.lint.metadata import KINDS_OF_ENDINGS, is_https


class NotAnAttachment(UserError):
    """`text` says what to write instead."""


def check(address: str) -> str:
    """The address. It is not opened: what is there may change until people get it."""
    if not is_https(address):
        raise NotAnAttachment(
            "Write the whole address, beginning with https:// and without spaces or a password. "
            "SmartDialog has to reach the file over the internet."
        )
    ending = PurePosixPath(urlsplit(address).path).suffix.lower()
    if ending and ending.removeprefix(".") not in KINDS_OF_ENDINGS:
        raise NotAnAttachment(f"WhatsApp shows no {ending} files. Use a jpg, png, mp4, 3gp or pdf.")
    return address
