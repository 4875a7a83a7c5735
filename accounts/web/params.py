"""What somebody put into an address or a form, which may be anything at all."""

from datetime import date
from uuid import UUID, uuid4

PK_DIGITS = 18  # digits that fit into a key
INT_DIGITS = 9  # digits that fit into a plain integer field


def text_param(text: str | None, *, most: int) -> str:
    """Without its edges, at most so many characters, and without NUL, which PostgreSQL takes in no text."""
    return (text or "").replace("\0", "").strip()[:most]


def int_param(text: str | None, *, digits: int = PK_DIGITS) -> int:
    """A whole number of at most so many digits; 0, which is nobody's key, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else 0


def date_param(text: str | None) -> date | None:
    """A day of these centuries as a date field sends it; None for anything else."""
    try:
        found = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return found if 1970 < found.year < 3000 else None


def uuid_param(text: str | None) -> UUID:
    """The token of a form; a new one for what is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()
