"""What a planned action costs, in words."""

import math
from datetime import datetime

from django import template
from django.utils import timezone

from gateway import outbox
from gateway.models import Connection, Lane
from gateway.outbox.batch_progress import seconds_for

register = template.Library()


@register.simple_tag
def call_cost(connection: Connection | None, calls: int, lane: int = Lane.BULK, without: str = "") -> str:
    """ "1,087 calls, about 11 minutes, done 14:52, after 420 that wait".

    `without`: a batch that the action withdraws, so that nothing waits behind it.
    """
    counted = f"{calls:,} {'call' if calls == 1 else 'calls'}"
    if not calls or connection is None:
        return counted
    ahead = outbox.calls_ahead(connection, lane=Lane(lane), without=without)
    after = f", after {ahead:,} that {'waits' if ahead == 1 else 'wait'}" if ahead else ""
    done = outbox.done_at(connection, ahead + calls)
    return f"{counted}, {_minutes(calls)}, done {_moment(done)}{after}"


def _moment(at: datetime) -> str:
    """The time, with the day when that is another."""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return f"{local:%H:%M}" if is_today else f"{local:%a} {local.day} {local:%b %H:%M}"


def _minutes(calls: int) -> str:
    minutes = math.ceil(seconds_for(calls) / 60)
    if minutes <= 1:
        return "about a minute" if seconds_for(calls) > 20 else "a few seconds"
    if minutes < 120:
        return f"about {minutes} minutes"
    return f"about {round(minutes / 60)} hours"
