"""What was said last in threads that changed, ready to stand in an open conversation, the same for everybody.

Only what asks nothing of anybody: of what has buttons, which differ from person to person, pages look again.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string

from accounts.db.kept_queries import kept
from messaging.inbox.models import Message, Thread
from messaging.inbox.threads.conversations import loaded


def last_said(threads: Collection[Thread]) -> dict[int, dict[str, Any]]:
    """By thread. `before`: the key of what stands above it, by which a page knows that it has all the rest.

    Two queries, and one for each thing that only some messages have.
    """
    found = [each for each in _last_of(tuple(each.pk for each in threads)) if each.last]
    before = {each.last: each.before for each in found}
    said = loaded(list(threads), _messages(tuple(before)))
    return {each.thread_id: _told(each, before[each.pk]) for each in said if _asks_nothing(each)}


def _told(message: Message, before: int | None) -> dict[str, Any]:
    context = {"message": message, "thread": message.thread}
    html = render_to_string("inbox/_message.html", context)
    return {"message": message.pk, "before": before, "at": message.at.isoformat(), "html": html}


def _asks_nothing(message: Message) -> bool:
    if message.is_ours:
        return not (message.needs_a_person or message.is_stoppable)
    return not (message.intent or message.opt_out_request_id)


@kept
def _last_of(threads: tuple[int, ...]) -> QuerySet[Any]:
    """Of each the key of its last message, and of the one before it."""
    keys = Message.objects.filter(thread=OuterRef("pk")).latest_first().values("pk")
    own = {"last": Subquery(keys[:1]), "before": Subquery(keys[1:2])}
    return Thread.objects.filter(pk__in=threads).order_by().only("pk").annotate(**own)


@kept
def _messages(keys: tuple[int, ...]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=keys).order_by().select_related("created_by").defer("search_text")
