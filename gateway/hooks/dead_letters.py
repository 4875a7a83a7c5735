"""What SmartDialog sent and nobody here could read: shown to admins, and taken in again when they say so."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Customer, User
from accounts.trail import audit
from gateway import clock
from gateway.models import EventState, HookEvent, HookKind
from gateway.models.hooks import DEAD_LETTERS
from gateway.workers.wake_up import PROCESS_EVENTS, wake_on_commit


def messages(customers: Iterable[Customer]) -> QuerySet[HookEvent]:
    """Of people: nobody else has read what they wrote."""
    theirs = HookEvent.objects.filter(subscription__customer__in=customers, state__in=DEAD_LETTERS)
    return theirs.filter(subscription__kind=HookKind.INBOUND)


@transaction.atomic
def take_in_again(event: HookEvent, *, by: User) -> bool:
    """Whether it was still to be; it may be read now, by a newer version or after a fault is mended."""
    if not _settle(event, verb="hook.event_tried_again", state=EventState.NEW, by=by):
        return False
    wake_on_commit(PROCESS_EVENTS)
    return True


@transaction.atomic
def dismiss(event: HookEvent, *, by: User) -> bool:
    """Whether it was still to be: an admin has seen what it says."""
    return _settle(event, verb="hook.event_dismissed", state=EventState.DONE, by=by)


def _settle(event: HookEvent, *, verb: str, state: EventState, by: User) -> bool:
    dead = HookEvent.objects.filter(pk=event.pk, state__in=DEAD_LETTERS)
    if not dead.update(state=state, due_at=clock.now(), reason=""):
        return False
    audit.record(actor=by, customer=event.subscription.customer, verb=verb, subject=event.subscription)
    return True
