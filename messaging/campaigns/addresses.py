"""Whom an answer or a report of SmartDialog is about: the person, however it spells the number."""

import re
from collections.abc import Collection, Iterable

from gateway.types import SentRecipient

MIN_DIGITS = 7  # digits that a number is known by, without its country code
_NO_DIGIT = re.compile(r"\D+")


def in_full(address: str) -> str:
    """With a plus, whether it came with one, with 00 or with neither: "358 40…" is "+35840…"."""
    return "+" + _NO_DIGIT.sub("", address).removeprefix("00")


def ids_by_phone(phones: Collection[str], answered: Iterable[SentRecipient]) -> dict[str, str]:
    """The id of each whom the answer names: by the whole number, else by its end if that is of one alone."""
    ids: dict[str, str] = {}
    for one in answered:
        if one.id and (phone := _whose(one.address, phones)):
            ids.setdefault(phone, one.id)
    return ids


def _whose(address: str, phones: Collection[str]) -> str:
    if (whole := in_full(address)) in phones:
        return whole
    end = _NO_DIGIT.sub("", address).lstrip("0")
    ending = [phone for phone in phones if len(end) >= MIN_DIGITS and phone.endswith(end)]
    return ending[0] if len(ending) == 1 else ""
