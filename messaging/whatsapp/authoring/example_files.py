"""The example file that the reviewers of a template get, looked at when its writer asks."""

from dataclasses import dataclass
from threading import BoundedSemaphore

from django.template.defaultfilters import filesizeformat

from accounts.errors import UserError
from gateway import public_files
from gateway.public_files import PublicFile
from messaging.whatsapp.lint.metadata import is_https
from messaging.whatsapp.models import Template
from messaging.whatsapp.models.states import HeaderKind

# As servers call what WhatsApp takes: its Cloud API, "supported media types".
KINDS = {
    "image/jpeg": HeaderKind.IMAGE,
    "image/png": HeaderKind.IMAGE,
    "video/mp4": HeaderKind.VIDEO,
    "video/3gpp": HeaderKind.VIDEO,
    "application/pdf": HeaderKind.DOCUMENT,
}


AT_ONCE = 3  # in a process: each may take half a minute of a thread that serves pages
_looking = BoundedSemaphore(AT_ONCE)


class NoExample(UserError):
    """`text` says what is wrong with what is there."""


@dataclass(frozen=True)
class Looked:
    """What was found at the address, in words."""

    words: str
    is_good: bool


def look(template: Template) -> Looked:
    """Fetched through the guard: never from a private network."""
    try:
        return Looked(_found(template), is_good=True)
    except UserError as error:
        return Looked(error.text, is_good=False)


def _found(template: Template) -> str:
    if not is_https(template.attachment_url):
        raise NoExample("Give its whole address first, beginning with https://.")
    file = _fetched(template.attachment_url)
    kind = KINDS.get(file.kind)
    if kind is None:
        raise NoExample(f"Its server calls it {file.kind}: WhatsApp takes jpg, png, mp4, 3gp and pdf.")
    if template.header_kind not in ("", kind):
        raise NoExample(f"It is {kind.label.lower()}: choose that as its kind.")
    return f"It is there: {kind.label.lower()}, {filesizeformat(len(file.content))}."


def _fetched(url: str) -> PublicFile:
    if not _looking.acquire(blocking=False):
        raise NoExample("Other files are being looked at. Look at yours again in a minute.")
    try:
        return public_files.fetch(url)
    finally:
        _looking.release()
