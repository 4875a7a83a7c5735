"""Whom the words of a search name: of words that few contacts have, looked up all at once."""

from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from accounts.db.kept_queries import KeptQuery
from contacts.text.full_text_search import (
    MAX_SEARCHED,
    MAX_TERMS,
    Term,
    has_terms,
    parse_search,
    words_of,
)
from messaging.inbox.search.people_search import FEW, few_query, few_with
from messaging.inbox.search.word_shares import shares_of
from messaging.inbox.search.words import MIN_INDEXED
from messaging.inbox.team.desk import Desk

MANY = 0.03  # of all contacts

Known = tuple[str, str]  # the number and the words of a contact


def is_common(text: str) -> bool:
    """Whether each of the words is in the names of many, as PostgreSQL's statistics have it."""
    words = words_of(text)
    return bool(words) and min(_shares(words).values()) >= MANY


@dataclass(frozen=True)
class NamedPeople:
    """Who has some of the words of a search; None: that is to be looked up apart, as many may."""

    desk: Desk
    text: str

    def with_word(self, word: str) -> list[Known] | None:
        return self._having([word]) if word in self._rare else None

    def with_all(self) -> list[Known] | None:
        """They are among those who have one of them that few have."""
        words = words_of(self.text[:MAX_SEARCHED])[:MAX_TERMS]
        return self._having(words) if set(words) & set(self._rare) else None

    def _having(self, words: list[str]) -> list[Known] | None:
        if self._found is None:
            return None
        terms = [term for word in words for term in parse_search(word)]
        return [each for each in self._found if has_terms(each[1], terms)]

    @cached_property
    def _rare(self) -> list[str]:
        """Those of its words that the statistics do not know: these count the most common."""
        shares = _shares(words_of(self.text))
        words = [word for word in shares if len(word) >= MIN_INDEXED and not word.isdecimal()]
        return [word for word in words if not shares[word]]

    @cached_property
    def _found(self) -> list[Known] | None:
        """One query; None: they are more than a few, or there is nothing to look for."""
        if not self._rare:
            return None
        found = self.query.rows() if self.query.written else few_with(self.desk, self._terms)
        return found if len(found) <= FEW else None

    @cached_property
    def query(self) -> KeptQuery[Known]:
        """For who has a word that few have, to be read together with others."""
        return few_query(self.desk, self._terms)

    @property
    def _terms(self) -> list[Term]:
        return [tuple((word,) for word in self._rare)] if self._rare else []


def _shares(words: list[str]) -> dict[str, float]:
    if connection.vendor == "sqlite":
        return dict.fromkeys(words, 0.0)
    return shares_of([(word, True) for word in words], index="contact_words")
