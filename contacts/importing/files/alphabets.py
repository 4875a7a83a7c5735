"""How plausible words are as names of people: letters beyond ASCII are of one language, in their places."""

import re
import unicodedata
from collections.abc import Sequence

_ANY_PLACE, _LAST = "any", "last"
# By language, the likelier here first: letters, where in a word they stand, and how much less likely it is.
_LANGUAGES = (
    ("åäöéüšžæø", _ANY_PLACE, 0.0),  # Finnish, Swedish
    ("æøåéäö", _ANY_PLACE, 0.0),  # Danish, Norwegian
    ("àèéìòù", _LAST, 0.0),  # Italian
    ("äöõüšž", _ANY_PLACE, 0.0),  # Estonian
    ("äöüß", _ANY_PLACE, 0.0),  # German
    ("àâçéèêëîïôûùüÿœæ", _ANY_PLACE, 0.2),  # French
    ("áéíóúñüçãõâêôà", _ANY_PLACE, 0.2),  # Spanish, Portuguese
    ("āčēģīķļņšūž", _ANY_PLACE, 0.2),  # Latvian
    ("ąčęėįšųūž", _ANY_PLACE, 0.2),  # Lithuanian
    ("ąćęłńóśźż", _ANY_PLACE, 0.2),  # Polish
    ("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", _ANY_PLACE, 0.2),  # Russian, Ukrainian
    ("áčďéěíňóřšťúůýžľĺŕôä", _ANY_PLACE, 0.3),  # Czech, Slovak
    ("áéíóöőúüű", _ANY_PLACE, 0.3),  # Hungarian
    ("ăâîșşțţ", _ANY_PLACE, 0.3),  # Romanian
)
_IMPLAUSIBLE = -2.0
_IN_NAMES = frozenset("’‘´`·–-")  # signs that names have
_NEVER_LAST = frozenset("ģķļ")


def plausibility(words: Sequence[str]) -> float:
    """Of 1 for words of one likely language, below 0 for what is no writing."""
    letters = [score for word in words for score in _faults(word)]
    total = sum(letters)
    count = len(letters) + sum(map(_count, words))
    if not count:
        return 1.0
    return max(
        (total + sum(_fit(word, *known) for word in words)) / count - worse for *known, worse in _LANGUAGES
    )


def _count(word: str) -> int:
    return sum(1 for each in word if not each.isascii() and each.isalpha())


def _fit(word: str, letters: str, place: str) -> float:
    """1 for each letter of the language, -1 for each of another."""
    last = len(word) - 1
    score = 0.0
    for at, each in enumerate(word.lower()):
        if each.isascii() or not each.isalpha():
            continue
        is_one = each in letters and (place == _ANY_PLACE or each == "é" or at >= last)
        score += 1 if is_one and not (at == last and at and each in _NEVER_LAST) else -1
    return score


def _faults(word: str) -> list[float]:
    """For each sign within a word, and each letter that no writing has there."""
    has_letters = any(map(str.isalpha, word))
    faults = [
        _IMPLAUSIBLE
        for each in word
        if not each.isascii()
        and not each.isalpha()
        and not each.isspace()
        and has_letters
        and each not in _IN_NAMES
    ]
    cased = "".join("A" if each.isupper() else "a" if each.islower() else "-" for each in word)
    faults += [_IMPLAUSIBLE] * sum(
        1
        for at in range(len(word) - 1)
        if cased[at : at + 2] == "aA" and not (word[at].isascii() and word[at + 1].isascii())
    )
    if _scripts(word) > 1:
        faults.append(_IMPLAUSIBLE * 2)
    return faults + [_IMPLAUSIBLE] * _long_runs(word)


def _scripts(word: str) -> int:
    return len({unicodedata.name(each, " ").split()[0] for each in word if each.isalpha()})


def _long_runs(word: str) -> int:
    """Three letters beyond ASCII in a row, which no word in Latin letters has."""
    if any("CYRILLIC" in unicodedata.name(each, "") for each in word):
        return 0
    return len(re.findall(r"[^\W\d_a-zA-Z]{3,}", word))
