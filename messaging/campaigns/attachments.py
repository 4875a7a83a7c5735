"""Whether a file's address may go with a message: SmartDialog and WhatsApp fetch it themselves."""

from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from accounts.errors import UserError
from messaging.whatsapp.lint.metadata import is_https

SHOWN = {".jpg", ".jpeg", ".png", ".mp4", ".3gp", ".pdf"}  # by WhatsApp; an address may name no kind


class NotAnAttachment(UserError):
    """`text` says what to write instead."""


def check(address: str) -> str:
    """The address. It is not opened: what is there may change until people get it."""
    if not is_https(address) or any(letter.isspace() for letter in address):
        raise NotAnAttachment("Write the whole address, beginning with https:// and without spaces.")
    parts = urlsplit(address)
    if "@" in parts.netloc or not _is_public(parts.hostname or ""):
        raise NotAnAttachment("SmartDialog has to reach the file over the internet, without a password.")
    kind = PurePosixPath(parts.path).suffix.lower()
    if kind and kind not in SHOWN:
        raise NotAnAttachment(f"WhatsApp shows no {kind} files. Use a jpg, png, mp4, 3gp or pdf.")
    return address


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:  # a name
        return True
