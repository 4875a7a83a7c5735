"""What Excel does to a cell that it takes for something else: named, so that a person can undo it there."""

import re

MAX_ROWS = 1_048_576  # of a sheet

_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]{0,20})?[eE]\+?[0-9]{1,3}")
_SHORTENED = re.compile(r"[0-9][.,][0-9]{1,20}E\+(?:1[1-9]|[2-9][0-9])")

# What stands in for a cell that a workbook has no value of, as no text of it says what it is.
NOT_CALCULATED, MERGED, ERROR = "#FORMULA!", "#MERGED!", "#ERROR!"
_WITHOUT_VALUE = {
    NOT_CALCULATED: "This is a formula without a stored result. Save the file in Excel, and choose it again.",
    ERROR: "This is a formula that came to an error. Fix it in the spreadsheet, and choose the file again.",
    MERGED: "This cell is merged with the one above it. Undo that in Excel, and fill each row.",
}

# As Excel shows them in English, Finnish, Swedish and Italian.
_ERRORS = {
    *("#NAME?", "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#NIMI?", "#VIITTAUS!", "#PUUTTUU!", "#PUUTTUU", "#ARVO!", "#JAKO/0!", "#LUKU!", "#TYHJÄ!"),
    *("#NAMN?", "#REFERENS!", "#SAKNAS!", "#VÄRDEFEL!", "#DIVISION/0!", "#OGILTIGT!", "#SKÄRNING!"),
    *_WITHOUT_VALUE,
    *("#NOME?", "#RIF!", "#N/D", "#VALORE!", "#NULLO!", "#NV", "#N/V"),
}
_ERROR = re.compile(r"#¡?[^\W\d_]{2,14}(?:/0)?[!?]")  # in any language: #WERT!, #¡VALOR!, #ДЕЛ/0!

# Digits of a postal code, where some begin with zero.
_POSTAL_DIGITS = {
    **dict.fromkeys(("FIN", "ALA", "ITA", "SMR", "VAT", "DEU", "FRA", "ESP", "USA", "EST", "POL"), 5),
    **dict.fromkeys(("NOR", "DNK", "AUS"), 4),
}


def has_exponent(text: str) -> bool:
    """Whether it is `3,58E+11` or the like, which no phone number is."""
    return _EXPONENT.fullmatch(text) is not None


def is_shortened(text: str) -> bool:
    """Whether it is `3,58E+11` as Excel shows a number of twelve digits or more, losing some of them."""
    return _SHORTENED.fullmatch(text) is not None


def is_error(text: str) -> bool:
    """Whether it is an error of a formula, or the signs that fill a column too narrow."""
    if text.upper() in _ERRORS or (len(text) > 3 and not text.strip("#")):
        return True
    return text.isupper() and _ERROR.fullmatch(text) is not None


def excel_damage(cell: str) -> str:
    """What Excel has made of a cell that is no phone number, in words; "" when it is what somebody entered.

    A quote before it says that it was entered so, which is how we export such a text.
    """
    if cell in _WITHOUT_VALUE:
        return _WITHOUT_VALUE[cell]
    if cell.startswith("#") and is_error(cell):
        return "This is an error that Excel shows instead of a value. Fix it in Excel."
    if cell[:1].isdigit() and is_shortened(cell):
        return (
            "Excel has shortened this number and lost its last digits. "
            "Format the column as text in Excel, and enter it again."
        )
    return ""


def lost_leading_zeros(code: str, country: str) -> str:
    """Why a postal code is too short for its country (alpha-3), or ""."""
    digits = _POSTAL_DIGITS.get(country, 0)
    if len(code) >= digits or not (code.isascii() and code.isdigit()):
        return ""
    return (
        f"Excel has taken away the zeros that this postal code began with: it has {digits} digits, "
        f"such as {code:0>{digits}}. Format the column as text in Excel, and enter it again."
    )
