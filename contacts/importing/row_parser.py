"""One row of cells to the values of a contact, with a reason for each cell that cannot be taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import category

from contacts.fields import (
    ACTIVE,
    CONSENT_TARGETS,
    LAST_NAME_FIRST,
    OTHER_PHONE,
    PHONE_BEGINNING,
    PROPERTY_PREFIX,
    WHOLE_NAMES,
    Values,
    cell_parser_of,
    limit_of,
    parser_of,
)
from contacts.importing.columns import phone_columns
from contacts.importing.value_decisions import UNDECIDED, Decisions
from contacts.text import countries, excel
from contacts.text.consent_notes import forbids, may_forbid
from contacts.text.consent_words import NO, YES
from contacts.text.excel import lost_leading_zeros
from contacts.text.names import split_name
from contacts.text.number_plans import MIN_DIGITS
from contacts.text.phones import (
    Candidate,
    InvalidPhone,
    NumberType,
    ReadPhone,
    UnclearPhone,
    is_international,
    region_of,
)
from contacts.text.regions import region_of_country
from contacts.text.several_numbers import apart, only_numbers
from contacts.text.split_numbers import read_any, with_beginning
from contacts.text.values import InvalidValue, Parser, clean, is_unsaid, too_long

LONGEST_CELL = 2000  # what is longer is not looked at: no field holds so much
CACHED_CELLS = 5000  # cells of a column that are remembered while a file is read

_OF_THE_ROW = {"phone", OTHER_PHONE, PHONE_BEGINNING, *CONSENT_TARGETS}  # read with other cells of it
_MAY_BE_NO = "This may say that the person gets no messages. Say which it is."
_GETS_MESSAGES, _OPTED_OUT = "Gets messages", "Opted out"  # in place of such words
_NO_OF_NOBODY = (
    "This row says No. It holds for nobody before its number is certain: mend that, or opt them out."
)
_NO_BESIDE = "It is not certain which number this is, so the No of this row does not hold for it."


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell. `fatal`: the row cannot be taken; otherwise that cell alone is left out.

    `choices`: the texts that a person may put in its place, where it can be read in several ways.
    """

    column: int
    target: str
    reason: str
    fatal: bool = False
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class ParsedRow:
    """`barred_too`: other numbers of somebody who gets no messages."""

    values: Values = field(default_factory=dict)
    barred_too: list[str] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    phone_type: NumberType = NumberType.MOBILE
    is_unclear: bool = False

    @property
    def is_valid(self) -> bool:
        return not self.problems or not any(problem.fatal for problem in self.problems)


