"""A file that goes with a message, as a conversation shows it."""

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
SIZE = "fetchedBytes"  # of ours, beside what SmartDialog says of a file


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
            name=str(kept.get("name") or "Attachment"),
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
