"""Delivery reports whose names or words nobody has told us: kept raw until an admin says what they mean."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from accounts.models import Customer, User
from gateway import clock
from gateway.hooks.events import OUR_PARAMETERS, DeliveryStatus, read_query, word_of
from gateway.models import EventState, HookEvent
from gateway.smartdialog import quirks
from gateway.workers.wake_up import PROCESS_EVENTS, wake_on_commit

SAYABLE = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.BUFFERED)
MOST_KINDS = 20  # that are shown
WORD = "word:"


@dataclass(frozen=True)
class UnclearReports:
    """Reports that ask the same. `word`: a status; or, without known names, `said`: what one of them says."""

    count: int
    word: str = ""
    said: dict[str, str] = field(default_factory=dict)


def count(customers: Iterable[Customer]) -> int:
    return _of(customers).count()


def reports(customer: Customer) -> list[UnclearReports]:
    """The most frequent first."""
    kinds = _of([customer]).order_by().values("unclear").annotate(number=Count("pk"), latest=Max("pk"))
    return [_shown(**kind) for kind in kinds.order_by("-number")[:MOST_KINDS]]


@transaction.atomic
def say_word(customer: Customer, word: str, status: DeliveryStatus, *, by: User) -> int:
    """What a status is called, from now on and in the reports that wait. Returns how many did."""
    said = quirks.lock(customer).report_words | {word_of(word): status.value}
    quirks.learn(customer, by=by, report_words=said)
    return _take_in(customer)


@transaction.atomic
def say_names(customer: Customer, names: dict[str, str], *, by: User) -> int:
    """Their names by ours: `{"status": "tila"}`; what is not named stays. Returns how many waited."""
    known = quirks.lock(customer).report_names
    said = {
        ours: [name, *(each for each in known.get(ours, []) if each != name)] for ours, name in names.items()
    }
    quirks.learn(customer, by=by, report_names=known | said)
    return _take_in(customer)


def _shown(unclear: str, number: int, latest: int) -> UnclearReports:
    if unclear.startswith(WORD):
        return UnclearReports(number, word=unclear.removeprefix(WORD))
    query = HookEvent.objects.get(pk=latest).query
    said = {name: value for name, value in read_query(query).items() if name and name not in OUR_PARAMETERS}
    return UnclearReports(number, said=said)


def _take_in(customer: Customer) -> int:
    taken = _of([customer]).update(state=EventState.NEW, due_at=clock.now(), unclear="")
    wake_on_commit(PROCESS_EVENTS)
    return taken


def _of(customers: Iterable[Customer]) -> QuerySet[HookEvent]:
    return HookEvent.objects.filter(subscription__customer__in=customers, state=EventState.UNCLEAR)
