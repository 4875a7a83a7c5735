"""Names of people: no two that look alike, and none like the dashboard's own.

The audit trail shows names, so a name must never be taken for somebody else's.
"""

import unicodedata

OWN_NAMES = ("SmartDialog", "System", "Admin")
LONGEST = 200  # characters
# Letters of other scripts that look like Latin ones, once they are small; and digits that look like letters.
_LOOK_ALIKES = str.maketrans(
    "абвгезіјкмнорсԛѕтухһԝʏԁɡɩαβεηικμνορτυχωϲ01iıɑ",
    "abbrezljkmhopcqstyxhwydglabehlkuvoptuxwcollla",
)


def skeleton(name: str) -> str:
    """What remains to the eye: without marks, spaces and what is invisible; the same for look-alikes."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LN")
    return seen.translate(_LOOK_ALIKES).replace("rn", "m").replace("vv", "w")[:LONGEST]


def is_own(key: str) -> bool:
    """Whether a skeleton could be the dashboard itself, or what it runs on."""
    return key in _OWN_SKELETONS or _OWN_SKELETONS[0] in key


def cleaned(name: str) -> str:
    """Composed, with single spaces and nothing that cannot be seen."""
    composed = unicodedata.normalize("NFKC", name)
    visible = "".join(" " if each.isspace() else each for each in composed if _is_visible(each))
    return " ".join(visible.split())[:LONGEST]


def numbered(name: str) -> list[str]:
    """The name, then the same with a number, for when others have it."""
    return [name, *(f"{name[: LONGEST - 6]} ({number})" for number in range(2, 100))]


def _is_visible(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter)[0] != "C"


_OWN_SKELETONS = [skeleton(name) for name in OWN_NAMES]
