"""What a cell or a field for a number says, before anybody asks which number it is.

Copying and spreadsheets leave things around a number, which are taken off; what makes it another number, or
none, is refused with the true reason. Nothing here adds a digit to a number.
"""

import re
import unicodedata

from contacts.text.excel import excel_damage, has_exponent, is_error
from contacts.text.formula_injection import cell_text

_MAX_CHARACTERS = 60  # of a number or two, however they are written
_MAX_SCANNED = 200  # with what copying left around it
_INVISIBLE = {"Cf", "Cc", "Co", "Cn", "Mn"}

_ZERO_FRACTION = re.compile(r"([+'0-9][0-9\s]*[0-9])[.,]0{1,2}")
_FRACTION = re.compile(r"[0-9][0-9\s]*[.,][0-9]{1,2}")
_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|[12][0-9]|3[01])[-/.](?:19|20)[0-9]{2})"
    r"(?:[T ][0-9:.]+Z?)?"
)
_EXTENSION = re.compile(
    r"[\d)]\s*(?:[;,]?\s*(?:extension|extn?|alanumero|alanro|anknytning|ankn?|interno|int|x)\.?[\s:=]*\d"
    r"|[#;]\s*(?:ext=)?\d{1,6}$)",
    re.IGNORECASE,
)
_LINE_ENDS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")
# What stands between two numbers, or before digits that belong to none.
_BETWEEN = re.compile(r":::|[/;,|*\\\n]|\b(?:or|and|tai|ja|eller|och|e|o)\b")
_IN_PARENTHESES = re.compile(r"(.*\d)\s*\((\d{1,2})\)\s*")
_DIGIT_APART = re.compile(r"(.*\d)[\s\-\u2010-\u2015.]+(\d)\s*")


class InvalidPhone(ValueError):
    """`reason` is for the person who mends the cell."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def bare_number(text: str) -> str:
    """Without invisible marks, a quote, `tel:` and a fraction of zero; 00 is +. Raises InvalidPhone."""
    kept = _without_marks(cell_text(text[:_MAX_SCANNED]))
    _refuse(kept, text)
    if fraction := _ZERO_FRACTION.fullmatch(kept):
        kept = fraction[1]
    elif _FRACTION.fullmatch(kept):
        raise InvalidPhone(
            "This is a number with decimals, as Excel writes sums. Enter the phone number again."
        )
    return "+" + kept[2:] if kept.startswith("00") else kept


def _without_marks(text: str) -> str:
    lines = _LINE_ENDS.sub("\n", text.strip())
    kept = "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in _INVISIBLE)
    kept = kept.replace("\ufffd", "").strip().removeprefix("'").strip()
    return kept[4:].strip() if kept[:4].lower() == "tel:" else kept


def _refuse(kept: str, text: str) -> None:
    if not kept:
        raise InvalidPhone("There is no phone number.")
    if is_error(kept):
        raise InvalidPhone(excel_damage(kept) or "This is an error that Excel shows. Mend it in Excel.")
    if has_exponent(kept.replace(" ", "")):
        raise InvalidPhone(
            "Excel has shortened this number and lost its last digits. "
            "Format the column as text in Excel, and enter the number again."
        )
    if len(kept) > _MAX_CHARACTERS or len(text) > _MAX_SCANNED:
        raise InvalidPhone("This is too long to be a phone number.")
    if _DATE.fullmatch(kept):
        raise InvalidPhone("This is a date, not a phone number.")
    if _EXTENSION.search(kept):
        raise InvalidPhone("This number has an extension, and an extension cannot get messages.")
    if any(each.isalpha() for each in _BETWEEN.sub(" ", kept)):
        raise InvalidPhone("This has letters in it. A phone number has digits only.")
    if not any(each.isdigit() for each in kept):
        raise InvalidPhone("There are no digits here.")


def parts_of(written: str) -> list[str]:
    """The numbers, or pieces of one, that a cell may hold: what stands between two numbers splits it."""
    return [part.strip() for part in _BETWEEN.split(written) if any(each.isdigit() for each in part)]


def without_appendix(written: str) -> str:
    """The number before one digit that stands apart, or two in parentheses at the end; "" where none does."""
    found = _IN_PARENTHESES.fullmatch(written) or _DIGIT_APART.fullmatch(written)
    return found[1] if found else ""
