import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from sandbox.models.people import Customer, Service


class Thread(models.Model):
    """The discussion between a customer and a phone; discussion replies are addressed to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    customer = models.ForeignKey(Customer, models.CASCADE)
    phone = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "phone"], name="one_thread_a_phone")]


class Message(models.Model):
    """One accepted send call."""

    class Kind(models.TextChoices):
        SMS = "SMS"
        WHATSAPP = "WhatsApp"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    operation = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, models.CASCADE)
    service = models.ForeignKey(Service, models.CASCADE, null=True)
    sender = models.CharField(max_length=100)
    content = models.TextField()
    body = models.JSONField(help_text="The call's body as it came.")
    buttons = models.JSONField(default=list)
    attachment = models.CharField(max_length=2000, blank=True)
    request_id = models.CharField(max_length=1000, blank=True)
    reply_to = models.UUIDField(null=True)
    thread = models.ForeignKey(Thread, models.SET_NULL, null=True)
    report_url = models.CharField(max_length=2000, blank=True)
    accepted_at = models.DateTimeField()
    send_at = models.DateTimeField()

    class Meta:
        ordering = ["accepted_at"]


class Recipient(models.Model):
    """One address of a message, and what became of it."""

    class State(models.TextChoices):
        QUEUED = "Queued"
        DELIVERED = "Delivered"
        FAILED = "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    message = models.ForeignKey(Message, models.CASCADE, related_name="recipients")
    address = models.CharField(max_length=20, db_index=True)
    text = models.TextField()
    as_sms = models.BooleanField(default=False, help_text="A WhatsApp message that fell back to SMS.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    error_code = models.CharField(max_length=40, blank=True)
    deliver_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The delivery thread asks every tick which queued ones are due.
            models.Index(fields=["deliver_at"], condition=Q(state="Queued"), name="recipient_due"),
        ]

    def told_id(self, switches: dict[str, Any]) -> uuid.UUID:
        return self.id if switches["recipient_ids"] == "own" else self.message_id


class RememberedRequest(models.Model):
    """A RequestId that was accepted. The constraint refuses a twin that arrives at the same moment."""

    customer = models.ForeignKey(Customer, models.CASCADE)
    request_id = models.CharField(max_length=1000)
    message_id = models.UUIDField()
    accepted_at = models.DateTimeField()
    known_from = models.DateTimeField(help_text="Later than accepted_at while a fault makes it forgotten.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "request_id"], name="one_send_a_request_id")
        ]


class Inbound(models.Model):
    """What a phone wrote to a customer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    service = models.ForeignKey(Service, models.CASCADE)
    thread = models.ForeignKey(Thread, models.SET_NULL, null=True)
    kind = models.CharField(max_length=10, choices=Message.Kind.choices)
    sender = models.CharField(max_length=20, db_index=True)
    address = models.CharField(max_length=20, help_text="What it was written to.")
    content = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at"]
