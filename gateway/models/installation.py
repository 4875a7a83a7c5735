from django.db import models

from gateway import clock


class InstallationFact(models.Model):
    """What holds for every process of this installation, on whichever host it runs."""

    name = models.CharField(max_length=40, unique=True)
    value = models.TextField(help_text="Of a key: its fingerprint, never the key.")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class ClockAgreed(models.Model):
    """So many seconds since the epoch when the host had been up for none, as all its processes take it.

    One row, on SQLite, which has no clock of its own. Another start of the host has another `boot`.
    """

    boot = models.CharField(max_length=64)
    epoch_at_boot = models.FloatField()
