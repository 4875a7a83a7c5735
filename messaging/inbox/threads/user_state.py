"""What of the threads with somebody is one person's own: how far they have read, what they began to write."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.db.kept_queries import kept
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
        own = {each.pk: each for each in _own(tuple(each.pk for each in threads), user)}
        reads = {key: each.read or 0 for key, each in own.items()}
        opened = own.get(threads[0].pk)
        return cls(reads, (opened and opened.draft) or "", any(each.is_named for each in own.values()))


@kept
def _own(threads: tuple[int, ...], user: User) -> QuerySet[Any]:
    draft = Draft.objects.filter(user=user, thread=OuterRef("pk")).values("content")
    naming = Mention.objects.filter(note__thread=OuterRef("pk"), user=user, seen_at=None)
    read = ThreadRead.objects.filter(user=user, thread=OuterRef("pk")).values("up_to")
    own = {"read": Subquery(read), "is_named": Exists(naming), "draft": Subquery(draft)}
    return Thread.objects.filter(pk__in=threads).order_by().only("pk").annotate(**own)
