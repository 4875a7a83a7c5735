"""What the times of calls become when the one clock that they go by is set."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q

from gateway import clock
from gateway.models import Operation, OperationState
from gateway.smartdialog.retry import MAX_BACKOFF


def shift_clock(by: timedelta) -> None:
    """What was due stays due, a pause lasts as long, and a time that somebody named stays that time.

    In the transaction that sets the clock, before it is set.
    """
    was = clock.now()
    waiting = Operation.objects.filter(state=OperationState.WAITING)
    named = Q(tried_at=None, due_at__gt=F("created_at"))
    due = waiting.exclude(named).filter(due_at__gt=was + by, due_at__lte=was)
    due.update(due_at=was + by)
    paused = waiting.filter(due_at__gt=was, due_at__lte=F("tried_at") + _longest_pause())
    paused.update(due_at=F("due_at") + by)
    tried = Operation.objects.unsettled().exclude(tried_at=None)
    tried.update(tried_at=F("tried_at") + by, first_tried_at=F("first_tried_at") + by)


def _longest_pause() -> timedelta:
    """From a try that had no answer in time until the next one."""
    grace = max(settings.SMARTDIALOG_UNKNOWN_GRACE, MAX_BACKOFF)
    return timedelta(seconds=settings.SMARTDIALOG_CALL_TIMEOUT + grace)
