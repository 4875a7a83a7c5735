"""Numbers as the answers and reports of SmartDialog spell them, which is not said to be as they were sent."""

import re

from contacts.text.phones import spellings

MIN_DIGITS = 7  # digits that a number is known by, without its country code
_NO_DIGIT = re.compile(r"\D+")


def in_full(answered: str) -> str:
    """With a plus, whether it came with one, with 00 or with neither: "358 40…" is "+35840…"."""
    return "+" + _NO_DIGIT.sub("", answered).removeprefix("00")


def ends_like(phone: str, answered: str) -> bool:
    """Whether it may be this number as it is dialled within its country: "040…" is the end of "+35840…"."""
    end = _NO_DIGIT.sub("", answered).lstrip("0")
    return len(end) >= MIN_DIGITS and phone.endswith(end)


def is_same_phone(phone: str, answered: str) -> bool:
    """Whether what was answered when this number was asked for is about it."""
    written = spellings(phone)
    return in_full(answered) in written or any(ends_like(each, answered) for each in written)
