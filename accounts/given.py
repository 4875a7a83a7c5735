"""What somebody put into an address or a form, which may be anything at all."""

KEY = 18  # digits that fit into a key
COUNT = 9  # digits that fit into a plain integer field


def text_of(given: str | None, *, most: int) -> str:
    """Without its edges, at most so many characters, and without NUL, which PostgreSQL takes in no text."""
    return (given or "").replace("\0", "").strip()[:most]


def number_of(given: str | None, *, digits: int = KEY) -> int:
    """A whole number of at most so many digits; 0, which is nobody's key, for anything else."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) <= digits else 0
