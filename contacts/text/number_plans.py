"""Mobile numbers read by a pattern for each country, compiled from phonenumbers' own data.

What a pattern takes is what phonenumbers would make of it, in 3 µs a number instead of 62: that alone would
be more than an import may take for a row (50 µs). Whatever it does not take (landlines, countries with rules
of their own, and all mistakes) is left to phonenumbers.
"""

import re
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

_NOTHING = re.compile(r"(?!)")
MIN_DIGITS = 7  # of a number that does not say its country
_MAX_LENGTH = 24
_BEFORE_A_DIGIT_APART = frozenset(" -\u00a0")
_TWO_DIGITS_APART = re.compile(r"[0-9]{7}[ \-\u00a0]{1,3}[0-9]{2}$")


def quick_e164(text: str, region: str | None) -> str | None:
    """The number in E.164, in any country or as written within `region` (ISO alpha-2); None: look closer."""
    if len(text) > _MAX_LENGTH:
        return None
    if text.startswith("+") and _international(text[1:4]).fullmatch(text):
        return text
    digits = text.strip().removeprefix("'").replace(" ", "").replace("-", "").replace("\u00a0", "")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}" if text.lstrip(" '").startswith("00") else ""
    if digits.startswith("+"):
        return digits if _international(digits[1:4]).fullmatch(digits) else None
    if len(digits) < MIN_DIGITS or not region:
        return None
    national = _national(region).fullmatch(digits)
    return f"+{_country_code(region)}{national[1]}" if national else None


def is_quickly_certain(text: str, *, known: bool) -> bool:
    """Whether what quick_e164 takes can be no other number; `known`: the country of it is."""
    if text[:1] in {"+", "0"} and text[1:].isdigit():
        return True
    written = text.strip().removeprefix("'")
    if written[-2:-1] in _BEFORE_A_DIGIT_APART or written[1:2] in _BEFORE_A_DIGIT_APART:
        return False
    if written[-3:-2] in _BEFORE_A_DIGIT_APART and _TWO_DIGITS_APART.search(written[-12:]):
        return False
    return known or written[:1] in {"+", "0"} or not _could_be_mobile_abroad(written)


def _could_be_mobile_abroad(written: str) -> bool:
    digits = "".join(each for each in written if each.isdecimal())
    code = _code_at(digits[:3])
    return len(digits) - len(str(code)) in _mobile_lengths(code) if code else False


@cache
def _code_at(start: str) -> int:
    """The country code that digits begin with; 0 where none does."""
    codes = (int(start[:length]) for length in (1, 2, 3) if start[:length].isascii())
    return next((code for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), 0)


@cache
def _mobile_lengths(code: int) -> frozenset[int]:
    """Of its mobile numbers, without the code."""
    plans = [PhoneMetadata.metadata_for_region(region) for region in COUNTRY_CODE_TO_REGION_CODE[code]]
    mobiles = [plan.mobile for plan in plans if plan and plan.mobile]
    return frozenset(length for mobile in mobiles for length in mobile.possible_length)


@cache
def _country_code(region: str) -> int:
    metadata = PhoneMetadata.metadata_for_region(region)
    return (metadata and metadata.country_code) or 0


def _international(start: str) -> re.Pattern[str]:
    """By the first three digits: a country code has one to three, and none begins with another."""
    return _by_start(start) if start.isascii() and start.isdigit() else _NOTHING


@cache
def _by_start(start: str) -> re.Pattern[str]:
    code = _code_at(start)
    metadata = _plain_plan(COUNTRY_CODE_TO_REGION_CODE[code][0]) if code else None
    if metadata is None:
        return _NOTHING
    trunk = f"(?!{metadata.national_prefix})" if metadata.national_prefix else ""
    return re.compile(rf"\+{code}{trunk}{_mobile(metadata)}", re.ASCII)


@cache
def _national(region: str) -> re.Pattern[str]:
    """A mobile number as it is dialled within the region, and with nothing that could be a country code."""
    metadata = _plain_plan(region)
    if metadata is None:
        return _NOTHING
    abroad = f"(?!{metadata.international_prefix}|{metadata.country_code})"
    return re.compile(rf"{abroad}{metadata.national_prefix or ''}({_mobile(metadata)})", re.ASCII)


def _plain_plan(region: str) -> PhoneMetadata | None:
    """Of the first region of its country code, if what is dialled before a number is plain digits."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or COUNTRY_CODE_TO_REGION_CODE[_country_code(region)][0] != region:
        return None
    plain = metadata.national_prefix_for_parsing in (None, metadata.national_prefix)
    return metadata if plain and not metadata.national_prefix_transform_rule else None


def _mobile(metadata: PhoneMetadata) -> str:
    begins = f"(?={metadata.leading_digits})" if metadata.leading_digits else ""
    return f"{begins}{_described(metadata.general_desc, ahead=True)}{_described(metadata.mobile)}"


def _described(desc: PhoneNumberDesc | None, *, ahead: bool = False) -> str:
    if desc is None:
        return "(?!)"
    lengths = "|".join(rf"\d{{{length}}}" for length in desc.possible_length)
    lookahead = f"(?=(?:{lengths})$)" if lengths else ""
    pattern = f"(?:{desc.national_number_pattern or '(?!)'})"
    return f"{lookahead}(?={pattern}$)" if ahead else f"{lookahead}{pattern}"
