"""Which phone number a text says: one that is certain, several that are possible, or none, with the reason.

The one judge of numbers, for imports, forms, pasted lists, look-ups and senders.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from contacts.text.number_plans import MIN_DIGITS, is_quickly_certain, quick_e164
from contacts.text.phone_cells import (
    MAX_DIGITS,
    InvalidPhone,
    bare_number,
    is_date_of_digits,
    parts_of,
    without_appendix,
)
from contacts.text.regions import region_names, spoken
from contacts.text.spellings import SPELT_IN_SEVERAL_WAYS as SPELT_IN_SEVERAL_WAYS
from contacts.text.spellings import current_spelling
from contacts.text.spellings import spellings as spellings

_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_MORE_THAN_ONE = "There is more than a phone number here. Leave the number alone in the cell."
_AT_LEAST = 5  # digits of a second number; fewer are the end of a first one


class NumberType(StrEnum):
    MOBILE = "mobile"  # or a plan that does not tell, as in the United States
    LANDLINE = "landline"
    OTHER = "other"  # premium rate, toll free, internet telephony and the like


_TYPES = {
    PhoneNumberType.MOBILE: NumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberType.MOBILE,
    PhoneNumberType.FIXED_LINE: NumberType.LANDLINE,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a text. `way`: the region (alpha-2) of a national number, else "+" and country code."""

    phone: str  # E.164
    type: NumberType
    way: str

    def __str__(self) -> str:
        return f"{self.phone} ({region_names().get(region_of(self.phone), 'another country')})"


class ReadPhone(NamedTuple):
    """A number that is certain. `note` tells what else the text says, for whoever wrote it."""

    phone: str
    type: NumberType
    note: str = ""


class UnclearPhone(InvalidPhone):
    """It may be one of several numbers, or none: a person has to say."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = tuple(candidates)
        readings = " or ".join(map(str, candidates))
        other = ", or another number" if len(candidates) == 1 else ""
        super().__init__(
            f"This may be {readings}{other}. Choose which, or write it with + and the country code."
        )

    def decided(self, way: str) -> ReadPhone | None:
        """As somebody decided for all alike: a region's national number, else one with its country code.

        None where that leaves none, or still two.
        """
        code = f"+{phonenumbers.country_code_for_region(way)}"
        found = [each for each in self.candidates if each.way == way]
        found = found or [each for each in self.candidates if each.way == code]
        return ReadPhone(found[0].phone, found[0].type) if len(found) == 1 else None


def to_e164(text: str, regions: Sequence[str]) -> str:
    """The number in E.164. Raises InvalidPhone, and UnclearPhone where two readings are possible."""
    return read_number(text, regions).phone


def read_number(text: str, regions: Sequence[str], *, country: str = "") -> ReadPhone:
    """Which number it is, within `regions` (alpha-2), or within `country` where that is known of this one.

    Raises InvalidPhone; UnclearPhone where the regions, a missing + or a digit apart leave two readings. A
    country code without its + is asked about wherever it could be anything else: guessing could message a
    stranger.
    """
    places = (country,) if country else tuple(regions)
    quick = quick_e164(text, places[0] if len(places) == 1 else None)
    if quick and is_quickly_certain(text, known=bool(country)):
        return ReadPhone(quick, NumberType.MOBILE)
    written = bare_number(text)
    parts = parts_of(written)
    try:
        if len(parts) > 1 and (first := _first_of(parts, places, known=bool(country))):
            return first
        return _read_one(written.replace("\n", " "), places, known=bool(country))
    except UnclearPhone:
        raise
    except InvalidPhone:
        # Somebody who lives there may have a number of here.
        if country and (elsewhere := _candidates(written, regions, known=False)):
            raise UnclearPhone(elsewhere) from None
        raise


def is_international(text: str) -> bool:
    """Whether a number is written with its country code, by + or 00."""
    try:
        return bare_number(text).startswith("+")
    except InvalidPhone:
        return False


def type_of(phone: str) -> NumberType:
    """Of a number in E.164."""
    if quick_e164(phone, None):
        return NumberType.MOBILE
    try:
        return _TYPES.get(phonenumbers.number_type(phonenumbers.parse(phone)), NumberType.OTHER)
    except NumberParseException:
        return NumberType.OTHER


def region_of(phone: str) -> str:
    """Of a number in E.164: alpha-2; "" for those of no country."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""
    except NumberParseException:
        return ""


def _first_of(parts: Sequence[str], places: Sequence[str], *, known: bool) -> ReadPhone | None:
    """Of two whole numbers the first, and a word of the rest. None: the parts are groups of one number.

    A few digits beside a number make it uncertain which it is.
    """
    try:
        first = _read_one(parts[0], places, known=known)
    except UnclearPhone:
        if any(map(_is_short, parts[1:])):
            raise InvalidPhone(_MORE_THAN_ONE) from None
        raise
    except InvalidPhone:
        if len(parts[0].strip(" ().")) < 3 and _is_number(parts[-1], places, known=known):
            raise InvalidPhone(_MORE_THAN_ONE) from None
        return None
    if any(map(_is_short, parts[1:])):
        raise InvalidPhone(_MORE_THAN_ONE)
    others = ", ".join(parts[1:])
    return ReadPhone(first.phone, first.type, f"There are several numbers here: {others} was left out.")


def _is_short(part: str) -> bool:
    return sum(each.isdigit() for each in part) < _AT_LEAST


