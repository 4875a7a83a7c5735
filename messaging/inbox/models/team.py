"""What people of a team leave for each other in the inbox."""

from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from contacts.models.saved_views import PerUserQuerySet
from messaging.inbox.models.thread import Thread

MAX_NOTE_LENGTH = 2000


class Note(models.Model):
    """What one of us says to the others about a thread. It is never sent."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="notes", db_index=False)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=MAX_NOTE_LENGTH)
    search_text = models.TextField(blank=True, help_text="What a search looks in.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["thread", "at", "id"], name="notes_of_a_thread")]

    def __str__(self) -> str:
        return self.text[:60]


class MentionQuerySet(TenantQuerySet["Mention"]):
    customer_path = "note__thread__customer"


class Mention(models.Model):
    """Somebody whom a note is for, until they have opened its thread."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mentioned_once")]
        indexes = [models.Index(fields=["user"], name="mentions_unseen", condition=Q(seen_at=None))]

    def __str__(self) -> str:
        return f"{self.user} in {self.note_id}"


class Presence(models.Model):
    """Who is writing an answer in a thread, and when they last typed."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.thread_id}"


class SavedInboxView(models.Model):
    """Filters of the inbox that a person named."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400, help_text="As the URL of the inbox has it.")

    objects = PerUserQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "customer", "name"], name="saved_view_of_a_person")
        ]

    def __str__(self) -> str:
        return self.name
