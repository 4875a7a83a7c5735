"""Which phone number a text says: one that is certain, several that are possible, or none, with the reason.

The one judge of numbers, for imports, forms, pasted lists, look-ups and senders.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from contacts.text.number_plans import is_quickly_certain, quick_e164
from contacts.text.phone_cells import InvalidPhone, bare_number, parts_of, without_appendix
from contacts.text.regions import region_names, spoken

MIN_DIGITS, MAX_DIGITS = 7, 15
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
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


@dataclass(frozen=True, slots=True)
class Reading:
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

    def decided(self, way: str) -> Reading | None:
        """As somebody decided for all alike: a region's national number, else one with its country code.

        None where that leaves none, or still two.
        """
        code = f"+{phonenumbers.country_code_for_region(way)}"
        found = [each for each in self.candidates if each.way == way]
        found = found or [each for each in self.candidates if each.way == code]
        return Reading(found[0].phone, found[0].type) if len(found) == 1 else None


def to_e164(text: str, regions: Sequence[str]) -> str:
    """The number in E.164. Raises InvalidPhone, and UnclearPhone where two readings are possible."""
    return read_number(text, regions).phone


def read_number(text: str, regions: Sequence[str], *, country: str = "") -> Reading:
    """Which number it is, within `regions` (alpha-2), or within `country` where that is known of this one.

    Raises InvalidPhone; UnclearPhone where the regions, a missing + or a digit apart leave two readings. A
    country code without its + is asked about wherever it could be anything else: guessing could message a
    stranger.
    """
    places = (country,) if country else tuple(regions)
    quick = quick_e164(text, places[0] if len(places) == 1 else None)
    if quick and is_quickly_certain(text, known=bool(country)):
        return Reading(quick, NumberType.MOBILE)
    written = bare_number(text)
    parts = parts_of(written)
    first = _certain_alone(parts[0], places, known=bool(country)) if len(parts) > 1 else None
    if first is not None:
        return _with_rest(first, parts[1:], places)
    try:
        return _read_one(written.replace("\n", " "), places, known=bool(country))
    except UnclearPhone:
        raise
    except InvalidPhone:
        # Somebody who lives there may have a number of here.
        if country and (elsewhere := _candidates(written, regions, known=False)):
            raise UnclearPhone(elsewhere) from None
        raise


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


def _certain_alone(written: str, places: Sequence[str], *, known: bool) -> Reading | None:
    try:
        return _read_one(written, places, known=known)
    except InvalidPhone:
        return None


def _with_rest(first: Reading, rest: Sequence[str], places: Sequence[str]) -> Reading:
    """Of two whole numbers the first is taken; a few digits behind a number make it uncertain."""
    if any(sum(each.isdigit() for each in part) < _AT_LEAST for part in rest):
        raise InvalidPhone("There is more than a phone number here. Leave the number alone in the cell.")
    others = ", ".join(rest)
    return Reading(first.phone, first.type, f"There are several numbers here: {others} was left out.")


def _read_one(written: str, places: Sequence[str], *, known: bool) -> Reading:
    candidates = _candidates(_without_trunk_zero(written), places, known=known)
    shorter = without_appendix(written)
    if candidates and shorter:
        candidates += _candidates(shorter, places, known=known)
    found = list({each.phone: each for each in candidates}.values())
    if not found:
        raise InvalidPhone(_why_not(written, places))
    if len(found) > 1 or _is_doubtful(found[0], written, places, known=known):
        raise UnclearPhone(sorted(found, key=lambda each: each.type != NumberType.MOBILE))
    return Reading(found[0].phone, found[0].type)


def _without_trunk_zero(written: str) -> str:
    """ "+358 (0)40" is +358 40, where numbers have a zero that is dialled within the country alone."""
    if not (written.startswith("+") and _TRUNK_ZERO.search(written)):
        return written
    region = _region_of_code(written)
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
    if digits.startswith("0"):  # no country code begins so
        return national
    abroad = list(_international(f"+{digits}"))
    codes = {f"+{phonenumbers.country_code_for_region(region)}" for region in places}
    return national + [
        each for each in abroad if each.way in codes or (not known and each.type == NumberType.MOBILE)
    ]


def _is_doubtful(only: Candidate, written: str, places: Sequence[str], *, known: bool) -> bool:
    """Whether the one valid reading is not the only one that somebody may have meant."""
    if written.startswith("+") or known:
        return False
    digits = "".join(each for each in written if each.isdecimal())
    if only.way.startswith("+"):
        return only.way not in {f"+{phonenumbers.country_code_for_region(region)}" for region in places}
    return any(_begins_with_code(digits, region) for region in places)


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
    number = _parsed(_current_spelling(written), None)
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


# One phone each: Mexico dropped the 1 after its code in 2020, Brazil gave mobiles a ninth digit by 2016.
_FORMER_SPELLINGS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
)
# What else the same phone may be kept or reported as. Argentina's 9 is written by some and not by others.
SPELT_IN_SEVERAL_WAYS = ("52", "54", "55")  # country codes: Mexico, Argentina, Brazil
_OTHER_SPELLINGS: Sequence[tuple[re.Pattern[str], str]] = (
    *_FORMER_SPELLINGS,
    (re.compile(r"\+52(\d{10})"), r"+521\1"),
    (re.compile(r"\+55(\d\d)9([6-9]\d{7})"), r"+55\1\2"),
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+54(\d{10})"), r"+549\1"),
)


def _current_spelling(written: str) -> str:
    if not written.startswith(("+52", "+55")):
        return written
    digits = "+" + "".join(each for each in written if each.isdecimal())
    return next(
        (found.expand(now) for was, now in _FORMER_SPELLINGS if (found := was.fullmatch(digits))), written
    )


def spellings(phone: str) -> list[str]:
    """Every E.164 that means this phone: itself first, then as it was or is written elsewhere."""
    others = [found.expand(other) for was, other in _OTHER_SPELLINGS if (found := was.fullmatch(phone))]
    return [phone, *others]