def _is_number(written: str, places: Sequence[str], *, known: bool) -> bool:
    return written.startswith(("0", "+")) and bool(_candidates(written, places, known=known))


def _read_one(written: str, places: Sequence[str], *, known: bool) -> ReadPhone:
    candidates = _candidates(_without_trunk_zero(written), places, known=known)
    shorter = [each for text in without_appendix(written) for each in _candidates(text, places, known=known)]
    if shorter and not candidates:
        raise InvalidPhone(_MORE_THAN_ONE)
    found = list({each.phone: each for each in shorter + candidates}.values())
    if not found:
        raise InvalidPhone(_why_not(written, places))
    if len(found) > 1 or _is_doubtful(found[0], written, places, known=known):
        raise UnclearPhone(sorted(found, key=lambda each: each.type != NumberType.MOBILE))
    return ReadPhone(found[0].phone, found[0].type)


def _without_trunk_zero(written: str) -> str:
    """ "+358 (0)40" is +358 40, where numbers have a zero that is dialled within the country alone."""
    zero = _TRUNK_ZERO.search(written)
    if not zero or not any(map(str.isdigit, written[: zero.start()])):
        return written
    region = _region_of_code(f"+{written.removeprefix('+')}")
    if _trunk_prefix(region) != "0":
        raise InvalidPhone(
            f"Numbers in {spoken([region])} have no zero in parentheses. "
            "Write the number as it is dialled from abroad."
        )
    return _TRUNK_ZERO.sub("", written, count=1)


def _region_of_code(written: str) -> str:
    try:
        code = phonenumbers.parse(_TRUNK_ZERO.sub("", written, count=1)).country_code or 0
    except NumberParseException:
        return ""
    return phonenumbers.region_code_for_country_code(code)


def _candidates(written: str, places: Sequence[str], *, known: bool) -> list[Candidate]:
    """Every number that it can be."""
    if written.startswith("+"):
        return list(_international(written))
    digits = "".join(each for each in written if each.isdecimal())
    if len(digits) < MIN_DIGITS:
        return []
    national = [each for region in places for each in _national(written, region)]
    if digits.startswith("0"):  # no country code begins so; one may have lost the other zero before it
        return national + [each for region in places for each in _without_a_zero(digits, region)]
    abroad = list(_international(f"+{digits}"))
    codes = {f"+{phonenumbers.country_code_for_region(region)}" for region in places}
    return national + [
        each for each in abroad if each.way in codes or (not known and each.type == NumberType.MOBILE)
    ]


def _without_a_zero(digits: str, region: str) -> Iterator[Candidate]:
    """A mobile number of the region behind its own country code and one zero, of two."""
    if digits.startswith(f"0{phonenumbers.country_code_for_region(region)}"):
        found = _international(f"+{digits[1:]}")
        yield from (each for each in found if each.type == NumberType.MOBILE)


def _is_doubtful(only: Candidate, written: str, places: Sequence[str], *, known: bool) -> bool:
    """Whether the one valid reading is not the only one that somebody may have meant."""
    if written.startswith("+"):
        return False
    digits = "".join(each for each in written if each.isdecimal())
    if is_date_of_digits(digits) or (only.way.startswith("+") and digits.startswith("0")):
        return True
    if only.way.startswith("+"):
        return only.way not in {f"+{phonenumbers.country_code_for_region(region)}" for region in places}
    return not known and any(_begins_with_code(digits, region) for region in places)


def _begins_with_code(digits: str, region: str) -> bool:
    """Whether it could be the region's own code without +, by its length, though no such number is in use."""
    code = str(phonenumbers.country_code_for_region(region))
    if not digits.startswith(code) or digits.startswith("0"):
        return False
    rest = PhoneNumber(country_code=int(code), national_number=int(digits.removeprefix(code) or 0))
    return phonenumbers.is_possible_number(rest)


def _national(written: str, region: str) -> Iterator[Candidate]:
    """Without the zero that it is dialled with it is believed of people's numbers alone, not of services'."""
    number = _parsed(written, region)
    if number is None:
        return
    found = _candidate(number, region)
    if found.type != NumberType.OTHER or written.lstrip(" (").startswith("0") or _trunk_prefix(region) != "0":
        yield found


def _trunk_prefix(region: str) -> str:
    """What is dialled before a national number within the region."""
    return phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""


def _international(written: str) -> Iterator[Candidate]:
    number = _parsed(current_spelling(written), None)
    if number is not None:
        yield _candidate(number, f"+{number.country_code}")


def _candidate(number: PhoneNumber, way: str) -> Candidate:
    kind = _TYPES.get(phonenumbers.number_type(number), NumberType.OTHER)
    return Candidate(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind, way)


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, region)
    except NumberParseException:
        return None
    return number if number.extension is None and phonenumbers.is_valid_number(number) else None


def _why_not(written: str, regions: Sequence[str]) -> str:
    digits = sum(each.isdigit() for each in written)
    if digits < MIN_DIGITS:
        return "This is too short to be a phone number."
    if digits > MAX_DIGITS:
        return "This has too many digits to be a phone number."
    if written.startswith("+"):
        return "No phone number begins like this or has this length. Check the country code and the digits."
    if _parsed(f"+{written}", None):
        return (
            "The + or 00 of this number seems to be missing, as Excel takes them away. "
            "Write it with +, and format the column as text in Excel."
        )
    return (
        f"This is not a phone number in {spoken(regions)}. "
        "Write numbers of other countries with + and the country code."
    )