class RowParser:
    """Reads the rows of one file. What its columns are is settled once, so that each row costs little.

    `mapping` holds a target per column. National numbers are of the row's own country where a column tells
    it, else of `regions`. `unseen`: columns of which nobody was asked whether they say No.
    """

    def __init__(
        self,
        mapping: Sequence[str],
        regions: Sequence[str],
        decisions: Decisions = UNDECIDED,
        unseen: Sequence[int] = (),
    ) -> None:
        self._width = len(mapping)
        self._regions = tuple(regions)
        self._decisions = decisions
        self._phone = mapping.index("phone") if "phone" in mapping else None
        self._country = mapping.index("country_code") if "country_code" in mapping else None
        self._zip = mapping.index("zip_code") if "zip_code" in mapping else None
        self._other_phones = [column for column, target in enumerate(mapping) if target == OTHER_PHONE]
        self._own_numbers = [each for each in enumerate(mapping) if _holds_own_number(each[1])]
        self._beginnings = [column for column, target in enumerate(mapping) if target == PHONE_BEGINNING]
        # The last of each: what good cells were read as, since most come again and again.
        self._optional: list[tuple[int, str, Parser, dict[str, str | int]]] = [
            (column, target, cell_parser_of(target), {})
            for column, target in enumerate(mapping)
            if target and target not in _OF_THE_ROW
        ]
        self._consents = [
            (column, target, parser_of(target))
            for column, target in enumerate(mapping)
            if target in CONSENT_TARGETS
        ]
        self._unseen = [(column, mapping[column]) for column in unseen]
        self._harmless: set[str] = set()  # what cells of those say that says no No
        self._whole_name = next((target for target in mapping if target in WHOLE_NAMES), "")
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
            self._read_phone(reading, self._number_of(cells), cells)
        values = reading.values
        for column, target, parse, known in self._optional:
            if column < width and (cell := cells[column]):
                if cell in known:
                    values[target] = known[cell]
                elif _read_optional(reading, column, target, cell, parse) and len(known) < CACHED_CELLS:
                    known[cell] = values[target]
        if self._whole_name and self._whole_name in values:
            _split_name(values, self._whole_name)
        if self._consents:
            self._read_consent(reading, cells)
        if self._unseen:
            self._look_for_no(reading, cells)
        if values.get(ACTIVE) == NO:
            self._bar_other_numbers(reading, cells)
        if self._zip is not None:
            self._check_zeros(reading, self._zip)
        if width > self._width:
            self._check_width(reading, cells)
        return reading

    def _region(self, cells: Sequence[str]) -> str:
        """Of the row's own country; "" where it tells none."""
        if self._country is None or self._country >= len(cells):
            return ""
        return region_of_country(cells[self._country])

    def _number_of(self, cells: Sequence[str]) -> str:
        """Of several columns the first mobile number, or else the first that is filled."""
        assert self._phone is not None
        first = cells[self._phone] if self._phone < len(cells) else ""
        if not self._other_phones:
            return first
        written = [first, *(cells[column] for column in self._other_phones if column < len(cells))]
        filled = [cell for cell in written if cell.strip()]
        mobile = (cell for cell in filled if phone_columns.looks_like_mobile(cell, self._regions))
        return next(mobile, filled[0] if filled else first)

    def _read_phone(self, reading: ParsedRow, cell: str, cells: Sequence[str]) -> None:
        assert self._phone is not None
        try:
            number = self._number(cell, cells)
        except UnclearPhone as unclear:
            reading.is_unclear = True
            choices = tuple(each.phone for each in unclear.candidates)
            reading.problems.append(
                CellProblem(self._phone, "phone", unclear.reason, fatal=True, choices=choices)
            )
        except InvalidPhone as error:
            reading.problems.append(CellProblem(self._phone, "phone", error.reason, fatal=True))
        else:
            reading.values["phone"], reading.phone_type = number.phone, number.type
            if number.note:
                reading.problems.append(CellProblem(self._phone, "phone", number.note))

    def _number(self, cell: str, cells: Sequence[str]) -> ReadPhone:
        country = self._region(cells)
        said = (
            [cells[column] for column in self._beginnings if column < len(cells)] if self._beginnings else []
        )
        texts = with_beginning(said, cell) if said else [cell]
        try:
            number = read_any(texts, self._regions, country=country)
            if not country and self._tells_another_country(cells) and not is_international(texts[0]):
                raise UnclearPhone([Candidate(number.phone, number.type, region_of(number.phone))])
        except UnclearPhone as unclear:
            decided = unclear.decided(self._decisions.region) if self._decisions.region else None
            if decided is None:
                raise
            return decided
        return number

    def _tells_another_country(self, cells: Sequence[str]) -> bool:
        """Whether the row names a country that we do not know, of a row without a known one."""
        if self._country is None or self._country >= len(cells):
            return False
        return any(each.isalnum() or category(each) == "So" for each in cells[self._country])

    def _read_consent(self, reading: ParsedRow, cells: Sequence[str]) -> None:
        """One No is enough; who does not say Yes in each column is asked about.

        Whose number is not certain, nobody knows yet: a No of theirs is told, and applied once it is.
        """
        said, problems = set(), []
        for column, target, parse in self._consents:
            try:
                cell = cells[column] if column < len(cells) else ""
                said.add(_consent_of(cell, parse, blank=self._decisions.blank_consent))
            except InvalidValue as error:
                problem = CellProblem(column, target, str(error), fatal=True, choices=("Yes", "No"))
                problems.append(problem)
        if not reading.is_valid:
            reading.problems += (
                [CellProblem(self._consents[0][0], ACTIVE, _NO_OF_NOBODY)] if NO in said else []
            )
        elif NO in said or not problems:
            reading.values[ACTIVE] = NO if NO in said else YES
        else:
            reading.is_unclear = True
            reading.problems += problems

    def _bar_other_numbers(self, reading: ParsedRow, cells: Sequence[str]) -> None:
        """The No is the person's, so it holds for each of their numbers."""
        others: dict[str, None] = {}
        uncertain: list[CellProblem] = []
        for column, target in self._own_numbers:
            cell = cells[column] if column < len(cells) else ""
            for text in only_numbers(cell) or apart(cell, self._regions):
                if sum(map(str.isdecimal, text)) < MIN_DIGITS:
                    continue
                try:
                    others[self._number(text, cells).phone] = None
                except InvalidPhone:
                    uncertain.append(CellProblem(column, target, f"{text}: {_NO_BESIDE}"))
        others.pop(str(reading.values["phone"]), None)
        reading.barred_too = list(others)
        # No number was left out, as the phone's note says.
        reading.problems = [each for each in reading.problems if each.target != "phone"] + uncertain

    def _look_for_no(self, reading: ParsedRow, cells: Sequence[str]) -> None:
        harmless, width = self._harmless, len(cells)
        for column, _ in self._unseen:
            if column < width and cells[column] not in harmless:
                break
        else:
            return
        new = [each for each in self._unseen if each[0] < width and cells[each[0]] not in harmless]
        is_worth_it = may_forbid("\n".join([cells[column] for column, _ in new]))
        for column, target in new:
            if is_worth_it and forbids(cells[column][:LONGEST_CELL]):
                _ask_about_no(reading, column, target, cells[column])
            elif len(harmless) < CACHED_CELLS:
                harmless.add(cells[column])

    def _check_zeros(self, reading: ParsedRow, column: int) -> None:
        code = reading.values.get("zip_code")
        country = str(reading.values.get("country_code") or self._home)
        if code and (reason := lost_leading_zeros(str(code), country)):
            del reading.values["zip_code"]
            reading.problems.append(CellProblem(column, "zip_code", reason))

    def _check_width(self, reading: ParsedRow, cells: Sequence[str]) -> None:
        if any(cell.strip() for cell in cells[self._width :]):
            reason = "This row has more cells than the header; the last ones are left out."
            reading.problems.append(CellProblem(self._width, "", reason))


