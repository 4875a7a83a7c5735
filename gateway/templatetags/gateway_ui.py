"""What a planned action costs, in words."""

import math

from django import template
from django.utils import timezone

from gateway import outbox
from gateway.models import Connection, Lane
from gateway.outbox.progress import seconds_for

register = template.Library()


@register.simple_tag
def call_cost(connection: Connection | None, calls: int, lane: int = Lane.BULK) -> str:
    """ "1,087 calls, about 11 minutes, done 14:52": after all that waits before them."""
    counted = f"{calls:,} {'call' if calls == 1 else 'calls'}"
    if not calls or connection is None:
        return counted
    done = timezone.localtime(outbox.eta(connection, calls=calls, lane=Lane(lane)))
    return f"{counted}, {_minutes(calls)}, done {done:%H:%M}"


def _minutes(calls: int) -> str:
    minutes = math.ceil(seconds_for(calls) / 60)
    if minutes <= 1:
        return "about a minute" if seconds_for(calls) > 20 else "a few seconds"
    if minutes < 120:
        return f"about {minutes} minutes"
    return f"about {round(minutes / 60)} hours"
