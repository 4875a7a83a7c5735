"""What each of us has begun to write in a thread: kept while it is typed, gone when it is sent."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User
from gateway import clock
from messaging.inbox.models import Draft, Message, Thread


def keep(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """The latest of all windows; nothing typed, or what was sent meanwhile by the same form, is none."""
    if not content.strip():
        Draft.objects.filter(thread=thread, user=of).delete()
    elif not Message.objects.filter(uuid=key).exists():
        told = {"content": content, "key": key, "updated_at": clock.now()}
        Draft.objects.update_or_create(thread=thread, user=of, defaults=told)


def forget(thread: Thread, content: str, *, key: UUID, of: User) -> None:
    """It was sent; what another window of theirs says otherwise stays."""
    sent = Q(key=key) | Q(content=content)
    Draft.objects.filter(sent, thread=thread, user=of).delete()