def parse_row(cells: Sequence[str], mapping: Sequence[str], regions: Sequence[str]) -> ParsedRow:
    """One row alone; whoever has many makes a RowParser."""
    return RowParser(mapping, regions).read(cells)


def _holds_own_number(target: str) -> bool:
    """Whether a number in such a column is the person's, be it a property."""
    if target.startswith(PROPERTY_PREFIX):
        return phone_columns.names_own_numbers(target.removeprefix(PROPERTY_PREFIX))
    return target in {"phone", OTHER_PHONE}


def _split_name(values: Values, target: str) -> None:
    """What a column of its own says of the first or last name stays."""
    first, last = split_name(str(values.pop(target)), last_first=target == LAST_NAME_FIRST)
    for name, part in (("first_name", first), ("last_name", last)):
        if part:
            values.setdefault(name, part[: limit_of(name)])


def _ask_about_no(reading: ParsedRow, column: int, target: str, cell: str) -> None:
    """A person decides, of whoever is not opted out already."""
    if not reading.is_valid or reading.values.get(ACTIVE) == NO:
        return
    if cell == _OPTED_OUT:
        reading.values[ACTIVE] = NO
        return
    choices = (_GETS_MESSAGES, _OPTED_OUT)
    reading.is_unclear = True
    reading.problems.append(CellProblem(column, target, _MAY_BE_NO, fatal=True, choices=choices))


def _consent_of(cell: str, parse: Parser, *, blank: str) -> str | int:
    text = clean(cell[:LONGEST_CELL])[0]
    if not text and blank:
        return blank
    if not text:
        raise InvalidValue(
            "This is empty, so nobody knows whether the person gets messages. Write Yes or No."
        )
    return parse(text)


def _read_optional(reading: ParsedRow, column: int, target: str, cell: str, parse: Parser) -> bool:
    """Whether the cell gave a value and there is nothing to say of it."""
    if len(cell) > LONGEST_CELL:
        reading.problems.append(CellProblem(column, target, too_long(limit_of(target))))
        return False
    text, was_clean = clean(cell)
    if not was_clean:
        reading.problems.append(CellProblem(column, target, "Characters that cannot be read were left out."))
    if not text or is_unsaid(target, text):
        return False
    try:
        if damage := excel.excel_damage(cell.strip()):
            raise InvalidValue(damage)
        # As we export what a spreadsheet would spoil.
        as_entered = cell.startswith("'") and not text.startswith("'")
        reading.values[target] = (parser_of(target) if as_entered else parse)(text)
    except InvalidValue as error:
        reading.problems.append(CellProblem(column, target, str(error)))
        return False
    return was_clean
