"""The country of a number, by its calling code alone: fast enough for each of a million."""

from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE


def country_of(phone: str) -> str:
    """Alpha-2, of the largest country with the code; "" where none has it."""
    return _country_at(phone[1:4])


@cache
def _country_at(start: str) -> str:
    codes = (int(start[:length]) for length in (1, 2, 3) if start.isascii() and start.isdigit())
    return next(
        (COUNTRY_CODE_TO_REGION_CODE[code][0] for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), ""
    )
