"""A file that goes with a message, as a conversation shows it."""

import mimetypes
import re
from dataclasses import dataclass
from typing import Any

PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp"}
KINDS = {  # as people call them
    "image/jpeg": "JPEG picture",
    "image/png": "PNG picture",
    "image/gif": "GIF picture",
    "image/webp": "WebP picture",
    "video/mp4": "MP4 video",
    "application/pdf": "PDF",
    "text/plain": "Text",
    "text/vcard": "Contact card",
    "text/x-vcard": "Contact card",
}
FAMILIES = {"image": "Picture", "video": "Video", "audio": "Sound"}
PROGRAMS = {"image/svg+xml"}  # as far as a browser is concerned
UNKNOWN = ".bin"
SIZE = "fetchedBytes"  # of ours, beside what SmartDialog says of a file

# What turns the letters around it: "kuva\u202egpj.exe" would be read as a picture.
_TURNING = re.compile("[\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain_name(name: object) -> str:
    """Of a file, as it is read from left to right."""
    return _TURNING.sub("", str(name or "")).strip()


def name_of_kind(name: str, kind: str) -> str:
    """To keep it by: it ends as its kind does and opens as nothing else, whatever its sender called it."""
    said, packing = mimetypes.guess_type(name, strict=False)
    family = kind.partition("/")[0]
    is_alike = family in FAMILIES and (said or "").startswith(f"{family}/") and said not in PROGRAMS
    if packing is None and (said == kind or is_alike):
        return name
    return name + (mimetypes.guess_extension(kind, strict=False) or UNKNOWN)


@dataclass(frozen=True)
class ShownFile:
    """`size` in bytes, 0 until it was fetched once: SmartDialog does not tell it."""

    name: str
    kind: str
    size: int
    can_be_fetched: bool

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "ShownFile":
        return cls(
            name=plain_name(kept.get("name")) or "Attachment",
            kind=str(kept.get("mimeType") or ""),
            size=int(kept.get(SIZE) or 0),
            can_be_fetched=str(kept.get("resourceLocation", "")).startswith(("https://", "http://")),
        )

    @property
    def is_picture(self) -> bool:
        return self.can_be_fetched and self._kind in PICTURES

    @property
    def kind_in_words(self) -> str:
        """What no word is known for stays as SmartDialog names it."""
        family = FAMILIES.get(self._kind.partition("/")[0], self.kind)
        return KINDS.get(self._kind, family)

    @property
    def _kind(self) -> str:
        return self.kind.partition(";")[0].strip().lower()
