"""Tell open pages that something of a customer changed."""

from datetime import timedelta

from accounts.models import Customer
from gateway import clock
from gateway.models import LiveUpdate


def announce(customer: Customer, topic: str) -> None:
    """In the transaction of the change. `topic` like `inbox` or `campaign:5`; pages listen by it."""
    LiveUpdate.objects.create(customer=customer, topic=topic)


def prune(*, minutes: int = 10) -> int:
    return LiveUpdate.objects.filter(at__lt=clock.now() - timedelta(minutes=minutes)).delete()[0]
