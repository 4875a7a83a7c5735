"""One phone under the spellings that its country has had for it."""

import re
from collections.abc import Sequence

# One phone each: Mexico dropped the 1 after its code in 2020, Brazil gave mobiles a ninth digit by 2016.
_FORMER_SPELLINGS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
)
# What else the same phone may be kept or reported as. Argentina's 9 is written by some and not by others.
SPELT_IN_SEVERAL_WAYS = ("52", "54", "55")  # country codes: Mexico, Argentina, Brazil
_OTHER_SPELLINGS: Sequence[tuple[re.Pattern[str], str]] = (
    *_FORMER_SPELLINGS,
    (re.compile(r"\+52(\d{10})"), r"+521\1"),
    (re.compile(r"\+55(\d\d)9([6-9]\d{7})"), r"+55\1\2"),
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+54(\d{10})"), r"+549\1"),
)


def current_spelling(written: str) -> str:
    """Of a number with its +, as it is dialled now."""
    if not written.startswith(("+52", "+55")):
        return written
    digits = "+" + "".join(each for each in written if each.isdecimal())
    return next(
        (found.expand(now) for was, now in _FORMER_SPELLINGS if (found := was.fullmatch(digits))), written
    )


def spellings(phone: str) -> list[str]:
    """Every E.164 that means this phone: itself first, then as it was or is written elsewhere."""
    others = [found.expand(other) for was, other in _OTHER_SPELLINGS if (found := was.fullmatch(phone))]
    return [phone, *others]
