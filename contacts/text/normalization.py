"""Unicode normalization, in linear time: one spelling for text that looks the same."""

import re
import unicodedata

# Of accents on one letter. Real text has four at most; a thousand take Python minutes to put in order.
MAX_COMBINING_MARKS = 30
_LINE_ENDS = "\r\x85\u2028\u2029"
_LINE_END = re.compile(f"\r\n|[{_LINE_ENDS}]")  # browsers post the first
_SHORT = 100  # so few characters are put in order at once
# No mark is below: without so many in a row there are not too many marks, which is quicker to see.
_MAY_BE_MARKS = re.compile(f"[^\x00-\u02ff]{{{MAX_COMBINING_MARKS + 1}}}")


def nfc(text: str) -> str:
    """NFC, as everything is stored: é is one character, whoever wrote it."""
    return unicodedata.normalize("NFC", limit_combining_marks(text))


def message_text(text: str) -> str:
    """A message as it is sent and counted: in NFC, and LF ends each line."""
    return nfc(_LINE_END.sub("\n", text) if any(end in text for end in _LINE_ENDS) else text)


def limit_combining_marks(text: str) -> str:
    """Without the marks that no letter has; what is left is put in order in linear time."""
    if len(text) <= _SHORT or not _MAY_BE_MARKS.search(text):
        return text
    kept = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_COMBINING_MARKS:
            kept.append(character)
    return "".join(kept)
