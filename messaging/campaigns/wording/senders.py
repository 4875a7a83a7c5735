"""What an SMS may say it is from."""

import re

from accounts.errors import UserError

MAX_LETTERS, MAX_DIGITS = 11, 15
_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_SHORT_CODE = re.compile(r"[0-9]{4,6}")
_NUMBER = re.compile(rf"\+[1-9][0-9]{{4,{MAX_DIGITS - 1}}}")


class NotASender(UserError):
    """`text` says what is allowed."""


def check(text: str) -> str:
    """The sender as it is sent: a name of up to 11 letters, a number with +, or a short code."""
    sender = text.strip()
    if _SHORT_CODE.fullmatch(sender) or _NUMBER.fullmatch(sender):
        return sender
    if sender.startswith("+") or sender.isdigit():
        raise NotASender(
            "Write a number in international form, such as +358451234567, or a short code of 4 to 6 digits."
        )
    if len(sender) > MAX_LETTERS:
        raise NotASender(f"A sender name has at most {MAX_LETTERS} characters; this one has {len(sender)}.")
    if not _NAME.fullmatch(sender):
        raise NotASender(
            "A sender name has letters a to z, digits and single spaces only, without å, ä or ö."
        )
    return sender


def takes_replies(sender: str) -> bool:
    return not any(letter.isalpha() for letter in sender)
