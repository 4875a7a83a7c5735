"""One row of cells to the values of a contact, with a reason for each cell that cannot be taken."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from contacts.importing.column_mapping import ACTIVE
from contacts.text import countries, excel
from contacts.text.excel import lost_leading_zeros
from contacts.text.formula_injection import cell_text
from contacts.text.normalization import nfc
from contacts.text.phones import InvalidPhone, to_e164

# A contact's values by target ("first_name", "property:Level"); only what is filled.
Values = dict[str, str | int]

MAX_LENGTHS = {"first_name": 100, "last_name": 100, "street_address": 200, "zip_code": 20, "city": 100}
MAX_PROPERTY_LENGTH = 500
MAX_CELL_LENGTH = 2000  # what is longer is not looked at: no field holds so much
EARLIEST_BIRTH_YEAR = 1900
CACHED_CELLS = 5000  # cells of a column that are remembered while a file is read

_GENDERS = {
    "Female": "female|f|fem|w|woman|girl|ms|mrs|miss|nainen|n|naispuolinen|tyttö|rouva|neiti|"
    "kvinna|kvinnlig|k|kv|flicka|fru|fröken|femmina|femminile|donna|signora|sig.ra",
    "Male": "male|m|man|boy|mr|mies|miespuolinen|poika|herra|manlig|pojke|herr|"
    "maschio|maschile|uomo|u|signore|sig",
    "Other": "other|o|x|d|diverse|non-binary|nonbinary|non binary|muu|muunsukupuolinen|"
    "annan|annat|annan-kön|icke-binär|icke binär|altro|altra|non binario",
}
GENDER_OF = {word: gender for gender, words in _GENDERS.items() for word in words.split("|")}

_EMAIL = re.compile(r"""[^\s@<>(),;:"]+@[^\s@<>(),;:".]+(?:\.[^\s@<>(),;:".]+)+""")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell. `fatal`: the row cannot be taken; otherwise that cell alone is left out."""

    column: int
    target: str
    reason: str
    fatal: bool = False


@dataclass(slots=True)
class ParsedRow:
    values: Values = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


class InvalidValue(ValueError):
    """str() is the reason, for the person who mends the cell."""


CellParser = Callable[[str, str], str | int]


class RowParser:
    """Reads the rows of one file. What its columns are is settled once, so that each row costs little.

    `mapping` holds a target per column; `regions` are tried for national numbers, in order.
    """

    def __init__(self, mapping: Sequence[str], regions: Sequence[str]) -> None:
        self._width = len(mapping)
        self._regions = tuple(regions)
        self._phone = mapping.index("phone") if "phone" in mapping else None
        # The last of each: what good cells were read as, since most come again and again.
        self._optional: list[tuple[int, str, CellParser, dict[str, str | int]]] = [
            (column, target, _READERS.get(target, _short_text), {})
            for column, target in enumerate(mapping)
            if target and target != "phone"
        ]
        # The country of an address that names none: known where all numbers are of one country.
        self._home = countries.ALPHA3.get(regions[0], "") if len(regions) == 1 else ""

    def read(self, cells: Sequence[str]) -> ParsedRow:
        """Without a valid phone number the row is invalid.

        A bad optional cell is left out with a warning, and the row is still taken: one wrong birth year
        is no reason to lose a person. A blank cell gives no value, so that it changes nothing.
        """
        reading = ParsedRow()
        width = len(cells)
        if self._phone is not None:
            self._read_phone(reading, cells[self._phone] if self._phone < width else "")
        values = reading.values
        for column, target, read, known in self._optional:
            if column < width and (cell := cells[column]):
                if cell in known:
                    values[target] = known[cell]
                elif _read_optional(reading, column, target, cell, read) and len(known) < CACHED_CELLS:
                    known[cell] = values[target]
        self._check_zeros(reading)
        if width > self._width:
            self._check_width(reading, cells)
        return reading

    def _read_phone(self, reading: ParsedRow, cell: str) -> None:
        assert self._phone is not None
        try:
            reading.values["phone"] = to_e164(cell, self._regions)
        except InvalidPhone as error:
            reading.problems.append(CellProblem(self._phone, "phone", error.reason, fatal=True))

    def _check_zeros(self, reading: ParsedRow) -> None:
        code = reading.values.get("zip_code")
        country = str(reading.values.get("country_code") or self._home)
        if code and (reason := lost_leading_zeros(str(code), country)):
            del reading.values["zip_code"]
            column = next(column for column, target, *_ in self._optional if target == "zip_code")
            reading.problems.append(CellProblem(column, "zip_code", reason))

    def _check_width(self, reading: ParsedRow, cells: Sequence[str]) -> None:
        if any(cell.strip() for cell in cells[self._width :]):
            reason = "This row has more cells than the header; the last ones are left out."
            reading.problems.append(CellProblem(self._width, "", reason))


def parse_row(cells: Sequence[str], mapping: Sequence[str], regions: Sequence[str]) -> ParsedRow:
    """One row alone; whoever has many makes a RowParser."""
    return RowParser(mapping, regions).read(cells)


def _read_optional(reading: ParsedRow, column: int, target: str, cell: str, read: CellParser) -> bool:
    """Whether the cell gave a value and there is nothing to say of it."""
    if len(cell) > MAX_CELL_LENGTH:
        reading.problems.append(CellProblem(column, target, _too_long(target)))
        return False
    text, was_clean = _clean(cell)
    if not was_clean:
        reading.problems.append(CellProblem(column, target, "Characters that cannot be read were left out."))
    if not text:
        return False
    try:
        if damage := excel.excel_damage(cell.strip()):
            raise InvalidValue(damage)
        reading.values[target] = read(target, text)
    except InvalidValue as error:
        reading.problems.append(CellProblem(column, target, str(error)))
        return False
    return was_clean


def parse_value(target: str, text: str) -> str | int:
    """The value of a filled, clean cell for a target. Raises InvalidValue."""
    return _READERS.get(target, _short_text)(target, text)


def clean_text(text: str) -> str:
    return _clean(text)[0]


def _clean(cell: str) -> tuple[str, bool]:
    """One line of composed text, and whether nothing unreadable had to be taken out."""
    text = cell_text(cell)
    if text.isprintable() and (
        text.isascii() or ("\ufffd" not in text and unicodedata.is_normalized("NFC", text))
    ):
        return text.strip(), True
    kept = "".join(each for each in text if each.isspace() or not _is_unreadable(each))
    return " ".join(nfc(kept).split()), len(kept) == len(text)


def _is_unreadable(character: str) -> bool:
    """Controls, surrogates, the mark of an undecodable byte, and what turns the direction of text."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Cn"}
        or character == "\ufffd"
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )


