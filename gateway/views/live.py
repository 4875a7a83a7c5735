"""Server-sent events: open pages hear what changed, each over one stream."""

import asyncio
from collections.abc import AsyncIterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from gateway.broadcasting import broadcaster

KEEP_ALIVE = 15.0  # seconds between comments on a quiet stream
LASTS = 600.0  # seconds; then the browser comes again, and its rights are looked at anew
RETRY = 2000  # milliseconds after which a browser comes again


async def stream(request: HttpRequest) -> HttpResponseBase:
    """`?topics=inbox,campaign:5`. Each event is named by its topic up to the colon; its data is the topic."""
    topics = {topic for topic in request.GET.get("topics", "").split(",")[:20] if topic}
    customers = {customer.pk for customer in request.customers}
    last = request.headers.get("Last-Event-ID", "")
    response = StreamingHttpResponse(_events(topics, customers, last), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _events(topics: set[str], customers: set[int], last: str) -> AsyncIterator[str]:
    """On coming again after a gap, every topic is announced once: the page looks at all it shows."""
    yield f"retry: {RETRY}\n\n"
    if last:
        for topic in sorted(topics):
            yield _event(topic, last)
    ends = asyncio.get_running_loop().time() + LASTS
    async with broadcaster.listening(topics, customers) as changes:
        while asyncio.get_running_loop().time() < ends:
            try:
                number, topic = await asyncio.wait_for(changes.get(), KEEP_ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
            else:
                yield _event(topic, str(number))


def _event(topic: str, number: str) -> str:
    name = topic.partition(":")[0]
    safe = "".join(each for each in number if each.isdigit())[:20]
    return f"id: {safe}\nevent: {name}\ndata: {topic}\n\n"
