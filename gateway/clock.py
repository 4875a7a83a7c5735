"""The one place that tells the time to the limiter, the leases and the tokens."""

from datetime import datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def after(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)
