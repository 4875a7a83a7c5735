"""How a file is read: what was found out of it, or chosen by a person. And what is asked of that person."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import NotRequired, TypedDict

NO_HEADER = 0  # in place of the header's row number
LEAVE, TAKE = "leave", "take"  # rows that the sheet hides
MAX_COLUMNS = 300
MOST_LOOKED_AT = 500  # rows that are judged before a person is asked
MARKS, PLAIN = "marks", "plain"  # quotation marks hold a cell together, or are characters like others


class Question(TypedDict):
    """What cannot be known of a file. `guess` is what is taken meanwhile; "" where nothing may be taken."""

    about: str  # phone_column, header_row, sheet, encoding, delimiter, quotes or consent
    words: str
    choices: list[str]
    guess: str
    column: NotRequired[int]  # of consent: the one that is asked about
    by_rows: NotRequired[bool]  # for what single cells of it say: whatever it is, each of them is asked about
    called: NotRequired[str]  # and what an option of a command calls it


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Each is empty, or None, until it is found out; the fields of an Import are called the same."""

    encoding: str = ""  # of text files alone, as the next two
    delimiter: str = ""
    quotes: str = ""
    sheet: str = ""  # of workbooks alone, as the next
    hidden: str = LEAVE
    header_row: int | None = None  # as a spreadsheet counts; NO_HEADER: no row names the columns


@dataclass(kw_only=True)
class Look:
    """What a first look at a file has found: all of its reading is settled."""

    reading: Reading
    header: list[str]
    samples: list[list[str]]
    sheets: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


CHOICES: Sequence[str] = tuple(each.name for each in fields(Reading))
