"""Phone numbers in E.164 taken apart: quickly, since lists show many."""

from functools import cache, lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat


@lru_cache(maxsize=10_000)
def format_phone(number: str) -> str:
    """+358451234567 -> +358 45 1234567; what is no phone number stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def calling_code(digits: str) -> str:
    """What a number in E.164 without its + begins with: "358", "39"; "" when that is no country."""
    return _code_at(digits[:3])


@lru_cache(maxsize=10_000)
def _code_at(start: str) -> str:
    """Of the first three digits: a code has one to three, and none begins with another."""
    return next((start[:length] for length in (1, 2, 3) if start[:length] in _calling_codes()), "")


@cache
def _calling_codes() -> set[str]:
    return {str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE}
