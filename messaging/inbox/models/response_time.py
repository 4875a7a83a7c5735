"""How long people waited for one of us, kept at the moment when the wait was over."""

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway.models import Service
from messaging.inbox.models.message import Message


class Measure(models.TextChoices):
    FIRST_RESPONSE = (
        "response",
        "First response",
    )  # from their first unanswered message to our answer
    HANDLING = "handling", "Handling"  # from the message that began it until somebody marked it as done


class ResponseTime(models.Model):
    """One wait that is over. `seconds` are by the clock, `office_seconds` those of them in office hours as
    they were set then: all of them where none were. Both are in whole minutes from one on, and in whole
    hours from ten on.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    service = models.ForeignKey(
        Service,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        help_text="The two-way one that they wrote to.",
    )
    user = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Who answered, or marked it as done.",
    )
    measure = models.CharField(max_length=10, choices=Measure.choices)
    ended_at = models.DateTimeField()
    week = models.DateField(help_text="Its Monday, in the zone of the office hours, else the usual one.")
    seconds = models.PositiveIntegerField()
    office_seconds = models.PositiveIntegerField()
    answer = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Of a first response."
    )

    objects = TenantQuerySet["ResponseTime"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["customer", "week", "measure"], name="response_times_of_a_week")]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.seconds} s"
