"""What of the threads with somebody is one person's own: how far they have read, what they began to write."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.db.kept_queries import kept
from accounts.models import User
from messaging.inbox.models import Draft, Mention, Thread, ThreadRead


@dataclass(frozen=True)
class Own:
    """`reads`: by thread, the key of the newest message that they saw; `draft_key`: of the form in which they
    began the draft; `is_named`: in a note, since they last looked.
    """

    reads: dict[int, int] = field(default_factory=dict)
    draft: str = ""
    draft_key: UUID | None = None
    is_named: bool = False

    @classmethod
    def of(cls, threads: list[Thread], user: User) -> "Own":
        """All with one person, the first of which is open. One query."""
        own = {each.pk: each for each in _own(tuple(each.pk for each in threads), user)}
        reads = {key: each.read or 0 for key, each in own.items()}
        opened = own.get(threads[0].pk)
        is_named = any(each.is_named for each in own.values())
        return cls(reads, opened.draft or "", opened.draft_key, is_named) if opened else cls(reads)


@kept
def _own(threads: tuple[int, ...], user: User) -> QuerySet[Any]:
    draft = Draft.objects.filter(user=user, thread=OuterRef("pk"))
    naming = Mention.objects.filter(note__thread=OuterRef("pk"), user=user, seen_at=None)
    read = ThreadRead.objects.filter(user=user, thread=OuterRef("pk")).values("up_to")
    own = {"read": Subquery(read), "is_named": Exists(naming)}
    begun = {"draft": Subquery(draft.values("content")), "draft_key": Subquery(draft.values("key"))}
    return Thread.objects.filter(pk__in=threads).order_by().only("pk").annotate(**own, **begun)
