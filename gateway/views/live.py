"""Server-sent events: open pages hear what changed, each over one stream."""

import asyncio
import re
from collections.abc import AsyncIterator

from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from accounts.http import Request
from gateway.sse import Subscriber, broadcaster

KEEP_ALIVE = 15.0  # seconds between comments on a quiet stream
LASTS = 600.0  # seconds; then the browser comes again, and its rights are looked at anew
RETRY = 2000  # milliseconds after which a browser comes again
RETRY_WHEN_FULL = 10_000  # milliseconds: it looks as often as a page without a stream
TOPIC = re.compile(r"[a-z]+(:\d+)?", re.ASCII)  # anything else could write lines of its own into the stream


@require_GET
async def stream(request: Request) -> HttpResponseBase:
    """`?topics=inbox,campaign:5`. Each event is named by its topic up to the colon; its data is the topic."""
    names = request.GET.get("topics", "").split(",")[:20]
    topics = {topic for topic in names if TOPIC.fullmatch(topic)}
    listener = Subscriber(
        person=request.user.pk,
        session=request.session.session_key or "",
        topics=topics,
        customers={customer.pk for customer in request.customers},
    )
    response = StreamingHttpResponse(Events(listener), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


class Events:
    """Its place is given back when the answer is closed: Python may let a generator lie for long."""

    def __init__(self, listener: Subscriber) -> None:
        self._listener = listener

    def __aiter__(self) -> AsyncIterator[str]:
        return _events(self._listener)

    def close(self) -> None:
        broadcaster.forget(self._listener)


async def _events(listener: Subscriber) -> AsyncIterator[str]:
    """Every topic is announced at once: it may have changed since the page was made, or since a gap began."""
    if not broadcaster.has_room_for(listener):
        yield f"retry: {RETRY_WHEN_FULL}\n\nevent: full\ndata: {RETRY_WHEN_FULL}\n\n"
        for topic in sorted(listener.topics):
            yield _event(topic)
        return
    ends = asyncio.get_running_loop().time() + LASTS
    async with broadcaster.listening(listener) as changes:
        yield f"retry: {RETRY}\n\n"
        for topic in sorted(listener.topics):
            yield _event(topic)
        while asyncio.get_running_loop().time() < ends:
            try:
                changed = await asyncio.wait_for(changes.get(), KEEP_ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
            else:
                if changed is None:
                    return
                yield _event(changed)


def _event(topic: str) -> str:
    return f"event: {topic.partition(':')[0]}\ndata: {topic}\n\n"
