"""Why a whole file is refused, as a code for programs and words for people."""

from dataclasses import dataclass


class FileRefused(Exception):
    """No row of the file can be taken. `code` is stable; `words` say what to do next."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"


@dataclass(frozen=True)
class Refusal:
    """To be raised as `refusals.damaged("workbook")`: what it is called with fills its words."""

    code: str
    words: str

    def __call__(self, *what: str | int) -> FileRefused:
        return FileRefused(self.code, self.words.format(*what))


not_a_spreadsheet = Refusal(
    "not_a_spreadsheet",
    "This file is {}, not a spreadsheet. "
    "Choose a CSV file, a workbook (.xlsx, .xls, .ods) or an address book (.vcf).",
)
unread_spreadsheet = Refusal(
    "not_a_spreadsheet",
    "This file is {}, which is not read here. "
    "Save it as a workbook of today (.xlsx) or as CSV, and choose the new file.",
)
locked_workbook = Refusal(
    "locked", "This workbook has a password. Save it without one, and choose the new file."
)
too_large = Refusal("too_large", "This file is too large: {}. Split it into smaller files and import each.")
no_such_sheet = Refusal("no_such_sheet", "This workbook shows no sheet called “{}”. Choose one that it has.")
large_workbook = Refusal(
    "too_large",
    "This workbook holds more text than fits. Save it as CSV, which may be of any length up to 200 MB, "
    "and choose the new file.",
)
slow = Refusal(
    "too_slow",
    "This file takes far too long to read, so it was given up and nothing of it was taken. "
    "Open it in a spreadsheet program, save it as CSV, and choose the new file.",
)
given_up = Refusal(
    "given_up",
    "Reading this file ended each time before any of it was read, so it was given up. "
    "Open it in a spreadsheet program, save it as CSV, and choose the new file.",
)
many_sheets = Refusal(
    "too_large", "This workbook has more than {:,} sheets. Copy the one with the contacts into a new file."
)
empty = Refusal("empty", "This file is empty. Choose a file with a header row and at least one contact.")
header_only = Refusal("header_only", "This file has a header row and no contacts below it.")
no_phone_column = Refusal(
    "no_phone_column",
    "No column of this file looks like phone numbers. "
    "Choose a file with the numbers in a column of their own.",
)
too_many_columns = Refusal(
    "too_many_columns", "This file has more than {:,} columns. Keep the ones you want to import."
)
open_quote = Refusal(
    "open_quote",
    "A quotation mark that opens in row {:,} is never closed, so the rest cannot be told apart. "
    "Fix that row and choose the file again.",
)
damaged = Refusal("damaged", "This {} is damaged and cannot be read. Save it again and choose the new file.")
wrong_encoding = Refusal(
    "wrong_encoding", "This file cannot be read as {}. Choose another text encoding, or leave it to us."
)
gone = Refusal("gone", "This file is no longer here. Choose it again.")
changed = Refusal("gone", "This file is no longer here as it was when you chose it. Choose it again.")
store_away = Refusal(
    "store_away",
    "The place where files are kept cannot be reached, so nothing of this file was kept. "
    "Tell whoever runs SmartDialog Admin, and choose the file again later.",
)
store_silent = Refusal(
    "store_away",
    "The place where files are kept cannot be reached at the moment, so this one could not be read. "
    "It is still there: try again in a minute.",
)
no_room = Refusal(
    "no_room",
    "The server has no room to keep this file, so nothing of it was kept. "
    "Tell whoever runs it, and choose the file again when there is room.",
)


def long_cell(line: int | None = None) -> FileRefused:
    where = f"A cell in row {line:,}" if line else "A cell of this workbook"
    return FileRefused(
        "long_cell",
        f"{where} is longer than any contact needs. Shorten it and choose the file again.",
    )
