"""Notes with what is asked for in them: found by an index of their words, then looked at letter by letter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from django.db import connection
from django.db.models import QuerySet

from accounts.db.kept_queries import Kept, KeptQuery, kept
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


def notes_with(
    customer: Customer, asked: Asked, within: ThreadQuery, *, most: int, query: KeptQuery[Note] | None = None
) -> list[NoteHit]:
    """Newest first. No note has a channel, nor is one from the person. `query`: of the same, from
    `notes_query`.
    """
    if not (asked.words or asked.phrases) or within.person or within.channel:
        return []
    query = query or notes_query(customer, asked, within, most=most)
    found = list(islice(_notes(customer, asked, within, most, query), most))
    names = contact_names(customer, [note.thread.address for note in found])
    return [NoteHit(note, names.get(note.thread.address, ""), snippet_of(note.text, asked)) for note in found]


def notes_query(customer: Customer, asked: Asked, within: ThreadQuery, *, most: int) -> KeptQuery[Note]:
    """To be read together with others; written where notes are looked for in all there are, on PostgreSQL."""
    terms = _terms_of(asked)
    if not terms or within.is_narrowed or connection.vendor == "sqlite":
        return KeptQuery()
    return _newest_with(_looked_at(asked, most)).of(customer, as_tsquery(terms))


def _notes(
    customer: Customer, asked: Asked, within: ThreadQuery, most: int, query: KeptQuery[Note]
) -> Iterator[Note]:
    rows = query.rows() if query.written else _narrowed(customer, asked, within, _looked_at(asked, most))
    return (note for note in rows if not _is_exact(asked) or _says(note, asked))


def _looked_at(asked: Asked, most: int) -> int:
    return LOOKED_AT if _is_exact(asked) else most


def _is_exact(asked: Asked) -> bool:
    return bool(asked.phrases or asked.literals)


def _terms_of(asked: Asked) -> list[Term]:
    return [((word,),) for word in (*asked.words, *(word for phrase in asked.phrases for word in phrase))]


def _narrowed(customer: Customer, asked: Asked, within: ThreadQuery, most: int) -> Iterable[Note]:
    own = _with_words(customer, MatchesTerms(_terms_of(asked)))
    if within.team or within.label or within.service:
        own = own.filter(thread__in=within.narrowed(Thread.objects.of_customer(customer), customer))
    days = {"at__gte": within.from_day, "at__lt": within.to_day}
    return own.filter(**{name: begin_of(day) for name, day in days.items() if day})[:most]


@cache
def _newest_with(most: int) -> Kept[Note]:
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
