"""One row of cells to the values of a contact, with a reason for each cell that cannot be taken."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from contacts.formulas import restore
from contacts.importing import countries
from contacts.importing.phones import NotAPhone, to_e164

# A contact's values by target ("first_name", "property:Level"); only what is filled.
Values = dict[str, str | int]

LONGEST = {"first_name": 100, "last_name": 100, "street_address": 200, "zip_code": 20, "city": 100}
LONGEST_PROPERTY = 500
EARLIEST_BIRTH_YEAR = 1900

_GENDERS = {
    "Female": "female f w woman nainen n kvinna kvinnlig k femmina femminile donna",
    "Male": "male m man mies miespuolinen manlig maschio maschile uomo",
    "Other": "other o x non-binary nonbinary muu annan annat annan-kön altro",
}
GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell. `fatal`: the row cannot be taken; otherwise that cell alone is left out."""

    column: int
    target: str
    reason: str
    fatal: bool = False


@dataclass(slots=True)
class Reading:
    values: Values = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


class Unusable(ValueError):
    """str() is the reason, for the person who mends the cell."""


def read_row(cells: Sequence[str], mapping: Sequence[str], regions: Sequence[str]) -> Reading:
    """`mapping` holds a target per column. Without a valid phone number the row is invalid.

    A bad optional cell is left out with a warning, and the row is still taken: one wrong birth year is
    no reason to lose a person. A blank cell gives no value, so that it changes nothing.
    """
    reading = Reading()
    for column, target in enumerate(mapping):
        cell = cells[column] if column < len(cells) else ""
        if target == "phone":
            _read_phone(reading, column, cell, regions)
        elif target and cell:
            _read_optional(reading, column, target, cell)
    extra = [cell for cell in cells[len(mapping) :] if cell.strip()]
    if extra:
        reading.problems.append(
            Problem(len(mapping), "", "This row has more cells than the header; the last ones are left out.")
        )
    return reading


def _read_phone(reading: Reading, column: int, cell: str, regions: Sequence[str]) -> None:
    try:
        reading.values["phone"] = to_e164(cell, regions)
    except NotAPhone as error:
        reading.problems.append(Problem(column, "phone", error.reason, fatal=True))


def _read_optional(reading: Reading, column: int, target: str, cell: str) -> None:
    text, was_clean = _clean(cell)
    if not was_clean:
        reading.problems.append(Problem(column, target, "Characters that cannot be read were left out."))
    if not text:
        return
    try:
        reading.values[target] = read_text(target, text)
    except Unusable as error:
        reading.problems.append(Problem(column, target, str(error)))


def read_text(target: str, text: str) -> str | int:
    """The value of a filled, clean cell for a target. Raises Unusable."""
    return _READERS.get(target, _short_text)(target, text)


def clean_text(text: str) -> str:
    return _clean(text)[0]


def _clean(cell: str) -> tuple[str, bool]:
    """One line of composed text, and whether nothing unreadable had to be taken out."""
    text = restore(cell)
    if text.isascii() and text.isprintable():
        return text.strip(), True
    text = " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(each for each in text if not _is_unreadable(each))
    return kept.strip(), len(kept) == len(text)


def _is_unreadable(character: str) -> bool:
    """Controls, surrogates, the mark of an undecodable byte, and what turns the direction of text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Cn"}
        or character == "\ufffd"
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )


def _short_text(target: str, text: str) -> str:
    longest = LONGEST.get(target, LONGEST_PROPERTY)
    if len(text) > longest:
        raise Unusable(f"This is longer than {longest} characters.")
    return text


def _email(_target: str, text: str) -> str:
    name, at, domain = text.partition("@")
    labels = domain.split(".")
    shaped = name and at and len(labels) > 1 and all(labels) and "@" not in domain
    if not shaped or len(text) > 254 or any(each.isspace() or each in '<>(),;:"' for each in text):
        raise Unusable("This is not an email address.")
    return text


def _gender(_target: str, text: str) -> str:
    gender = GENDER_OF.get(text.casefold().rstrip("."))
    if gender is None:
        raise Unusable("Use female, male or other (also nainen, mies, muu; kvinna, man; femmina, maschio).")
    return gender


def _birth_year(_target: str, text: str) -> int:
    """A year, or the year of a date."""
    years = re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", text[:30])
    if len(years) != 1 or text.startswith("-"):
        raise Unusable("This is not a year of birth. Write it with four digits.")
    year, this_year = int(years[0]), timezone.localdate().year
    if not EARLIEST_BIRTH_YEAR <= year <= this_year:
        raise Unusable(f"A year of birth is between {EARLIEST_BIRTH_YEAR} and {this_year}.")
    return year


def _country(_target: str, text: str) -> str:
    code = countries.to_alpha3(text)
    if not code:
        raise Unusable("This is not a country we know. Use its name or its code, such as Finland or FIN.")
    return code


_READERS: dict[str, Callable[[str, str], str | int]] = {
    "email": _email,
    "gender": _gender,
    "birth_year": _birth_year,
    "country_code": _country,
}
