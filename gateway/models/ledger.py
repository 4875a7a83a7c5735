"""The call ledger: every call made. The audit, the usage graph and the limiter."""

from django.db import models

from gateway.models.connection import Connection
from gateway.models.outbox import Lane, Operation


class Call(models.Model):
    """A slot of a connection's budget, and what the call it was reserved for came to.

    A slot is used from its reservation until 60 s after its answer, as the platform may count it;
    one whose worker died is used until 60 s after the call could last have run.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="calls")
    operation = models.ForeignKey(Operation, on_delete=models.SET_NULL, null=True, related_name="calls")
    name = models.CharField(max_length=60)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices)
    reserved_at = models.DateTimeField()
    held_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(
        null=True, help_text="HTTP status; empty when nothing answered."
    )
    milliseconds = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    # By the steady clock, kept by whoever makes the call, as no setting of a clock changes them.
    began = 0.0
    ended = 0.0  # 0: now

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["connection", "held_until"], name="ledger_slots_in_use"),
            models.Index(fields=["reserved_at"], name="ledger_pruning"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.status or ''}".strip()
