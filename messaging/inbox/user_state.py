"""What of the threads with somebody is one person's own: how far they have read, what they began to write."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User
from messaging.inbox.models import Draft, Mention, Thread, ThreadRead


@dataclass(frozen=True)
class Own:
    """`reads`: by thread, the key of the newest message that they saw; `is_named`: in a note, since they last
    looked.
    """

    reads: dict[int, int] = field(default_factory=dict)
    draft: str = ""
    is_named: bool = False

    @classmethod
    def of(cls, threads: list[Thread], user: User) -> "Own":
        """All with one person, the first of which is open. One query."""
        read = ThreadRead.objects.filter(thread=OuterRef("pk"), user=user).values("up_to")
        draft = Draft.objects.filter(thread=OuterRef("pk"), user=user).values("content")
        named = Mention.objects.filter(note__thread=OuterRef("pk"), user=user, seen_at=None)
        rows = Thread.objects.filter(pk__in=[each.pk for each in threads]).order_by()
        found = rows.values_list("pk", Subquery(read), Subquery(draft), Exists(named))
        drafts = {key: content for key, _, content, _ in found}
        return cls(
            {key: up_to or 0 for key, up_to, *_ in found},
            drafts.get(threads[0].pk) or "",
            any(is_named for *_, is_named in found),
        )
