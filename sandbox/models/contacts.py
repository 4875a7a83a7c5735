import uuid

from django.db import models

from sandbox.models.people import Service


class Contact(models.Model):
    """A person in a group, known by phone number. Counts tell how often a write was accepted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    group = models.ForeignKey(Service, models.CASCADE, related_name="contacts")
    phone = models.CharField(max_length=20, help_text="E.164.")
    active = models.BooleanField(default=True)
    fields = models.JSONField(default=dict, help_text="As the API names them, without phone and active.")
    failed_messages = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["phone"]
        constraints = [
            models.UniqueConstraint(fields=["group", "phone"], name="one_contact_a_phone_in_a_group")
        ]
