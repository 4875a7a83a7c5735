"""What a message asks: no more of them, perhaps that, or messages again; judged by its words alone.

Only a message that says nothing else asks for it; greetings, thanks, numbers, names that we know and
signatures say nothing. Whatever comes close is for a person to decide: "do not stop" stops nothing by itself.
"""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from django.db import models

from messaging.inbox.stop_words import Vocabulary

MAX_TEXT_LENGTH = 1000  # characters that are read
FEW_WORDS = 10  # in a message of so few, a stop word anywhere may mean it
MAX_GAP = 3  # words between two of a phrase
MAX_NAME_WORDS = 4  # words in a line that is a signature

GREETINGS = (
    "hi, hello, hey, dear, hei, moi, moikka, terve, hej, hejsan, ciao, salve, buongiorno, hallo, salut, hola"
)
COURTESIES = """
    please, pls, thanks, thank, you, thx, ty, kiitos, kiitti, kiitoksia, paljon, tack, tackar, grazie, mille,
    per, favore, cortesemente, bitte, danke, merci, svp, gracias, por, favor, now, nyt, nu, ora, heti, subito
"""
SIGN_OFFS = """
    sent from, get outlook for, regards, kind regards, best regards, cheers, br,
    terveisin, terveiset, terv, yt, t, ystävällisin terveisin, lähetetty, hanki outlook,
    mvh, hälsningar, med vänlig hälsning, med vänliga hälsningar, skickat från, hämta outlook,
    saluti, cordiali saluti, inviato da, scarica outlook, viele grüße, mit freundlichen, mfg, von meinem,
    gesendet von, cordialement, envoyé de, envoyé depuis, saludos, enviado desde
"""


class Intent(models.TextChoices):
    STOP = "stop", "Asks for no more messages"
    MAY_STOP = "may_stop", "May ask for no more messages"
    START = "start", "Asks for messages again"


Phrase = tuple[str, ...]


def intent_of(text: str, vocabulary: Vocabulary, *, names: Collection[str] = ()) -> Intent | None:
    """`names`: of the person, and of who messages them; they say nothing else either."""
    said = words_of(_without_signature(text[:MAX_TEXT_LENGTH]))
    known = {word for name in names for word in words_of(name)}
    if _says_only(said, vocabulary.stop, known):
        return Intent.STOP
    if _says_only(said, vocabulary.start, known):
        return Intent.START
    return Intent.MAY_STOP if _comes_close(said, vocabulary, known) else None


def words_of(text: str) -> list[str]:
    """Without case, accents and marks; a `*` stays."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (each for each in folded if not unicodedata.combining(each) and each not in "'’`´")
    return "".join(each if each.isalnum() or each == "*" else " " for each in kept).split()


def _says_only(said: Sequence[str], phrases: tuple[str, ...], names: Collection[str]) -> bool:
    """Greetings and names may come first; thanks, numbers, names, and the same again, after it."""
    rest = list(said)
    while rest and (rest[0] in _words(GREETINGS) or _is_name_or_number(rest[0], names)):
        rest.pop(0)
    found = False
    while rest:
        if length := _leading(rest, phrases):
            found = True
        elif not (found and (rest[0] in _words(COURTESIES) or _is_name_or_number(rest[0], names))):
            return False
        del rest[: length or 1]
    return found


def _comes_close(said: Sequence[str], vocabulary: Vocabulary, names: Collection[str]) -> bool:
    if _says_only(said, vocabulary.ask, names):
        return True
    if len(said) <= FEW_WORDS and any(_leading(said[place:], vocabulary.stop) for place in range(len(said))):
        return True
    return any(_stands_in(phrase, said) for phrase in _phrases(vocabulary.ask) if len(phrase) > 1)


def _is_name_or_number(word: str, names: Collection[str]) -> bool:
    return word.isdecimal() or word in names


def _leading(said: Sequence[str], phrases: tuple[str, ...]) -> int:
    """How many words the longest phrase has that the message begins with; 0 for none."""
    fitting = (
        len(phrase)
        for phrase in _phrases(phrases)
        if len(phrase) <= len(said) and all(map(_matches, phrase, said))
    )
    return max(fitting, default=0)


def _stands_in(phrase: Phrase, said: Sequence[str]) -> bool:
    """Whether its words come one after the other, with few words between."""
    return any(
        _matches(phrase[0], word) and _continues(phrase[1:], said[place + 1 :])
        for place, word in enumerate(said)
    )


def _continues(phrase: Phrase, said: Sequence[str]) -> bool:
    if not phrase:
        return True
    for place, word in enumerate(said[: MAX_GAP + 1]):
        if _matches(phrase[0], word):
            return _continues(phrase[1:], said[place + 1 :])
    return False


def _matches(written: str, word: str) -> bool:
    return word.startswith(written[:-1]) if written.endswith("*") else word == written


def _without_signature(text: str) -> str:
    """Without what mail programs and people put below; the first line is never a signature."""
    first, *others = text.strip().splitlines() or [""]
    kept = [first]
    for line in others:
        if line.strip() == "--" or _is_name(line):
            break
        kept.append(line)
    return _before_sign_off(words_of("\n".join(kept)))


def _before_sign_off(said: list[str]) -> str:
    places = (place for place in range(1, len(said)) if _leading(said[place:], _listed(SIGN_OFFS)))
    return " ".join(said[: next(places, len(said))])


def _is_name(line: str) -> bool:
    words = line.split()
    return 0 < len(words) <= MAX_NAME_WORDS and all(_is_capitalized(word) for word in words)


def _is_capitalized(word: str) -> bool:
    return (word[0].isupper() and not word.isupper()) or len(word.strip(".")) == 1


@cache
def _listed(words: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in words.split(","))


@cache
def _words(words: str) -> frozenset[str]:
    return frozenset(word for each in _listed(words) for word in words_of(each))


@cache
def _phrases(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase for each in written if (phrase := tuple(words_of(each))))


def phrases_in(text: str) -> Iterator[str]:
    """The words or phrases of a setting, one a line or between commas."""
    for line in text.replace(",", "\n").splitlines():
        if words_of(line):
            yield " ".join(line.split())
