"""How much may be sent to which address, and how slowly: the one table."""

import re
from dataclasses import dataclass

from django.conf import settings

from contacts.importing.files.upload_handlers import MAX_REQUEST_BYTES
from gateway.views.hooks import LARGEST
from smartdialog_admin.web import SLOWEST


@dataclass(frozen=True)
class BodyLimit:
    """`seconds` for all of it, and one more for each `rate` bytes that came."""

    size: int  # bytes
    seconds: float
    rate: float = float("inf")  # bytes a second
    takes_files: bool = False

    def deadline(self, received: int) -> float:
        """Seconds from the beginning until which more has to come."""
        return self.seconds + received / self.rate


HOOK = BodyLimit(LARGEST, 10)
FORM = BodyLimit(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, 30, SLOWEST)
FILE = BodyLimit(MAX_REQUEST_BYTES, 30, SLOWEST, takes_files=True)
BY_PATH = [
    (re.compile(r"/hooks/", re.ASCII), HOOK),
    (re.compile(r"/contacts/\d+/import/\Z", re.ASCII), FILE),
    (re.compile(r"/campaigns/\d+/list/\Z", re.ASCII), FILE),
    (re.compile(r"/settings/opt-outs/import/\Z", re.ASCII), FILE),
]


def limit_of(path: str) -> BodyLimit:
    return next((limit for pattern, limit in BY_PATH if pattern.match(path)), FORM)
