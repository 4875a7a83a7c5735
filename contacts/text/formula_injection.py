"""CSV (formula) injection: cells that a spreadsheet would run are escaped on export, unescaped on import.

So is a text that our own importer would take for something that Excel has spoilt.
"""

import re

from contacts.text import excel

_E164 = re.compile(r"\+[0-9]{7,15}")
_NUMBER_AS_TEXT = re.compile(r"'[0-9][0-9 .,/-]*")  # as programs keep Excel from taking its zeros
_RISKY = frozenset("=+-@\t\r\n'|%＝＋－＠")


def escape_formula(text: str) -> str:
    """Put a quote before what Excel would run, except a phone number in E.164."""
    return f"'{text}" if _needs_quote(text) and not _E164.fullmatch(text) else text


def unescape_formula(text: str) -> str:
    """Take away what `escape_formula` added, or the quote that others put before a number."""
    if not text.startswith("'"):
        return text
    return text[1:] if _needs_quote(text[1:]) or _NUMBER_AS_TEXT.fullmatch(text) else text


def _needs_quote(text: str) -> bool:
    return text[:1] in _RISKY or bool(excel.excel_damage(text))


def cell_text(text: str) -> str:
    """A cell's own text: restored, or out of ="0401234567", by which programs keep Excel from changing it."""
    if text[:2] == '="' and text[-1] == '"' and len(text) > 2:
        return text[2:-1].replace('""', '"')
    return unescape_formula(text)
