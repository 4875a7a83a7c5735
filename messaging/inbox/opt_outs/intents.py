"""What a message asks: no more of them, perhaps that, or messages again; judged by its words alone.

Only a message that says nothing else asks for it; greetings, thanks, numbers, names that we know and
signatures say nothing. Whatever comes close is for a person to decide: "do not stop" stops nothing by itself.
What businesses read all day, of bookings and bus stops, asks for nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache

from django.db import models

from messaging.inbox.opt_outs import small_talk
from messaging.inbox.opt_outs.stop_words import ALWAYS, Vocabulary
from messaging.inbox.opt_outs.text_normalizing import (
    Phrase,
    clauses_of,
    is_nearly,
    leading,
    listed,
    matches,
    phrases_of,
    said_in,
    without_quotes,
    without_signature,
    words_of,
)

MAX_TEXT_LENGTH = 1000  # characters that are read
FEW_WORDS = 10  # in a message of so few, a stop word anywhere may mean it
SIGNS = "🛑⛔"
MAX_GAP = 3  # words between two of a phrase
MIN_MISSPELT, MAX_MISSPELT = 4, 20  # letters


class Intent(models.TextChoices):
    STOP = "stop", "Asks for no more messages"
    MAY_STOP = "may_stop", "May ask for no more messages"
    START = "start", "Asks for messages again"


def intent_of(text: str, vocabulary: Vocabulary, *, names: Collection[str] = ()) -> Intent | None:
    """`names`: of the person, and of who messages them; they say nothing else either."""
    written = without_quotes(text[:MAX_TEXT_LENGTH])
    known = {word for name in names for word in (*words_of(name), *said_in(name.replace(" ", "")))}
    readings = [without_signature(written), said_in(written)]
    if any(_says_only(said, vocabulary.stop, known, small_talk.OF_MESSAGES) for said in readings):
        return Intent.STOP
    again = [list(_without(said, small_talk.AGAIN)) for said in readings]
    if "?" not in written and any(_says_only(said, vocabulary.start, known) for said in (*readings, *again)):
        return Intent.START
    if _shouts_stop(written) or any(_says_only(each, vocabulary.stop, known) for each in clauses_of(written)):
        return Intent.MAY_STOP
    return Intent.MAY_STOP if any(_comes_close(said, vocabulary, known) for said in readings) else None


def _says_only(
    said: Sequence[str], phrases: tuple[str, ...], names: Collection[str], objects: str = ""
) -> bool:
    """Greetings and names may come first; thanks, numbers, names, and the same again, after it.

    `objects`: words for what they ask about.
    """
    rest = list(said)
    while length := leading(rest, listed(small_talk.GREETINGS)) or _is_name_or_number(rest, names):
        del rest[:length]
    found = False
    while rest:
        if length := leading(rest, phrases):
            found = True
        elif found:
            length = leading(rest, listed(small_talk.COURTESIES)) or _is_name_or_number(rest, names)
            length = length or leading(rest, listed(objects))
        if not length:
            return False
        del rest[:length]
    return found


def _shouts_stop(text: str) -> bool:
    """However much else it says, in small letters; or by a sign."""
    if any(sign in text for sign in SIGNS):
        return True
    return not text.isupper() and ALWAYS.upper() in "".join(c if c.isalnum() else " " for c in text).split()


def _comes_close(said: Sequence[str], vocabulary: Vocabulary, names: Collection[str]) -> bool:
    asked = (*vocabulary.ask, *vocabulary.stop)
    plain = list(_without(said, small_talk.COURTESIES))
    answered = leading(plain, listed(small_talk.YES_OR_NO))
    if _says_only(plain, asked, names) or _says_only(plain[answered:], asked, names):
        return True
    if _is_misspelt([word for word in plain if word not in names], vocabulary.stop):
        return True
    meant = list(_without(said, small_talk.IDIOMS))
    if _is_about_something_else(meant):
        return False
    if len(meant) <= FEW_WORDS and (_has(meant, *_anywhere(vocabulary.stop)) or _ends_something(meant)):
        return True
    return any(_stands_in(phrase, meant) for phrase in phrases_of(_anywhere(asked)) if len(phrase) > 1)


def _is_misspelt(plain: Sequence[str], phrases: tuple[str, ...]) -> bool:
    """Whether the whole is one of the words with a slip of the finger in it, or a gap: "tsop", "s top"."""
    word = "".join(plain)
    if not MIN_MISSPELT <= len(word) <= MAX_MISSPELT or word in listed(small_talk.NEAR_STOP):
        return False
    return any(is_nearly(word, each) for each in _single_words(phrases))


@cache
def _single_words(phrases: tuple[str, ...]) -> tuple[str, ...]:
    found = (words_of(each) for each in _anywhere(phrases))
    return tuple(each[0] for each in found if len(each) == 1 and len(each[0]) >= MIN_MISSPELT)


def _without(said: Sequence[str], *phrases: str) -> Iterator[str]:
    place = 0
    while place < len(said):
        if length := max(leading(said[place:], listed(each)) for each in phrases):
            place += length
        else:
            yield said[place]
            place += 1


def _is_about_something_else(said: Sequence[str]) -> bool:
    return _has(said, *listed(small_talk.OF_BUSINESS)) and not _has(said, *listed(small_talk.OF_MESSAGES))


def _ends_something(said: Sequence[str]) -> bool:
    """What we send them, or what we know of them."""
    ends = listed(small_talk.ENDING)
    return _has(said, *ends) and _has(said, *listed(small_talk.OF_MESSAGES), *listed(small_talk.OF_CONSENT))


def _has(said: Sequence[str], *phrases: str) -> bool:
    return any(leading(said[place:], phrases) for place in range(len(said)))


@cache
def _anywhere(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that people say of other things: they ask as the whole message alone."""
    ordinary = set(phrases_of(listed(small_talk.ORDINARY)))
    return tuple(each for each in phrases if tuple(words_of(each)) not in ordinary)


def _is_name_or_number(said: Sequence[str], names: Collection[str]) -> int:
    return int(bool(said) and (said[0].isdecimal() or said[0] in names))


def _stands_in(phrase: Phrase, said: Sequence[str]) -> bool:
    """Whether its words come one after the other, with few words between."""
    return any(
        matches(phrase[0], word) and _continues(phrase[1:], said[place + 1 :])
        for place, word in enumerate(said)
    )


def _continues(phrase: Phrase, said: Sequence[str]) -> bool:
    if not phrase:
        return True
    for place, word in enumerate(said[: MAX_GAP + 1]):
        if matches(phrase[0], word):
            return _continues(phrase[1:], said[place + 1 :])
    return False


def phrases_in(text: str) -> Iterator[str]:
    """The words or phrases of a setting, one a line or between commas."""
    for line in text.replace(",", "\n").splitlines():
        if words_of(line):
            yield " ".join(line.split())
