"""An answer that somebody has begun to write."""

from django.conf import settings
from django.db import models

from gateway import clock
from messaging.inbox.models.thread import Thread

MAX_DRAFT_LENGTH = 20_000  # characters


class Draft(models.Model):
    """What one of us has typed in a thread and not sent, as it was last; on every device of theirs.

    `key`: of the form that it was typed in, by which a draft that comes after its answer is known.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content = models.TextField(max_length=MAX_DRAFT_LENGTH)
    key = models.UUIDField()
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="draft_once_a_person")]

    def __str__(self) -> str:
        return self.content[:60]
