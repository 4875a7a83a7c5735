"""Why a whole file is refused, as a code for programs and words for people."""


class FileRefused(Exception):
    """No row of the file can be taken. `code` is stable; `words` say what to do next."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"


def not_a_spreadsheet(what: str) -> FileRefused:
    return FileRefused(
        "not_a_spreadsheet",
        f"This file is {what}, not a spreadsheet. "
        "Choose a CSV file, a workbook (.xlsx, .xls, .ods) or an address book (.vcf).",
    )


def locked_workbook() -> FileRefused:
    return FileRefused(
        "locked", "This workbook has a password. Save it without one, and choose the new file."
    )


def too_large(what: str) -> FileRefused:
    return FileRefused(
        "too_large", f"This file is too large: {what}. Split it into smaller files and import each."
    )


def no_such_sheet(name: str) -> FileRefused:
    return FileRefused(
        "no_such_sheet", f"This workbook shows no sheet called “{name}”. Choose one that it has."
    )


def large_workbook() -> FileRefused:
    return FileRefused(
        "too_large",
        "This workbook holds more text than fits. Save it as CSV, which may be of any length up to 200 MB, "
        "and choose the new file.",
    )


def slow() -> FileRefused:
    return FileRefused(
        "too_slow",
        "This file takes far too long to read, so it was given up and nothing of it was taken. "
        "Open it in a spreadsheet program, save it as CSV, and choose the new file.",
    )


def given_up() -> FileRefused:
    return FileRefused(
        "given_up",
        "Reading this file ended each time before any of it was read, so it was given up. "
        "Open it in a spreadsheet program, save it as CSV, and choose the new file.",
    )


def many_sheets(most: int) -> FileRefused:
    return FileRefused(
        "too_large",
        f"This workbook has more than {most:,} sheets. Copy the one with the contacts into a new file.",
    )


def empty() -> FileRefused:
    return FileRefused(
        "empty", "This file is empty. Choose a file with a header row and at least one contact."
    )


def header_only() -> FileRefused:
    return FileRefused("header_only", "This file has a header row and no contacts below it.")


def no_phone_column() -> FileRefused:
    return FileRefused(
        "no_phone_column",
        "No column of this file looks like phone numbers. "
        "Choose a file with the numbers in a column of their own.",
    )


def too_many_columns(most: int) -> FileRefused:
    return FileRefused(
        "too_many_columns",
        f"This file has more than {most:,} columns. Keep the ones you want to import.",
    )


def long_cell(line: int | None = None) -> FileRefused:
    where = f"A cell in row {line:,}" if line else "A cell of this workbook"
    return FileRefused(
        "long_cell",
        f"{where} is longer than any contact needs. Shorten it and choose the file again.",
    )


def open_quote(line: int) -> FileRefused:
    return FileRefused(
        "open_quote",
        f"A quotation mark that opens in row {line:,} is never closed, so the rest cannot be told apart. "
        "Fix that row and choose the file again.",
    )


def damaged(kind: str) -> FileRefused:
    return FileRefused(
        "damaged", f"This {kind} is damaged and cannot be read. Save it again and choose the new file."
    )


def wrong_encoding(encoding: str) -> FileRefused:
    return FileRefused(
        "wrong_encoding",
        f"This file cannot be read as {encoding}. Choose another text encoding, or leave it to us.",
    )


def gone() -> FileRefused:
    return FileRefused("gone", "This file is no longer here. Choose it again.")


def store_away() -> FileRefused:
    return FileRefused(
        "store_away",
        "The place where files are kept cannot be reached, so nothing of this file was kept. "
        "Tell whoever runs SmartDialog Admin, and choose the file again later.",
    )


def no_room() -> FileRefused:
    return FileRefused(
        "no_room",
        "The server has no room to keep this file, so nothing of it was kept. "
        "Tell whoever runs it, and choose the file again when there is room.",
    )
