"""What somebody has begun to write to a person: an answer, a template, a first message."""

from django.db import models

from accounts.models import Customer, User
from gateway import clock
from messaging.inbox.models.thread import Thread
from messaging.whatsapp.models import Template

MAX_DRAFT_LENGTH = 20_000  # characters
MAX_TYPED_NUMBER = 40


class Draft(models.Model):
    """What one of us has typed in a thread and not sent, as it was last; on every device of theirs.

    `key`: of the form that it was typed in, by which a draft that comes after its answer is known.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    content = models.TextField(max_length=MAX_DRAFT_LENGTH)
    key = models.UUIDField()
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="draft_once_a_person")]

    def __str__(self) -> str:
        return self.content[:60]


class FormDraft(models.Model):
    """`said`: what is filled in, by the names of fields. `key`: of the form, and of what is sent by it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    said = models.JSONField(default=dict)
    key = models.UUIDField()
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.key)


class TemplateDraft(FormDraft):
    """What one of us has filled into a template for the person of a thread and not sent."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", db_index=False)
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "user", "template"], name="template_draft_once")
        ]


class FirstDraft(FormDraft):
    """What one of us has begun to write to a person with whom there is no conversation."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    phone = models.CharField(
        max_length=MAX_TYPED_NUMBER, blank=True, help_text="E.164; what is no number, as it is typed."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="first_draft_once")]

    @property
    def content(self) -> str:
        return str(self.said.get("content", ""))
