import uuid

from django.db import models

from sandbox.models.people import Customer


class Template(models.Model):
    """A WhatsApp template. The list shows approved ones only, and nothing of the review."""

    class Review(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        PAUSED = "paused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120, unique=True, help_text="What the API calls its id.")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="templates")
    identity = models.CharField(max_length=20)
    display_name = models.CharField(max_length=100)
    raw_content = models.TextField()
    category = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    buttons = models.JSONField(default=list)
    attachment_url = models.CharField(max_length=2000, blank=True)
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.PENDING)
    reason = models.CharField(
        max_length=100, blank=True, help_text="Why it was rejected; the list is silent."
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]


class OptIn(models.Model):
    """A recipient's consent to a WhatsApp sender (two deprecated operations)."""

    sender = models.CharField(max_length=20)
    recipient = models.CharField(max_length=20)
    opted_in = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "recipient"], name="one_consent_a_pair")]
