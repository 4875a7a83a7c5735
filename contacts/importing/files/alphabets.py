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
    ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋ", _ANY_PLACE, 0.2),  # Greek
    ("áčďéěíňóřšťúůýžľĺŕôä", _ANY_PLACE, 0.3),  # Czech, Slovak
    ("áéíóöőúüű", _ANY_PLACE, 0.3),  # Hungarian
    ("ăâîșşțţ", _ANY_PLACE, 0.3),  # Romanian
)
_IMPLAUSIBLE = -2.0
_IN_NAMES = frozenset("’‘´`·–-")  # signs that names have
_NEVER_FIRST, _NEVER_LAST, _ONLY_LAST = frozenset("ъыь"), frozenset("ģķļσ"), frozenset("ς")
_VOWELS = frozenset("аеёиоуыэюяіїєαεηιουωάέήίόύώϊϋ")
_WORD_LENGTH = 5  # letters: no name of so many is without a vowel
_WHOLLY_BEYOND_ASCII = ("CYRILLIC", "GREEK")


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
        score += 1 if is_one and _may_stand(each, at, last) else -1
    return score


def _may_stand(letter: str, at: int, last: int) -> bool:
    if at < last:
        return letter not in _ONLY_LAST and not (at == 0 and letter in _NEVER_FIRST)
    return not (at and letter in _NEVER_LAST)


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
    faults += [_IMPLAUSIBLE] * sum(
        1
        for at in range(len(word) - 2)
        if cased[at : at + 3] == "AAa" and not word[at : at + 3].isascii()  # "OŽBrien"
    )
    if _scripts(word) > 1:
        faults.append(_IMPLAUSIBLE * 2)
    return faults + [_IMPLAUSIBLE] * (_long_runs(word) + _lacks_vowels(word))


def _scripts(word: str) -> int:
    return len({unicodedata.name(each, " ").split()[0] for each in word if each.isalpha()})


def _long_runs(word: str) -> int:
    """Three letters beyond ASCII in a row, which no word in Latin letters has."""
    if _is_wholly_beyond_ascii(word):
        return 0
    return len(re.findall(r"[^\W\d_a-zA-Z]{3,}", word))


def _lacks_vowels(word: str) -> bool:
    """Whether it is a word of an alphabet whose vowels are known, without any."""
    return len(word) >= _WORD_LENGTH and _is_wholly_beyond_ascii(word) and not _VOWELS & set(word.lower())


def _is_wholly_beyond_ascii(word: str) -> bool:
    return any(unicodedata.name(each, "").startswith(_WHOLLY_BEYOND_ASCII) for each in word)
