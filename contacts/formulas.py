"""Cells that a spreadsheet would run as formulas: defused on the way out, restored on the way in."""

import re

_E164 = re.compile(r"\+[0-9]{7,15}")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "|", "%")


def defuse(text: str) -> str:
    """Put a quote before what Excel would run, except a phone number in E.164."""
    if text.startswith(_RISKY) and not _E164.fullmatch(text):
        return f"'{text}"
    return text


def restore(text: str) -> str:
    """Take away exactly what `defuse` added."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text
