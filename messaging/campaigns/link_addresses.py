"""Short links as they stand in a text, and where they may lead."""

from urllib.parse import urlsplit

from django.conf import settings

TOKEN_LENGTH = 10  # letters and digits, 59 bits: nobody guesses one
SCHEMES = ["http", "https"]


def url_of(token: str) -> str:
    return f"{settings.PUBLIC_URL}/l/{token}"


def sample() -> str:
    """As long as each person's own; it leads nowhere."""
    return url_of("x" * TOKEN_LENGTH)


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.hostname)
