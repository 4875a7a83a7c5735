"""How long a planned action takes, in words; and the parts of the system, each with how it is."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.wording.quantities import clock_time, counted, duration
from gateway import outbox
from gateway.models import Connection, Lane
from gateway.outbox.batch_progress import seconds_for

register = template.Library()


@register.simple_tag
def call_cost(connection: Connection | None, calls: int, lane: int = Lane.BULK, without: str = "") -> str:
    """ "about 11 minutes, done 14:52, after 420 that wait"; `calls` are for the meter's panel to tell.

    `without`: a batch that the action withdraws, so that nothing waits behind it.
    """
    if connection is None:
        return "as soon as you have signed in with SmartDialog"
    ahead = outbox.calls_ahead(connection, lane=Lane(lane), without=without)
    after = f", after {counted(ahead, 'that waits', 'that wait')}" if ahead else ""
    done = outbox.done_at(connection, ahead + calls)
    return f"{duration(seconds_for(calls, connection))}, done {clock_time(done)}{after}"


@register.simple_block_tag
def part(content: str, name: str, works: bool, well: str, ill: str, tone: str = "negative") -> SafeString:
    """What it does between the tags: `{% part "Disk" has_room "Has room" "Full" %}…{% endpart %}`."""
    words = {"name": name, "text": SafeString(content)}
    words |= {"word": well, "tone": "positive"} if works else {"word": ill, "tone": tone}
    return render_to_string("settings/_part.html", words)
