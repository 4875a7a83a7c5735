"""What is sent here is UTF-8, as our pages say: nobody else names a codec that it is read by.

Python has some that read no text, which would be a fault here, and some that take ages.
"""

import re
from typing import Any

_KEPT = re.compile(rb'^[^;]*|;\s*boundary=(?:"[^"]*"|[^;]*)', re.IGNORECASE)


def plain(scope: Any) -> Any:
    """Of a content type its name alone, and what lies between the parts of a form."""
    return scope | {"headers": [_plain(*each) for each in scope["headers"]]}


def _plain(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return name, b"".join(_KEPT.findall(value)) if name == b"content-type" else value
