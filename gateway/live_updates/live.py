"""Tell open pages that something of a customer changed, and what it is now."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.models import Customer
from accounts.registry import Registry
from gateway import clock
from gateway.models import LiveUpdate

# Of rows of a customer that changed: what open pages need, as one line, the same for everybody.
Carrier = Callable[[int, Collection[int]], str]
MAX_ROWS = 50  # of one change that are carried
KEPT_FOR = timedelta(minutes=10)
CARRIERS = Registry[Carrier]("carrier of rows of")


@dataclass(frozen=True)
class Tally:
    """What changes with every change of some topics: told by a topic of its own, to each what is theirs.

    `of`: those topics. `count`: of a customer, for each of these people, as one line; queries that do not
    grow with how many they are.
    """

    of: frozenset[str]
    count: Callable[[int, Collection[int]], Mapping[int, str]]


TALLIES = Registry[Tally]("tally")  # by its topic


def announce(customer: Customer, topic: str, *, row: int | None = None) -> None:
    """In the transaction of the change. `topic` like `inbox` or `campaign:5`; pages listen by it.

    With a `row`, and a carrier of the topic, pages are sent what changed; else they look again.
    """
    LiveUpdate.objects.create(customer=customer, topic=topic, row=row)


def announce_rows(customer: Customer, topic: str, rows: Collection[int]) -> None:
    """That many rows changed. Past a page's worth, open pages look again instead."""
    if len(rows) > MAX_ROWS:
        announce(customer, topic)
    else:
        LiveUpdate.objects.bulk_create(LiveUpdate(customer=customer, topic=topic, row=row) for row in rows)


def position() -> int:
    """How far changes have come: a page that is read after this misses none that comes later."""
    return position_in(newest())


def position_in(found: list[LiveUpdate]) -> int:
    """The same of what `newest` gave, where that is read first of several."""
    return next((each.pk for each in found), 0)


def prune() -> int:
    """But for the last: by it, a page that was read after it knows that it has missed nothing."""
    old = LiveUpdate.objects.filter(at__lt=clock.now() - KEPT_FOR)
    return old.filter(pk__lt=position()).delete()[0]


@kept
def newest() -> QuerySet[LiveUpdate]:
    return LiveUpdate.objects.order_by("-pk").only("pk")[:1]
