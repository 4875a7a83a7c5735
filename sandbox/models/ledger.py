from django.db import models


class LedgerCall(models.Model):
    """A call as it arrived. `window` counts the connection's calls in the 60 s that end with it."""

    operation = models.CharField(max_length=40)
    arrived_at = models.DateTimeField(db_index=True, help_text="By the real clock.")
    arrived_ns = models.BigIntegerField(help_text="Monotonic nanoseconds, for spacing.")
    connection = models.CharField(
        max_length=36, blank=True, help_text="The caller's subject; empty if unknown."
    )
    customer = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=1000, blank=True)
    subject = models.CharField(max_length=100, blank=True, help_text="A phone, or a count of recipients.")
    method = models.CharField(max_length=7)
    path = models.TextField(help_text="As sent, still encoded.")
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=200)
    faults = models.CharField(max_length=200, blank=True)
    window = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]


class Fault(models.Model):
    """A misbehaviour to show: which calls of an operation it meets, and what they get."""

    class When(models.TextChoices):
        ALWAYS = "always"
        NTH = "nth"  # only the n-th call
        EVERY = "every"  # each n-th call
        UNTIL = "until"  # the first n calls
        CHANCE = "p"  # with probability n

    operation = models.CharField(max_length=40, default="*", help_text="An operation's name, token, or *.")
    when = models.CharField(max_length=10, choices=When.choices, default=When.ALWAYS)
    n = models.FloatField(default=1)
    action = models.CharField(max_length=30)
    milliseconds = models.PositiveIntegerField(null=True, help_text="How long to be slow or to hold.")
    jitter_milliseconds = models.PositiveIntegerField(default=0)
    retry_after = models.JSONField(null=True, help_text="The header's text; null for no header.")
    seen = models.PositiveIntegerField(default=0)
    fired = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]


class SwitchSetting(models.Model):
    """A switch that is not at its default."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.JSONField()
