"""Notes with what is asked for in them: found by an index of their words, then looked at letter by letter."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from django.db import connection
from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.models import Customer
from contacts.text.full_text_search import MatchesTerms, Term, as_tsquery, case_folded
from messaging.inbox.models import Note, Thread
from messaging.inbox.search.excerpts import Snippet, snippet_of
from messaging.inbox.search.words import Asked
from messaging.inbox.threads.thread_list import ThreadQuery, begin_of, contact_names

LOOKED_AT = 1000  # newest notes with all the words


@dataclass(frozen=True)
class NoteHit:
    note: Note
    name: str
    snippet: Snippet

    @property
    def thread(self) -> int:
        return self.note.thread_id

    @property
    def address(self) -> str:
        return self.note.thread.address

    @property
    def at(self) -> datetime:
        return self.note.at

    @property
    def author(self) -> str:
        return str(self.note.author or "")

    @property
    def place(self) -> str:
        """For the end of a thread's address, after its query: there it opens."""
        return f"&note={self.note.pk}#note-{self.note.pk}"


def notes_with(customer: Customer, asked: Asked, within: ThreadQuery, *, most: int) -> list[NoteHit]:
    """Newest first. No note has a channel, nor is one from the person."""
    if not (asked.words or asked.phrases) or within.person or within.channel:
        return []
    found = list(islice(_notes(customer, asked, within, most), most))
    names = contact_names(customer, [note.thread.address for note in found])
    return [NoteHit(note, names.get(note.thread.address, ""), snippet_of(note.text, asked)) for note in found]


def _notes(customer: Customer, asked: Asked, within: ThreadQuery, most: int) -> Iterator[Note]:
    words = [*asked.words, *(word for phrase in asked.phrases for word in phrase)]
    terms: list[Term] = [((word,),) for word in words]
    is_exact = bool(asked.phrases or asked.literals)
    most = LOOKED_AT if is_exact else most
    if within.is_narrowed or connection.vendor == "sqlite":
        found = _narrowed(customer, terms, within, most)
    else:
        found = _newest_with(most)(customer, as_tsquery(terms))
    for note in found:
        if not is_exact or _says(note, asked):
            yield note


def _narrowed(customer: Customer, terms: list[Term], within: ThreadQuery, most: int) -> Iterable[Note]:
    own = _with_words(customer, MatchesTerms(terms))
    if within.team or within.label or within.service:
        own = own.filter(thread__in=within.narrowed(Thread.objects.of_customer(customer), customer))
    days = {"at__gte": within.from_day, "at__lt": within.to_day}
    return own.filter(**{name: begin_of(day) for name, day in days.items() if day})[:most]


@cache
def _newest_with(most: int) -> Callable[..., list[Note]]:
    return kept(lambda customer, tsquery: _with_words(customer, MatchesTerms(tsquery))[:most])


def _with_words(customer: Customer, has_words: MatchesTerms) -> QuerySet[Note]:
    own = Note.objects.filter(has_words, thread__customer=customer).order_by("-pk")
    return own.select_related("thread", "author")


def _says(note: Note, asked: Asked) -> bool:
    """Each phrase in its order, and each sign as it stands."""
    words, text = f" {note.search_text} ", case_folded(note.text)
    return all(f" {' '.join(phrase)} " in words for phrase in asked.phrases) and all(
        literal in text for literal in asked.literals
    )
