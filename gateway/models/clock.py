"""What the one host's clock has been agreed to say: on SQLite, which has no clock of its own."""

from django.db import models


class ClockAgreed(models.Model):
    """So many seconds since the epoch when the host had been up for none, as all its processes take it.

    One row. Another start of the host has another `boot`, and agrees anew.
    """

    boot = models.CharField(max_length=64)
    epoch_at_boot = models.FloatField()
