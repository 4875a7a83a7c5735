"""Who is writing an answer right now, so that two people do not write the same one."""

from datetime import datetime, timedelta

from django.db.models import QuerySet, prefetch_related_objects

from accounts.db.kept_queries import kept
from accounts.models import User
from gateway import clock
from gateway.live_updates import live
from messaging.inbox.models import Presence, Thread

PRESENCE = "presence"  # topic: who reads and writes; of the thread itself nothing has changed
LASTS = timedelta(seconds=15)  # since they last typed; their page tells every five


def is_writing(thread: Thread, *, by: User) -> None:
    """They type an answer. Their colleagues hear of it; nothing else changes."""
    Presence.objects.update_or_create(thread=thread, user=by, defaults={"at": clock.now()})
    tell_who(thread)


def has_stopped(thread: Thread, *, by: User) -> None:
    """They sent it, or gave it up."""
    if Presence.objects.filter(thread=thread, user=by).delete()[0]:
        tell_who(thread)


def tell_who(thread: Thread) -> None:
    """Open inboxes are sent who reads and writes there, once this is committed."""
    live.announce(thread.customer, PRESENCE, row=thread.pk)


def others_in(threads: list[Thread], reader: User) -> list[User]:
    """Who writes to a person, in any thread with them, beside who looks."""
    writing = [each.user for each in writing_in([each.pk for each in threads])]
    return list(dict.fromkeys(user for user in writing if user != reader))


def writing_in(threads: list[int]) -> list[Presence]:
    """One query, and one for who they are; a page that is told of it forgets it by itself after `LASTS`."""
    recent = _recent(tuple(threads), clock.now() - LASTS)
    prefetch_related_objects(recent, "user")
    return recent


@kept
def _recent(threads: tuple[int, ...], since: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(thread__pk__in=threads, at__gt=since).order_by("pk")
