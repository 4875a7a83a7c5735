"""Internal notes: what one of us says to the others about a thread, and whom it is for."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.db.paging import Page, PageWindow, SortOrder, encode_cursor, keyset
from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.trail import audit
from contacts.text.full_text_search import case_folded
from gateway import clock
from messaging.inbox.incoming.receiving import tell
from messaging.inbox.models import Mention, Note, Thread
from messaging.inbox.search.words import kept_words
from messaging.inbox.team.presence import tell_who
from messaging.inbox.team.teamwork import team_of
from messaging.inbox.threads.person import threads_of

NOTES_SHOWN = 20  # at once
LATEST_FIRST = SortOrder("at", falling=True, is_time=True)
PRESSED_TWICE = 10.0  # seconds in which the same note is a button that was pressed once more


class UnclearMention(UserError):
    """An @name that several people of the team have."""


def write(thread: Thread, text: str, *, by: User) -> list[User]:
    """Keep it in the thread, and tell whoever it names as @name. Pressed twice it is one note.

    Raises UnclearMention.
    """
    mentioned = [user for user in mentioned_in(text, thread.customer) if user != by]
    with transaction.atomic():
        Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
        lately = Note.objects.filter(thread=thread, author=by, at__gt=clock.after(-PRESSED_TWICE))
        if lately.filter(text=text).exists():
            return mentioned
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
    named = _named(text)
    team = list(team_of(customer)) if named else []
    return list(dict.fromkeys(user for words in named if (user := _meant(words, team))))


def missed_in(text: str, customer: Customer) -> list[User]:
    """Whom @names in it mean who are not told, as they may not answer here: nobody else has that name."""
    named = _named(text)
    team = list(team_of(customer)) if named else []
    left = [words for words in named if _meant(words, team) is None]
    others = User.objects.filter(customers=customer).exclude(pk__in=[user.pk for user in team])
    return [user for user in others.order_by("name", "pk") if _is_in(left, user)] if left else []


def see(thread: Thread, *, by: User) -> None:
    """They have opened a thread with the person about whom they were mentioned."""
    threads = threads_of(thread)
    with transaction.atomic():
        if _unseen(threads, by).update(seen_at=clock.now()):
            for each in threads:
                tell_who(each)


def about(threads: list[Thread], *, before: str = "") -> Page:
    """Of all threads with a person, oldest first: the latest, or those before a cursor. One query."""
    keys = tuple(each.pk for each in threads)
    if before:
        page = keyset(_of(keys), size=NOTES_SHOWN, before=before, order=LATEST_FIRST)
    else:
        page = PageWindow(LATEST_FIRST).page(_newest(keys), NOTES_SHOWN)
    return replace(page, rows=page.rows[::-1])


def around(threads: list[Thread], note: int) -> str:
    """For `about`: before what it shows that note, and some later ones; "": the latest are those."""
    own = _of([each.pk for each in threads])
    found = own.filter(pk=note).first() if note else None
    if found is None:
        return ""
    later = own.filter(LATEST_FIRST.beyond((found.at, found.pk), backwards=True))
    following = list(LATEST_FIRST.rows(later, backwards=True)[: NOTES_SHOWN // 2])
    return encode_cursor(following[-1], LATEST_FIRST) if len(following) == NOTES_SHOWN // 2 else ""


def latest(threads: list[Thread], number: int, *, before: datetime | None = None) -> list[Note]:
    """Newest first; one query."""
    found = LATEST_FIRST.rows(_of([each.pk for each in threads]), backwards=False)
    return list((found.filter(at__lt=before) if before else found)[:number])


@kept
def _newest(threads: tuple[int, ...]) -> QuerySet[Note]:
    return LATEST_FIRST.rows(_of(threads), backwards=False)[: NOTES_SHOWN + 1]


def _of(threads: Collection[int]) -> QuerySet[Note]:
    return Note.objects.filter(thread__pk__in=threads).select_related("author", "thread__service")


def _unseen(threads: list[Thread], user: User) -> QuerySet[Mention]:
    return Mention.objects.filter(note__thread__in=threads, user=user, seen_at=None)


def _named(text: str) -> list[str]:
    """The words after each @ that begins one."""
    parts = case_folded(f" {text}").split("@")
    return [" ".join(words.split()) for before, words in pairwise(parts) if before[-1:].isspace()]


def _is_in(named: list[str], user: User) -> bool:
    whole = case_folded(str(user))
    return any(_begins(words, name) for words in named for name in (whole, whole.split(" ")[0]))


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
