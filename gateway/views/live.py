"""Server-sent events: open pages hear what changed, each over one stream."""

import asyncio
import re
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from accounts.web.http import Request
from accounts.web.params import int_param
from gateway.live_updates.sse import Subscriber, broadcaster, changes_since, event, events_of, everything

BEAT = 5.0  # seconds between signs of life on a quiet stream; a page that misses two says so
UP_TO_DATE = "current"  # ends what was missed: all that comes after it is news
LASTS = 600.0  # seconds; then the browser comes again, and its rights are looked at anew
RETRY = 2000  # milliseconds after which a browser comes again
RETRY_WHEN_FULL = 10_000  # milliseconds: it looks as often as a page without a stream
TOPIC = re.compile(r"[a-z]+(:\d+)?", re.ASCII)  # anything else could write lines of its own into the stream


@require_GET
async def stream(request: Request) -> HttpResponseBase:
    """`?topics=inbox,campaign:5&since=7`. Each event is named by its topic up to the colon.

    Its data is the topic, or what changed as JSON. `since`, or what the browser says itself when it comes
    again: the last change that the page knows of.
    """
    names = request.GET.get("topics", "").split(",")[:20]
    topics = {topic for topic in names if TOPIC.fullmatch(topic)}
    listener = Subscriber(
        person=request.user.pk,
        session=request.session.session_key or "",
        topics=topics,
        customers={customer.pk for customer in request.customers},
    )
    since = request.headers.get("Last-Event-ID") or request.GET.get("since")
    events = Events(listener, int_param(since))
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


class Events:
    """Its place is given back when the answer is closed: Python may let a generator lie for long."""

    def __init__(self, listener: Subscriber, since: int) -> None:
        self._listener = listener
        self._since = since

    def __aiter__(self) -> AsyncIterator[str]:
        return _events(self._listener, self._since)

    def close(self) -> None:
        broadcaster.forget(self._listener)


async def _events(listener: Subscriber, since: int) -> AsyncIterator[str]:
    if not broadcaster.has_room_for(listener):
        yield f"retry: {RETRY_WHEN_FULL}\n\nevent: full\ndata: {RETRY_WHEN_FULL}\n\n"
        yield everything(listener)
        return
    ends = asyncio.get_running_loop().time() + LASTS
    async with broadcaster.listening(listener) as changes:
        yield f"retry: {RETRY}\n\n"
        yield await sync_to_async(_missed)(listener, since) + event(UP_TO_DATE, "")
        while asyncio.get_running_loop().time() < ends:
            try:
                told = await asyncio.wait_for(changes.get(), BEAT)
            except TimeoutError:
                yield event("beat", "")
            else:
                if told is None:
                    return
                yield told


def _missed(listener: Subscriber, since: int) -> str:
    """What came since that change; where nobody knows, every topic, and the page looks again."""
    changes = changes_since(since, listener) if since else None
    broadcaster.tallies.note(changes or [])
    return everything(listener) if changes is None else "".join(events_of(changes).values())
