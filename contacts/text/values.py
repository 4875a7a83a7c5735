"""What the text of a cell or a form's field means."""

import re
import unicodedata
from collections.abc import Callable

from django.utils import timezone

from contacts.text import countries
from contacts.text.formula_injection import cell_text
from contacts.text.normalization import nfc
from contacts.text.regions import dialling_code, region_of_country

Parser = Callable[[str], str | int]  # of a filled, clean text; raises InvalidValue

EARLIEST_BIRTH_YEAR = 1900
_SHARED_CODES = {"1", "7"}  # North America; Russia and Kazakhstan

_GENDERS = {
    "Female": "female|f|fem|w|woman|girl|ms|mrs|miss|nainen|n|naispuolinen|tyttö|rouva|neiti|"
    "kvinna|kvinnlig|k|kv|flicka|fru|fröken|femmina|femminile|donna|signora|sig.ra",
    "Male": "male|m|man|boy|mr|mies|miespuolinen|poika|herra|manlig|pojke|herr|"
    "maschio|maschile|uomo|u|signore|sig",
    "Other": "other|o|x|d|diverse|non-binary|nonbinary|non binary|muu|muunsukupuolinen|"
    "annan|annat|annan-kön|icke-binär|icke binär|altro|altra|non binario",
}
# What programs write where nobody has said it.
_UNSAID = {
    *("unspecified", "not specified", "unknown", "undefined", "non specificato", "non indicato"),
    *("ei määritetty", "määrittämätön", "ei tiedossa", "ei ilmoitettu", "sconosciuto"),
    *("ospecificerat", "ej angivet", "ej angiven", "okänt", "okänd"),
}
GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words.split("|")}

# What nobody sees: soft hyphens, spaces of no width, fillers, marks of order. Joiners stay between letters.
_MARKS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f"
)
_JOINING = "\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
_INVISIBLE = re.compile(f"[{_MARKS}]")
_SUSPECT = re.compile(f"[{_MARKS}\ufe00-\ufe0f\U000e0100-\U000e01ef\ufffd]")
_JOINERS = re.compile(f"[{_JOINING}]")
_NOTHING = re.compile(f"[\\s{_JOINING}]*")

_EMAIL = re.compile(r"""[^\s@<>(),;:"]+@[^\s@<>(),;:".]+(?:\.[^\s@<>(),;:".]+)+""")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


class InvalidValue(ValueError):
    """str() is the reason, for the person who mends the cell."""


def without_invisible(text: str) -> str:
    """As a reader sees it: without what nobody sees, and joiners of letters either."""
    return _JOINERS.sub("", _INVISIBLE.sub("", text))


def visible_name(text: str) -> str:
    """What somebody calls something: one line as a reader sees it, "" where there is nothing to see."""
    return _readable(text)[0]


def clean_text(text: str) -> str:
    return clean(text)[0]


def clean(cell: str) -> tuple[str, bool]:
    """One line of composed text, and whether nothing unreadable had to be taken out."""
    return _readable(cell_text(cell))


def _readable(text: str) -> tuple[str, bool]:
    if text.isascii() and text.isprintable():
        return text.strip(), True
    if text.isprintable() and not _SUSPECT.search(text) and unicodedata.is_normalized("NFC", text):
        return text.strip(), True
    text = _INVISIBLE.sub("", text)
    kept = "".join(each for each in text if each.isspace() or not _is_unreadable(each))
    shown = "" if _NOTHING.fullmatch(kept) else " ".join(nfc(kept).split())
    return shown, len(kept) == len(text)


def _is_unreadable(character: str) -> bool:
    """Controls, surrogates, the mark of an undecodable byte, and what turns the direction of text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Cn"}
        or character == "\ufffd"
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )


def text_up_to(limit: int) -> Parser:
    """Takes any text of so many characters."""

    def parse(text: str) -> str:
        if len(text) > limit:
            raise InvalidValue(too_long(limit))
        return text

    return parse


def too_long(limit: int) -> str:
    return f"This is longer than {limit} characters."


def parse_email(text: str) -> str:
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise InvalidValue("This is not an email address.")
    return text


def parse_gender(text: str) -> str:
    gender = GENDER_OF.get(text.casefold().rstrip("."))
    if gender is None:
        raise InvalidValue(
            "Use female, male or other (also nainen, mies, muu; kvinna, man; femmina, maschio)."
        )
    return gender


def is_unsaid(field: str, text: str) -> bool:
    """Whether it is what programs write of a field of which nobody has said anything."""
    if field == "gender":
        return text.casefold().rstrip(".") in _UNSAID
    return field == "birth_year" and not text.strip("0./- ")


def parse_birth_year(text: str) -> int:
    """A year, or the year of a date."""
    years = _YEAR.findall(text[:30])
    if len(years) != 1 or text.startswith("-"):
        raise InvalidValue("This is not a year of birth. Write it with four digits.")
    year, this_year = int(years[0]), timezone.localdate().year
    if not EARLIEST_BIRTH_YEAR <= year <= this_year:
        raise InvalidValue(f"A year of birth is between {EARLIEST_BIRTH_YEAR} and {this_year}.")
    return year


def parse_country(text: str) -> str:
    """By its dialling code, too, as numbers are read, unless several large countries have that."""
    code = countries.to_alpha3(text)
    if not code and (said := dialling_code(text)):
        if said in _SHARED_CODES:
            raise InvalidValue(f"Several countries have the code {said}. Write the name of the country.")
        code = countries.ALPHA3.get(region_of_country(text), "")
    if not code:
        raise InvalidValue("This is not a country we know. Use its name or its code, such as Finland or FIN.")
    return code
