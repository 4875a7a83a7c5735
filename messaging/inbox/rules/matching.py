"""Whether a message fits a rule: by whole words in any case and with any accents, by hour, by service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Customer
from messaging.inbox.models import OfficeHours, Rule, When
from messaging.inbox.opt_outs import small_talk
from messaging.inbox.opt_outs.text_normalizing import (
    Phrase,
    leading,
    listed,
    matches,
    phrases_of,
    without_quotes,
    words_of,
)

MAX_TEXT_LENGTH = 1000  # characters that are read


@dataclass(frozen=True)
class Heard:
    """What rules look at of a message; `service`: the key of where it came."""

    words: tuple[str, ...]
    is_open: bool
    service: int | None

    @classmethod
    def of(cls, text: str, *, is_open: bool, service: int | None) -> "Heard":
        written = without_quotes(text[:MAX_TEXT_LENGTH]).replace("*", " ")
        return cls(tuple(words_of(written)), is_open, service)


def is_open(customer: Customer, at: datetime) -> bool:
    """Whether somebody is at work then."""
    hours = OfficeHours.objects.of_customer(customer).first()
    return hours is None or hours.next_open(at) == at


def fits(rule: Rule, said: Heard) -> bool:
    if rule.service_id and said.service and rule.service_id != said.service:
        return False
    if rule.when != When.ANY and (rule.when == When.OPEN) != said.is_open:
        return False
    return not rule.words or _says_one(tuple(rule.words), said.words, alone=rule.says_nothing_else)


def _says_one(phrases: tuple[str, ...], words: Sequence[str], *, alone: bool) -> bool:
    if alone:
        return _says_only(phrases, words)
    return any(
        _stands_at(phrase, words, place) for phrase in phrases_of(phrases) for place in range(len(words))
    )


def _says_only(phrases: tuple[str, ...], words: Sequence[str]) -> bool:
    """Greetings may come first and thanks after."""
    rest = list(words)
    while length := leading(rest, listed(small_talk.GREETINGS)):
        del rest[:length]
    length = leading(rest, phrases)
    del rest[:length]
    while more := leading(rest, listed(small_talk.COURTESIES)):
        del rest[:more]
    return bool(length) and not rest


def _stands_at(phrase: Phrase, words: Sequence[str], place: int) -> bool:
    here = words[place : place + len(phrase)]
    return len(here) == len(phrase) and all(map(matches, phrase, here))
