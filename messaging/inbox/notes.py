"""Internal notes: what one of us says to the others about a thread, and whom it is for."""

from collections.abc import Iterable
from itertools import pairwise

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects

from accounts import audit
from accounts.errors import UserError
from accounts.kept_queries import kept
from accounts.models import Customer, User
from contacts.text.full_text_search import case_folded
from gateway import clock
from messaging.inbox.models import Mention, Note, Thread
from messaging.inbox.person import threads_of
from messaging.inbox.presence import tell_who
from messaging.inbox.receiving import tell
from messaging.inbox.search.words import kept_words
from messaging.inbox.teamwork import team_of


class UnclearMention(UserError):
    """An @name that several people of the team have."""


def write(thread: Thread, text: str, *, by: User) -> list[User]:
    """Keep it in the thread, and tell whoever it names as @name. Raises UnclearMention."""
    mentioned = [user for user in mentioned_in(text, thread.customer) if user != by]
    with transaction.atomic():
        note = Note.objects.create(
            thread=thread,
            author=by,
            text=text,
            search_text=kept_words(thread.customer_id, text),
            at=clock.now(),
        )
        Mention.objects.bulk_create(Mention(note=note, user=user) for user in mentioned)
        audit.record(actor=by, customer=thread.customer, verb="thread.noted", subject=thread)
        tell(thread)
    return mentioned


def mentioned_in(text: str, customer: Customer) -> list[User]:
    """Whom @names in it mean, by first or whole name; @ before what is nobody's name is only a sign."""
    parts = case_folded(f" {text}").split("@")
    named = [" ".join(words.split()) for before, words in pairwise(parts) if before[-1:].isspace()]
    team = list(team_of(customer)) if named else []
    return list(dict.fromkeys(user for words in named if (user := _meant(words, team))))


def see(thread: Thread, *, by: User) -> None:
    """They have opened a thread with the person about whom they were mentioned."""
    threads = threads_of(thread)
    with transaction.atomic():
        if _unseen(threads, by).update(seen_at=clock.now()):
            for each in threads:
                tell_who(each)


def about(threads: list[Thread]) -> Iterable[Note]:
    """Of all threads with a person, oldest first; one query, and one for who wrote them if there are any."""
    found = _of_threads(tuple(each.pk for each in threads))
    by_key = {each.pk: each for each in threads}
    for note in found:
        note.thread = by_key[note.thread_id]
    prefetch_related_objects(found, "author")
    return found


@kept
def _of_threads(threads: tuple[int, ...]) -> QuerySet[Note]:
    return Note.objects.filter(thread__pk__in=threads).order_by("pk")


def _unseen(threads: list[Thread], user: User) -> QuerySet[Mention]:
    return Mention.objects.filter(note__thread__in=threads, user=user, seen_at=None)


def _meant(words: str, team: list[User]) -> User | None:
    """Of those whose name begins these words, who has the longest of them."""
    whole = [user for user in team if _begins(words, case_folded(str(user)))]
    if whole:
        return max(whole, key=lambda user: len(str(user)))
    first = [user for user in team if _begins(words, case_folded(str(user)).split(" ")[0])]
    if len(first) > 1:
        names = " or ".join(f"@{user}" for user in first)
        raise UnclearMention(f"Several people have that name. Write {names}; the note is not saved yet.")
    return first[0] if first else None


def _begins(words: str, name: str) -> bool:
    return words.startswith(name) and not words[len(name) : len(name) + 1].isalnum()
