"""One look at the changes for all open streams of this process, while there are any."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection

from gateway.models import Change

log = logging.getLogger(__name__)

EVERY = 0.2  # seconds
LOOK_BACK = 200  # rows that may still commit behind a later one

Queue = asyncio.Queue[tuple[int, str]]


@dataclass(eq=False)
class Listener:
    topics: set[str]
    customers: set[int]
    queue: Queue = field(default_factory=lambda: asyncio.Queue(maxsize=1000))

    def hear(self, number: int, customer: int, topic: str) -> None:
        if customer in self.customers and topic in self.topics and not self.queue.full():
            self.queue.put_nowait((number, topic))


class Broadcaster:
    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def listening(self, topics: set[str], customers: set[int]) -> AsyncIterator[Queue]:
        listener = Listener(topics, customers)
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch())
        try:
            yield listener.queue
        finally:
            self._listeners.discard(listener)

    async def _watch(self) -> None:
        """Look for changes while somebody listens; a quiet process holds no database connection."""
        seen = {number for number, _, _ in await sync_to_async(_recent)()}
        while self._listeners:
            await asyncio.sleep(EVERY)
            try:
                changes = await sync_to_async(_recent)()
            except DatabaseError as error:
                log.warning("could not look for changes: %s", error)
                continue
            for number, customer, topic in changes:
                if number not in seen:
                    for listener in self._listeners:
                        listener.hear(number, customer, topic)
            seen = {number for number, _, _ in changes}
        await sync_to_async(connection.close)()


def _recent() -> list[tuple[int, int, str]]:
    """The newest changes, oldest first. A row that commits late still appears within the look-back."""
    rows = Change.objects.order_by("-pk").values_list("pk", "customer_id", "topic")[:LOOK_BACK]
    return list(reversed(rows))


broadcaster = Broadcaster()
