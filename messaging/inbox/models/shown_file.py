"""A file that goes with a message, as a conversation shows it."""

from dataclasses import dataclass
from typing import Any

PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp"}
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
        return self.can_be_fetched and self.kind.partition(";")[0].strip().lower() in PICTURES
