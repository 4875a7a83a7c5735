"""Phone numbers as people and Excel write them, to E.164."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from contacts.text import countries
from contacts.text.excel import has_exponent, is_error
from contacts.text.formula_injection import cell_text
from contacts.text.number_plans import quick_e164

_MAX_CHARACTERS = 40  # of a number, however it is written
_MAX_SCANNED = 200  # with what copying left around it


class InvalidPhone(ValueError):
    """`reason` is for the person who mends the cell."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def to_e164(text: str, regions: Sequence[str]) -> str:
    """The number in E.164; a national one is tried in each region (alpha-2) in order. Raises InvalidPhone.

    A country code without + or 00 counts only for the given regions: guessing another country could
    message a stranger.
    """
    if quick := quick_e164(text, regions[0] if regions else None):
        return quick
    written = _plain(text)
    _refuse_unreadable(written)
    number = _first_valid(written, regions)
    if number is None:
        raise InvalidPhone(_why_not(written, regions))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _plain(text: str) -> str:
    """Without what copying and spreadsheets leave around a number: invisible marks, a quote, `tel:`, `.0`."""
    text = cell_text(text[:_MAX_SCANNED])
    kept = "".join(each for each in text if unicodedata.category(each) not in {"Cf", "Cc", "Co", "Cn"})
    kept = kept.replace("\ufffd", "").strip().removeprefix("'").strip()
    kept = kept[4:] if kept[:4].lower() == "tel:" else kept
    kept = kept.removesuffix(".0") if kept.count(".") == 1 and kept[:-2].lstrip("+").isdigit() else kept
    return "+" + kept[2:] if kept.startswith("00") else kept


def _refuse_unreadable(written: str) -> None:
    if not written:
        raise InvalidPhone("There is no phone number.")
    if is_error(written):
        raise InvalidPhone("This is an error that Excel shows instead of a number. Mend it in Excel.")
    if has_exponent(written.replace(" ", "")):
        raise InvalidPhone(
            "Excel has shortened this number and lost its last digits. "
            "Format the column as text in Excel, and enter the number again."
        )
    if len(written) > _MAX_CHARACTERS:
        raise InvalidPhone("This is too long to be a phone number.")
    if any(each.isalpha() for each in written):
        raise InvalidPhone("This has letters in it. A phone number has digits only.")
    if not any(each.isdigit() for each in written):
        raise InvalidPhone("There are no digits here.")


def _first_valid(written: str, regions: Sequence[str]) -> PhoneNumber | None:
    for region in (None,) if written.startswith("+") else regions:
        try:
            number = phonenumbers.parse(written, region)
        except NumberParseException:
            continue
        if number.extension is None and phonenumbers.is_valid_number(number):
            return number
    return None


def _why_not(written: str, regions: Sequence[str]) -> str:
    digits = sum(each.isdigit() for each in written)
    if digits < 7:
        return "This is too short to be a phone number."
    if digits > 15:
        return "This has too many digits to be a phone number."
    if written.startswith("+"):
        return "No phone number begins like this or has this length. Check the country code and the digits."
    if _first_valid(f"+{written}", ()):
        return (
            "The + or 00 of this number seems to be missing, as Excel takes them away. "
            "Write it with +, and format the column as text in Excel."
        )
    return (
        f"This is not a phone number in {_spoken(regions)}. "
        "Write numbers of other countries with + and the country code."
    )


def _spoken(regions: Sequence[str]) -> str:
    return " or ".join(region_names().get(region, region) for region in regions) or "any chosen country"


# Regions with numbers of their own that the time zone data has no name for.
_WITHOUT_A_ZONE = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}
# The short picker, in the order it is offered.
COMMON_REGIONS = {
    "FI": "Finland",
    "SE": "Sweden",
    "IT": "Italy",
    "AX": "Åland Islands",
    "NO": "Norway",
    "DK": "Denmark",
    "EE": "Estonia",
    "LV": "Latvia",
    "LT": "Lithuania",
    "DE": "Germany",
    "NL": "Netherlands",
    "FR": "France",
    "SM": "San Marino",
    "VA": "Vatican City",
    "CH": "Switzerland",
    "AT": "Austria",
    "ES": "Spain",
    "PT": "Portugal",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "PL": "Poland",
    "US": "United States",
}


@cache
def region_names() -> dict[str, str]:
    """Every region that numbers can be read in, by code: the common ones first, the others by name."""
    english = countries.english_names() | _WITHOUT_A_ZONE
    others = {code: english.get(code, code) for code in phonenumbers.SUPPORTED_REGIONS}
    return COMMON_REGIONS | dict(sorted(others.items(), key=lambda pair: pair[1]))
