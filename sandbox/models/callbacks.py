import uuid

from django.db import models
from django.db.models import Q

from sandbox.models.people import Service


class Subscription(models.Model):
    """A trigger: where to POST what a TwoWay service receives."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    service = models.ForeignKey(Service, models.CASCADE, related_name="subscriptions")
    name = models.CharField(max_length=500)
    description = models.TextField()
    url = models.CharField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)


class Callback(models.Model):
    """One call to the client's side, a delivery report or a notification: a few tries, any 2xx ends it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        GIVEN_UP = "given up"

    kind = models.CharField(max_length=20)
    method = models.CharField(max_length=4)
    url = models.CharField(max_length=3000)
    body = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=200, blank=True, help_text="Status or error of the last try.")

    class Meta:
        ordering = ["id"]
        indexes = [
            # The delivery thread asks every tick which waiting ones are due.
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="callback_due"),
        ]
