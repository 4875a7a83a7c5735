"""What a notification says, as the switch `notification_body` has it written."""

import gzip
import json
import zlib
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

JSON, FORM, XML = "application/json", "application/x-www-form-urlencoded", "application/xml"


def written(said: dict[str, Any] | None, form: str) -> dict[str, Any]:
    """The body and its headers, as `requests` takes them; a report has none."""
    if said is None:
        return {}
    if form == "form":
        return _body(urlencode({name: value for name, value in said.items() if value}).encode(), FORM)
    if form == "xml":
        fields = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in said.items())
        return _body(f"<message>{fields}</message>".encode(), XML)
    body = json.dumps(said).encode()
    if form == "gzip":
        return _body(gzip.compress(body), JSON, packed="gzip")
    if form == "deflate":
        return _body(zlib.compress(body, wbits=-zlib.MAX_WBITS), JSON, packed="deflate")
    return _body(body, JSON)


def _body(data: bytes, kind: str, *, packed: str = "") -> dict[str, Any]:
    headers = {"Content-Type": kind} | ({"Content-Encoding": packed} if packed else {})
    return {"data": data, "headers": headers}
