"""What a person, or a command, is asked of a file, in words."""

from collections.abc import Sequence

from contacts.importing.columns.header_rows import told_apart
from contacts.importing.columns.phone_columns import Kind, PhoneColumn, kind_of
from contacts.importing.files.encodings import FoundEncoding
from contacts.importing.files.file_reader import FileRow
from contacts.importing.files.reading import MARKS, NO_HEADER, PLAIN, Question
from contacts.importing.files.text_files import DELIMITERS, ENCODINGS

NONE = "none"  # of the rows names the columns
MOST_ROWS = 10  # that may be chosen from


def phone_column(header: Sequence[str], found: PhoneColumn) -> Question:
    names = told_apart(header)
    likely = [names[place] for place in found.likely]
    if found.column is None:
        words = "No column says that it holds phone numbers, and none is full of them. Choose the column."
        return Question(about="phone_column", words=words, choices=likely, guess="")
    guess = names[found.column]
    is_not_own = kind_of(header[found.column]) in {Kind.OF_ANOTHER, Kind.UNCERTAIN}
    says = (
        "No column clearly holds each person’s own, current number."
        if is_not_own
        else "No column says that it holds phone numbers."
    )
    words = f"{says} “{guess}” looks like it. Check that it is right."
    return Question(about="phone_column", words=words, choices=likely, guess=guess)


def header_row(line: int, rows: Sequence[FileRow]) -> Question:
    choices = [str(row.line) for row in rows[:MOST_ROWS]]
    guess = NONE if line == NO_HEADER else str(line)
    words = (
        "No row seems to name the columns, so the first row is a person, too. If a row names them, say which."
        if line == NO_HEADER
        else f"Row {line:,} seems to name the columns, but no word of it is known. Check it is no person."
    )
    return Question(about="header_row", words=words, choices=[*choices, NONE], guess=guess)


def sheet(names: Sequence[str]) -> Question:
    quoted = ", ".join(f"“{name}”" for name in names)
    words = (
        f"More than one sheet has people: {quoted}. “{names[0]}” is read. Check that it is the one you want."
    )
    return Question(about="sheet", words=words, choices=list(names), guess=names[0])


def encoding(found: FoundEncoding) -> Question:
    """With a word of the file as each would read it."""
    read = "; ".join(f"{ENCODINGS[each]}: {words}" for each, words in found.examples.items())
    words = (
        f"The letters of this file can be read in more than one way. Choose the one that is right: {read}."
    )
    return Question(
        about="encoding", words=words, choices=[found.encoding, *found.others], guess=found.encoding
    )


def delimiter(likely: Sequence[str]) -> Question:
    names = " or ".join(DELIMITERS[each].lower() for each in likely)
    words = f"The columns may be separated by {names}. Check that each name and number has its own column."
    return Question(about="delimiter", words=words, choices=list(likely), guess=likely[0])


def quotes(line: int) -> Question:
    words = (
        f"Row {line:,} has quotation marks around a line end. If they hold a cell together, they are marks. "
        "If they stand there by chance, two people would become one: then they are plain characters."
    )
    return Question(about="quotes", words=words, choices=[MARKS, PLAIN], guess="")
