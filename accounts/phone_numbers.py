"""Phone numbers in E.164 taken apart: quickly, since lists show many."""

import re
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

UNGROUPED_TAIL = 4  # so many last digits never decide where the gaps are


def format_phone(number: str) -> str:
    """+358451234567 -> +358 45 1234567; what is no phone number stays as it is."""
    digits = number.removeprefix("+")
    if len(number) - len(digits) != 1 or not (
        digits.isascii() and digits.isdigit() and 10 < len(digits) < 16
    ):
        return _format_uncached(number)
    gaps = _grouping(number[:-UNGROUPED_TAIL], len(digits))
    return gaps % tuple(digits) if gaps else _format_uncached(number)


def calling_code(digits: str) -> str:
    """What a number in E.164 without its + begins with: "358", "39"; "" when that is no country."""
    return _code_at(digits[:3])


@lru_cache(maxsize=10_000)
def _code_at(start: str) -> str:
    """Of the first three digits: a code has one to three, and none begins with another."""
    return next((start[:length] for length in (1, 2, 3) if start[:length] in _calling_codes()), "")


@lru_cache(maxsize=10_000)
def _grouping(beginning: str, length: int) -> str:
    """Where the digits of such numbers go, "+%s%s%s %s%s …"; "" when they are rearranged, too."""
    filled = beginning + "0" * (length + 1 - len(beginning))
    written = _format_uncached(filled)
    same = re.sub(r"\D", "", written) == filled.removeprefix("+")
    return re.sub(r"\d", "%s", written) if same else ""


def _format_uncached(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


@cache
def _calling_codes() -> set[str]:
    return {str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE}
