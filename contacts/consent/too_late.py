"""What an opt-out came too late for: messages that had left, as the floors above that sent them know."""

from collections.abc import Callable, Iterable

from accounts.registry import Registry
from accounts.trail.timeline import TimelineEntry
from contacts.models import Suppression

Finder = Callable[[Suppression], Iterable[TimelineEntry]]
FINDERS: Registry[Finder] = Registry("finder of what came too late")
finds = FINDERS.register


def entries(opt_out: Suppression) -> list[TimelineEntry]:
    """Each at the time of the opt-out, which is what it is told beside."""
    return [entry for find in FINDERS for entry in find(opt_out)]
