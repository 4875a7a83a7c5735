"""Names of people: no two that look alike, and none like the dashboard's own.

The audit trail shows names, so a name must never be taken for somebody else's.
"""

import re
import unicodedata
from typing import Any

OWN_NAMES = ("SmartDialog", "System", "Admin")
LONGEST = 200  # characters
# Letters of other scripts that look like Latin ones: capitals that look like others than small ones do, and
# all once they are small. And digits that look like letters.
_CAPITALS = str.maketrans("ΖΗΜΝΥ", "ZHMNY")
_LOOK_ALIKES = str.maketrans(
    "абвгезіјкмнорсԛѕтухьһӏԝʏԁɡɩαβγεζηικμνορτυχωϲϳօսոհցզյ01iıɑ",
    "abbrezljkmhopcqstyxbhlwydglabyeznlkuvoptuxwcjounhgqjollla",
)
_LATIN = re.compile(
    r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL)(?: DOTLESS| OPEN| SCRIPT| SIDEWAYS)? ([A-Z])(?: WITH .*)?"
)
_LIKE_LATIN = {"CHEROKEE", "COPTIC", "LISU"}  # scripts of which most letters could be
_TOGETHER = {"BOPOMOFO", "CJK", "HANGUL", "HIRAGANA", "KATAKANA"}  # scripts that one word may have several of
_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0"}  # letters, as Unicode has it, that nobody sees


def skeleton(name: str) -> str:
    """What remains to the eye: without marks, spaces and what is invisible; the same for look-alikes."""
    small = _letters(name).translate(_CAPITALS).casefold()
    seen = "".join(map(_latin, _letters(small))).translate(_LOOK_ALIKES)
    return seen.replace("rn", "m").replace("vv", "w")[:LONGEST]


def skeletons(name: str) -> set[str]:
    """Of the name as it is written, and with other capitals: some letters look like others then."""
    return {skeleton(form) for form in (name, name.lower(), name.upper(), name.title())}


def is_own(key: str) -> bool:
    """Whether a skeleton could be the dashboard itself, or what it runs on."""
    return key in _OWN_SKELETONS or _OWN_SKELETONS[0] in key


def is_deceptive(name: str) -> bool:
    """Whether a word has letters of several scripts, or of one that can be taken for Latin."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name))
    return any(_mixes({_script(each) for each in word if _has_script(each)}) for word in words)


def cleaned(name: str) -> str:
    """Composed, with single spaces and nothing that cannot be seen."""
    composed = unicodedata.normalize("NFKC", name)
    visible = "".join(" " if each.isspace() else each for each in composed if _is_visible(each))
    return " ".join(visible.split())[:LONGEST]


def numbered(name: str) -> list[str]:
    """The name, then the same with a number, for when others have it."""
    return [name, *(f"{name[: LONGEST - 6]} ({number})" for number in range(2, 100))]


def give_keys(people: Any) -> None:
    """For migrations: all skeletons anew. Of people whose names look alike, the later ones get a number."""
    people.update(name_key=None)
    taken: set[str | None] = set()
    for user in people.order_by("pk"):
        shown = user.name or user.username
        forms = [each for each in numbered(shown) if skeleton(each) not in taken]
        if forms and forms[0] != shown:
            user.name = forms[0]
        key = skeleton(user.name or user.username) or None
        taken.add(key)
        people.filter(pk=user.pk).update(name=user.name, name_key=key)


def _letters(name: str) -> str:
    """And digits, each apart from its marks."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(each for each in apart if unicodedata.category(each)[0] in "LN" and each not in _BLANK)


def _latin(letter: str) -> str:
    """The plain letter of one with a stroke or a hook, or of a small capital."""
    found = None if letter.isascii() else _LATIN.fullmatch(unicodedata.name(letter, ""))
    return found[1].lower() if found else letter


def _has_script(letter: str) -> bool:
    return unicodedata.category(letter) in {"Lu", "Ll", "Lt", "Lo"}


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _mixes(scripts: set[str]) -> bool:
    return bool(scripts & _LIKE_LATIN) or (len(scripts) > 1 and not scripts <= _TOGETHER)


def _is_visible(letter: str) -> bool:
    return letter.isspace() or (unicodedata.category(letter)[0] != "C" and letter not in _BLANK)


_OWN_SKELETONS = [skeleton(name) for name in OWN_NAMES]
