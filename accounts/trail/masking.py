"""What no log may hold: phone numbers, the secrets of hooks, tokens and codes."""

import logging
import re

HIDDEN = "•••"
# 7 to 15 digits on their own: not part of an id, a time or a name.
_PHONE = re.compile(r"(?<![\w.:-])((?:\+|%2B)?\d{3})\d{2,10}(\d{2})(?![.:-]?\w)", re.ASCII)
_NAMES = "access_token|refresh_token|client_secret|code|code_verifier|state"
_SECRET = re.compile(rf"(/hooks/(?:inbound|dlr)/|Bearer |\b(?:{_NAMES})=)(?!hook:)[^\s/&?\"'<>,]+", re.ASCII)


def masked(text: str) -> str:
    """The text with the middle of numbers, and secrets, hidden."""
    return _PHONE.sub(rf"\1{HIDDEN}\2", _SECRET.sub(rf"\1{HIDDEN}", text))


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, with what an exception says."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
