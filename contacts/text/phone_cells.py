"""What a cell or a field for a number says, before anybody asks which number it is.

Copying and spreadsheets leave things around a number, which are taken off; what makes it another number, or
none, is refused with the true reason. Nothing here adds a digit to a number.
"""

import re
import unicodedata
from collections.abc import Sequence

from contacts.text.excel import excel_damage, has_exponent, is_error
from contacts.text.formula_injection import cell_text

MAX_DIGITS = 15  # of a number
_MAX_CHARACTERS = 60  # of a number or two, however they are written
_MAX_SCANNED = 200  # with what copying left around it
_INVISIBLE = {"Cf", "Cc", "Co", "Cn", "Mn"}

# Of three zeros and more they may be a group of the number, where so few digits are before them.
_ZERO_FRACTION = re.compile(r"([+'0-9][0-9\s]*[0-9])\s?[.,](?:0{1,2}|(?<=[0-9]{7}[.,])0{3,})")
# A number as a sum: 401.234.567,00 and 401,234,567.00.
_SUM = re.compile(r"([0-9]{1,3}(?:[.'’][0-9]{3})+),0{1,2}|([0-9]{1,3}(?:[,'’][0-9]{3})+)\.0{1,2}")
_FRACTION = re.compile(r"\+?(?:[0-9][0-9\s]*[.,][0-9]{1,2}|[0-9]{9,}\s?[.,][0-9]{3,})")
_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|[12][0-9]|3[01])[-/.](?:(?:19|20)[0-9]{2}|[0-9]{2}))"
    r"(?:[T ][0-9:.]+Z?)?"
)
_DATE_OF_DIGITS = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
)
_EXTENSION = re.compile(
    r"[\d)]\s*(?:[;,]?\s*(?:extension|extn?|alanumero|alanro|anknytning|ankn?|interno|int|x)\.?[\s:=]*\d"
    r"|[#;]\s*(?:ext=)?\d{1,6}$)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^(?:tel|sms|whatsapp|callto):\s*", re.IGNORECASE)
_LINE_ENDS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")
# What stands between two numbers, or before digits that belong to none.
_BETWEEN = re.compile(
    r":::|[/;,|*&\\\n]|(?<=\d)\W*?(?:\+\s+|(?=\+))"
    r"|\b(?:or|and|tai|ja|sekä|eller|och|samt|e|o|oder|und|y|ou|et|või|lub|i)\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"(?<=\d)[\s\-\u2010-\u2015]+(?=\(?0[1-9])")
_DIGITS = re.compile(r"[0-9]+")
_NUMBERED = re.compile(r"[)\]}]|[.:]\s")  # behind the number of an entry in a list
_MOST_IN_A_GROUP = 6  # digits: with more before them, two at the end are no group of the number


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
    elif grouped := _SUM.fullmatch(kept):
        kept = "".join(filter(str.isdigit, grouped[1] or grouped[2]))
    elif _FRACTION.fullmatch(kept):
        raise InvalidPhone(
            "This is a number with decimals, as Excel writes sums. Enter the phone number again."
        )
    return "+" + kept[2:] if kept.startswith("00") else kept


def _without_marks(text: str) -> str:
    lines = _LINE_ENDS.sub("\n", text.strip()).replace("\t", " ")
    kept = "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in _INVISIBLE)
    kept = kept.replace("\ufffd", "").strip().removeprefix("'").strip()
    return _SCHEME.sub("", kept)


def _refuse(kept: str, text: str) -> None:
    if not kept:
        raise InvalidPhone("There is no phone number.")
    if is_error(kept):
        raise InvalidPhone(excel_damage(kept) or "This is an error that Excel shows. Fix it in Excel.")
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
    """The numbers, or pieces of one, that a cell may hold: what stands between two numbers splits it.

    So does a gap before a zero, where there are more digits than a number has.
    """
    parts = _numbers(_BETWEEN.split(written))
    is_long = len(parts) == 1 and sum(each.isdigit() for each in written) > MAX_DIGITS
    return _numbers(_GAP.split(written)) if is_long else parts


def _numbers(parts: Sequence[str]) -> list[str]:
    return [part.strip() for part in parts if any(each.isdigit() for each in part)]


def without_appendix(written: str) -> list[str]:
    """The number without digits that stand apart behind it, or before it; empty where none do.

    One digit is apart by any sign, two behind an ungrouped number or in brackets, more as a list is numbered.
    """
    groups = list(_DIGITS.finditer(written))
    if len(groups) < 2:
        return []
    shorter = []
    (first, second), (last_but_one, last) = groups[:2], groups[-2:]
    is_long = len(last_but_one[0]) > _MOST_IN_A_GROUP or any(
        each in "([{" for each in _between(last_but_one, last)
    )
    if len(last[0]) == 1 or (len(last[0]) == 2 and is_long):
        shorter.append(written[: last_but_one.end()])
    is_entry = len(first[0]) == 1 or bool(_NUMBERED.match(_between(first, second)))
    if "+" not in written[: first.start()] and is_entry and not first[0].startswith("0"):
        shorter.append(written[second.start() :])
    return shorter


def _between(group: re.Match[str], following: re.Match[str]) -> str:
    return group.string[group.end() : following.start()]


def is_date_of_digits(digits: str) -> bool:
    """Whether they say a day, as 19851020 and 20101985 do."""
    return len(digits) == 8 and _DATE_OF_DIGITS.fullmatch(digits) is not None
