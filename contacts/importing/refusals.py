"""Why a whole file is refused, as a code for programs and words for people."""


class FileRefused(Exception):
    """No row of the file can be taken. `code` is stable; `words` say what to do next."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words


def not_a_spreadsheet(what: str) -> FileRefused:
    return FileRefused(
        "not_a_spreadsheet",
        f"This file is {what}, not a spreadsheet. Choose a CSV file or an Excel workbook (.xlsx).",
    )


def too_large(what: str) -> FileRefused:
    return FileRefused(
        "too_large", f"This file is too large: {what}. Split it into smaller files and import each."
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
        "The first row has to name the columns, and one of them has to hold the numbers.",
    )


def too_many_columns(count: int, most: int) -> FileRefused:
    return FileRefused(
        "too_many_columns",
        f"This file has {count:,} columns. Keep at most {most:,}: the ones you want to import.",
    )


def open_quote(line: int) -> FileRefused:
    return FileRefused(
        "open_quote",
        f"A quotation mark that opens in row {line:,} is never closed, so the rest cannot be told apart. "
        "Mend that row and choose the file again.",
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
