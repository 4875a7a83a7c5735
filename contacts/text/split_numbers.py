"""Numbers of which another cell holds the beginning: an area code, or that of a country."""

from collections.abc import Sequence

from contacts.text.phones import (
    Candidate,
    InvalidPhone,
    ReadPhone,
    UnclearPhone,
    is_international,
    read_number,
    region_of,
)


def with_beginning(said: Sequence[str], rest: str) -> list[str]:
    """The texts that the two cells may mean: two where `rest` may be the whole number, or may not.

    `said`: what other cells say of its beginning.
    """
    beginning = "".join(sorted(said, key=_is_of_area))
    begins, digits = _digits(beginning), _digits(rest)
    if not begins or not digits or is_international(rest):
        return [rest]
    sign = "+" if "+" in beginning else ""
    joined = f"{sign}{begins} {rest.strip()}"
    is_whole = digits.lstrip("0").startswith(begins.lstrip("0"))
    if is_whole and digits.startswith("0"):
        return [rest]
    may_be_whole = digits.startswith("0") and _is_of_area(beginning)
    return [joined, rest] if is_whole or may_be_whole else [joined]


def read_any(texts: Sequence[str], regions: Sequence[str], *, country: str = "") -> ReadPhone:
    """The number that one of the texts says. Raises InvalidPhone; UnclearPhone where they say several."""
    if len(texts) == 1:
        return read_number(texts[0], regions, country=country)
    found: dict[str, Candidate] = {}
    is_clear = True
    reason = InvalidPhone("There is no phone number.")
    for text in texts:
        try:
            number = read_number(text, regions, country=country)
            found[number.phone] = Candidate(number.phone, number.type, region_of(number.phone))
        except UnclearPhone as unclear:
            is_clear = False
            found |= {each.phone: each for each in unclear.candidates}
        except InvalidPhone as error:
            reason = error
    if not found:
        raise reason
    if len(found) > 1 or not is_clear:
        raise UnclearPhone(list(found.values()))
    [only] = found.values()
    return ReadPhone(only.phone, only.type)


def whole_number(said: Sequence[str], rest: str, regions: Sequence[str]) -> str:
    """The text of both; where only one of two texts is a number, that one, to be judged as any other."""
    texts = with_beginning(said, rest)
    if len(texts) == 1:
        return texts[0]
    try:
        return read_any(texts, regions).phone
    except InvalidPhone:
        return texts[0]


def _is_of_area(code: str) -> bool:
    """Behind the code of a country, where both are said."""
    return not code.lstrip(" (").startswith(("+", "00"))


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
