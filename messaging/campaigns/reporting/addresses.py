"""Whom an answer or a report of SmartDialog is about: the person, however it spells the number."""

from collections.abc import Collection, Iterable

from contacts.text.answered_numbers import ends_like, in_full
from gateway.smartdialog.types import SentRecipient


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
    ending = [phone for phone in phones if ends_like(phone, address)]
    return ending[0] if len(ending) == 1 else ""
