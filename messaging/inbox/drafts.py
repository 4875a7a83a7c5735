"""What each of us has begun to write in a thread: kept while it is typed, gone when it is sent."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from gateway import clock
from messaging.inbox.models import Draft, Message, Thread


def keep(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """The latest of all windows; nothing typed, or what was sent meanwhile by the same form, is none.

    An answer that is being written holds the thread: what comes at the same time waits to see it.
    """
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).select_for_update(no_key=True).first()
        if not content.strip():
            Draft.objects.filter(thread=thread, user=of).delete()
        elif not Message.objects.filter(uuid=key).exists():
            told = {"content": content, "key": key, "updated_at": clock.now()}
            Draft.objects.update_or_create(thread=thread, user=of, defaults=told)


def add(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """Below what they have begun there already."""
    begun = Draft.objects.filter(thread=thread, user=of).values_list("content", flat=True).first() or ""
    if content not in begun:
        keep(thread, "\n\n".join(filter(None, [begun.strip(), content])), key=key, of=of)


def forget(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """It was sent; what another window of theirs says otherwise stays."""
    sent = Q(key=key) | Q(content=content)
    Draft.objects.filter(sent, thread=thread, user=of).delete()
