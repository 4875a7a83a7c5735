"""The JSON of a notification, read in any letter case and in the encodings that are met."""

import json
from typing import Any

# As the contract writes them: of names that differ by case alone, these come first.
DECLARED = {
    *("sender", "recipient", "content", "timestamp", "protocol", "attachments", "messageId", "threadId"),
    *("name", "mimeType", "resourceLocation"),
}


def read_json(body: bytes) -> Any:
    """Names in small letters. Raises ValueError, RecursionError."""
    return json.loads(_decoded(body), object_pairs_hook=_by_name)


def _decoded(body: bytes) -> str:
    try:
        return body.decode(json.detect_encoding(body), "surrogatepass").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _by_name(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that comes twice the first that says something."""
    found: dict[str, Any] = {}
    for name, value in sorted(pairs, key=lambda pair: pair[0] not in DECLARED):
        if value is not None:
            found.setdefault(name.lower(), value)
    return found
