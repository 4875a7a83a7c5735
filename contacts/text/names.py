"""Names of people: what is none, and a whole name as first and last."""

import re

from contacts.text.values import InvalidValue, Parser, text_up_to

_MONTHS = (
    "jan|feb|mar|apr|maj|may|jun|jul|aug|sep|sept|oct|okt|nov|dec|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys"
    "|loka|marras|joulu|gen|mag|giu|lug|ago|set|ott|dic"
)
# In other languages, where what goes on is a word.
_OTHER_MONTHS = (
    "mär|mrz|märz|mai|juni|juli|dez|des|janv|févr|mars|avr|juin|juil|août|sept|déc|ene|abr|jaan|veebr|märts|apr"
    "|juuni|juuli|dets|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек"
)
_NO_NAME = {
    "This is a date or a time that a spreadsheet has made of it. Write what was meant.": re.compile(
        r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.{0,20}|\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[AP]M)?"
        rf"|\d{{1,4}}[-/. ]{{1,2}}(?:{_MONTHS})[a-zä]*\.?(?:[-/. ]{{1,2}}\d{{1,4}})?"
        rf"|(?:{_MONTHS})[a-zä]*\.?[-/. ]{{1,2}}\d{{1,4}}(?:,? \d{{4}})?"
        rf"|\d{{1,4}}[-/. ]{{1,2}}(?:{_OTHER_MONTHS})\.?(?:[-/. ]{{1,2}}\d{{1,4}})?"
        rf"|(?:{_OTHER_MONTHS})\.?[-/. ]{{1,2}}\d{{1,4}}",
        re.IGNORECASE | re.ASCII,
    ),
    "This is a truth value of a spreadsheet. Write what was meant.": re.compile(
        "TRUE|FALSE|true|false|TOSI|EPÄTOSI|SANT|FALSKT|VERO|FALSO|WAHR|FALSCH|VRAI|VERDADERO|TÕENE|VÄÄR"
        "|PRAWDA|FAŁSZ|ИСТИНА|ЛОЖЬ|WAAR|ONWAAR"
    ),
    "This is a number. Write what was meant.": re.compile(r"[+-]?[0-9][0-9\s.,]*"),
}
_APOSTROPHES = "'’ʼ`´"  # a name is written with any of them
ANY_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_MARKS = "\"“”„«»‹›‘’‚'`´"
_IN_MARKS = re.compile(f"[{_MARKS}]{{1,2}}([^{_MARKS}]+)[{_MARKS}]{{1,2}}")
_DIGIT_OR_CAPITAL = re.compile(r"[0-9]|^[A-ZÄÕŁЀ-Я]{4,9}$|^true$|^false$")
_PARTICLES = {
    "van",
    "von",
    "der",
    "den",
    "de",
    "di",
    "da",
    "del",
    "della",
    "af",
    "av",
    "zu",
    "la",
    "le",
    "dos",
    "du",
}


def word_up_to(limit: int) -> Parser:
    """Takes any text of so many characters, but what a spreadsheet makes of names: dates, numbers, TRUE.

    Quotation marks around the whole are none of it.
    """
    of_any = text_up_to(limit)

    def parse(text: str) -> str | int:
        if text and text[-1] in _MARKS and (marked := _IN_MARKS.fullmatch(text)):
            text = marked[1].strip() or text
        if _DIGIT_OR_CAPITAL.search(text):
            for reason, pattern in _NO_NAME.items():
                if pattern.fullmatch(text):
                    raise InvalidValue(reason)
        return of_any(text)

    return parse


def split_name(name: str, *, last_first: bool = False) -> tuple[str, str]:
    """First and last of a whole name. A comma or semicolon stands after the last name, whatever the order."""
    before, _, after = (part.strip() for part in name.replace(";", ",").partition(","))
    if before and after:
        return after, before
    words = (before or after).split()
    if len(words) < 2:
        return " ".join(words), ""
    last_first = last_first or words[0] in _PARTICLES  # "van Gogh Vincent"
    at = _end_of_last(words) if last_first else _start_of_last(words)
    parts = " ".join(words[:at]), " ".join(words[at:])
    return parts[::-1] if last_first else parts


def with_any_apostrophe(name: str) -> list[str]:
    """The name in every way that its apostrophes are written; itself where it has none."""
    return list(dict.fromkeys(ANY_APOSTROPHE.sub(each, name) for each in _APOSTROPHES))


def _start_of_last(words: list[str]) -> int:
    """Where the last name begins: with the particles before its last word."""
    at = len(words) - 1
    if words[at].endswith(")"):  # "Aino Aalto (ent. Ek)"
        at = next((place for place in range(2, at + 1) if words[place].startswith("(")), at + 1) - 1
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    return at


def _end_of_last(words: list[str]) -> int:
    at = 1
    while at < len(words) - 1 and words[at - 1].casefold() in _PARTICLES:
        at += 1
    return at