def _short_text(target: str, text: str) -> str:
    if len(text) > MAX_LENGTHS.get(target, MAX_PROPERTY_LENGTH):
        raise InvalidValue(_too_long(target))
    return text


def _too_long(target: str) -> str:
    return f"This is longer than {MAX_LENGTHS.get(target, MAX_PROPERTY_LENGTH)} characters."


def _email(_target: str, text: str) -> str:
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise InvalidValue("This is not an email address.")
    return text


def _gender(_target: str, text: str) -> str:
    gender = GENDER_OF.get(text.casefold().rstrip("."))
    if gender is None:
        raise InvalidValue(
            "Use female, male or other (also nainen, mies, muu; kvinna, man; femmina, maschio)."
        )
    return gender


def _birth_year(_target: str, text: str) -> int:
    """A year, or the year of a date."""
    years = _YEAR.findall(text[:30])
    if len(years) != 1 or text.startswith("-"):
        raise InvalidValue("This is not a year of birth. Write it with four digits.")
    year, this_year = int(years[0]), timezone.localdate().year
    if not EARLIEST_BIRTH_YEAR <= year <= this_year:
        raise InvalidValue(f"A year of birth is between {EARLIEST_BIRTH_YEAR} and {this_year}.")
    return year


def _country(_target: str, text: str) -> str:
    code = countries.to_alpha3(text)
    if not code:
        raise InvalidValue("This is not a country we know. Use its name or its code, such as Finland or FIN.")
    return code


_YES_OR_NO = {
    word: said
    for said, words in {
        "yes": """yes y true 1 on x active subscribed kyllä kylla k tosi aktiivinen ja j sant aktiv
            sì si s vero attivo attiva iscritto iscritta""",
        "no": """no n false 0 off inactive unsubscribed ei e epätosi passiivinen nej falskt inaktiv
            falso inattivo inattiva""",
    }.items()
    for word in words.split()
}


def _gets_messages(_target: str, text: str) -> str:
    """ "yes" or "no", as our own export and the programs of others say it."""
    answer = _YES_OR_NO.get(text.casefold())
    if answer is None:
        raise InvalidValue("Write Yes or No: whether this person gets messages.")
    return answer


_READERS: dict[str, Callable[[str, str], str | int]] = {
    "email": _email,
    "gender": _gender,
    "birth_year": _birth_year,
    "country_code": _country,
    ACTIVE: _gets_messages,
}
