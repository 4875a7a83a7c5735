"""What of a thread is one person's own: how far they have read it, what they began to write in it."""

from dataclasses import dataclass

from django.db.models import Exists, Subquery

from accounts.models import User
from messaging.inbox.models import Draft, Mention, Thread, ThreadRead


@dataclass(frozen=True)
class Own:
    """`read`: the key of the newest message that they saw; `is_named`: in a note, since they last looked."""

    read: int = 0
    draft: str = ""
    is_named: bool = False

    @classmethod
    def of(cls, thread: Thread, user: User) -> "Own":
        """One query."""
        read = ThreadRead.objects.filter(thread=thread, user=user).values("up_to")
        draft = Draft.objects.filter(thread=thread, user=user).values("content")
        named = Mention.objects.filter(note__thread=thread, user=user, seen_at=None)
        row = Thread.objects.filter(pk=thread.pk).values_list(Subquery(read), Subquery(draft), Exists(named))
        up_to, content, is_named = row.order_by().first() or (0, "", False)
        return cls(up_to or 0, content or "", is_named)
