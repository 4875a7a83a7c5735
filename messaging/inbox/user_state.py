"""What of the threads with somebody is one person's own: how far they have read, what they began to write."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.kept_queries import kept
from accounts.models import User
from messaging.inbox.models import Draft, Thread
from messaging.inbox.thread_list import facts_of


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
        """All with one person, the first of which is open. Two queries."""
        keys = tuple(each.pk for each in threads)
        facts = facts_of(keys, user)
        draft = "".join(each.content for each in _drafts(user, threads[0]))
        reads = {key: each.read or 0 for key, each in facts.items()}
        return cls(reads, draft, any(each.is_named for each in facts.values()))


@kept
def _drafts(user: User, thread: Thread) -> QuerySet[Draft]:
    return Draft.objects.filter(user=user, thread=thread)
