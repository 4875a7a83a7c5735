"""The body of a notification: unpacked, and read in any letter case and in the encodings that are met."""

import json
import zlib
from typing import Any
from urllib.parse import parse_qsl, urlencode

# As the contract writes them: of names that differ by case alone, these come first.
DECLARED = {
    *("sender", "recipient", "content", "timestamp", "protocol", "attachments", "messageId", "threadId"),
    *("name", "mimeType", "resourceLocation"),
}

NEEDED_OF_A_FORM = {"sender", "recipient", "content"}
MOST_FIELDS = 200
LARGEST_UNPACKED = 1024 * 1024  # bytes
_GZIP, _EITHER, _RAW = b"\x1f\x8b", zlib.MAX_WBITS | 32, -zlib.MAX_WBITS


def is_packed(body: bytes) -> bool:
    """By gzip, or as HTTP's deflate should be."""
    return body[:2] == _GZIP or (body[:1] == b"x" and len(body) > 1 and int.from_bytes(body[:2]) % 31 == 0)


def unpacked(body: bytes, encoding: str = "") -> bytes:
    """What was packed, where all of it comes out; else the body as it came.

    `encoding`: the Content-Encoding. By deflate, many mean the bare stream, which nothing but this tells.
    """
    ways = [_EITHER] * is_packed(body) + [_RAW] * (encoding.strip().lower() == "deflate")
    return next((whole for way in ways if (whole := _whole(body, way)) is not None), body)


def _whole(body: bytes, way: int) -> bytes | None:
    packed = zlib.decompressobj(way)
    try:
        whole = packed.decompress(body, LARGEST_UNPACKED)
    except zlib.error:
        return None
    return whole if packed.eof and not packed.unused_data else None


def read_json(body: bytes) -> Any:
    """Names in small letters. Raises ValueError, RecursionError."""
    return json.loads(_decoded(body), object_pairs_hook=_by_name)


def read_form(body: bytes) -> dict[str, Any] | None:
    """A form that says by the known names who wrote what to whom. None: it is none, or says more."""
    fields = _form_fields(_decoded(body).strip().strip("&"))
    found = _by_name(fields)
    has_files = any(name.startswith("attachments") and value for name, value in found.items())
    return found if found.keys() >= NEEDED_OF_A_FORM and not has_files else None


def as_query(body: bytes) -> str | None:
    """What a report says in its body, as its address would say it. None: that cannot be told."""
    if not body.strip():
        return ""
    try:
        said = read_json(body)
    except (ValueError, RecursionError):
        said = dict(reversed(_form_fields(_decoded(body).strip().strip("&")))) or None
    if not isinstance(said, dict):
        return None
    texts = {name: each if isinstance(each, str) else json.dumps(each) for name, each in said.items()}
    return urlencode(texts, errors="replace")


def _form_fields(text: str) -> list[tuple[str, str]]:
    for encoding in ("utf-8", "cp1252"):
        try:
            return parse_qsl(
                text,
                keep_blank_values=True,
                strict_parsing=True,
                encoding=encoding,
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        except UnicodeDecodeError:
            continue
        except ValueError:  # no form
            break
    return []


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
