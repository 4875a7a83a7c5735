"""Server-sent events: one poller per process fans changes out to the open streams that may hear of them."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import Error, connection
from django.utils import timezone

from accounts.models import Membership
from gateway.models import LiveUpdate

log = logging.getLogger(__name__)

POLL_INTERVAL = 0.2  # seconds
PERMISSIONS_INTERVAL = (
    2.0  # seconds: how long somebody who was signed out may still hear that something changed
)
OF_ONE_PERSON, IN_ALL = 12, 300  # streams of this process: as many tabs as anybody looks at
LOOKBACK_ROWS = 200  # rows that may still commit behind one with a higher key

Queue = asyncio.Queue[str | None]  # of topics; None ends the stream


@dataclass(eq=False)
class Subscriber:
    person: int
    session: str
    topics: set[str]
    customers: set[int]
    queue: Queue = field(default_factory=lambda: asyncio.Queue(maxsize=1000))

    def hear(self, customer: int, topic: str) -> None:
        if customer in self.customers and topic in self.topics and not self.queue.full():
            self.queue.put_nowait(topic)

    def end(self) -> None:
        self.customers = set()
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Broadcaster:
    def __init__(self) -> None:
        self._listeners: set[Subscriber] = set()
        self._watch: asyncio.Task[None] | None = None
        self._is_watching = asyncio.Event()
        self._rights_looked_at = 0.0

    def has_room_for(self, listener: Subscriber) -> bool:
        """Whether a process, and a person in it, may have one more stream; the others look now and then."""
        theirs = sum(each.person == listener.person for each in list(self._listeners))
        return theirs < OF_ONE_PERSON and len(self._listeners) < IN_ALL

    @asynccontextmanager
    async def listening(self, listener: Subscriber) -> AsyncIterator[Queue]:
        """Inside, the queue holds whatever commits from then on."""
        self._listeners.add(listener)
        try:
            self._begin()
            await self._is_watching.wait()
            yield listener.queue
        finally:
            self.forget(listener)

    def forget(self, listener: Subscriber) -> None:
        """From any thread."""
        self._listeners.discard(listener)

    def _begin(self) -> None:
        """In a context of its own: the task outlives the request that began it, and its database thread."""
        if self._watch is None or self._watch.done():
            self._is_watching = asyncio.Event()
            self._watch = asyncio.get_running_loop().create_task(self._look_on(), context=Context())

    async def _look_on(self) -> None:
        """Look for changes while somebody listens; a quiet process holds no database connection."""
        seen: set[int] | None = None
        try:
            while self._listeners:
                seen = await self._look(seen)
                await asyncio.sleep(POLL_INTERVAL)
        finally:
            await sync_to_async(_close_connection)()

    async def _look(self, seen: set[int] | None) -> set[int] | None:
        """What has been seen now; as before when the database could not be asked."""
        try:
            await self._look_at_rights()
            changes = await sync_to_async(_recent)()
        except Error as error:
            log.warning("could not look for changes: %s", error)
            await sync_to_async(_close_connection)()
            return seen
        self._tell(changes, seen)
        return {number for number, _, _ in changes}

    async def _look_at_rights(self) -> None:
        """Whoever was signed out hears the end; whoever lost a customer hears nothing of it any more."""
        if time.monotonic() - self._rights_looked_at < PERMISSIONS_INTERVAL:
            return
        listeners = list(self._listeners)
        rights = await sync_to_async(_permissions)(listeners)
        self._rights_looked_at = time.monotonic()
        for listener in listeners:
            if listener.session in rights:
                listener.customers = rights[listener.session]
            else:
                listener.end()

    def _tell(self, changes: list[tuple[int, int, str]], seen: set[int] | None) -> None:
        """What was there at the first look is news to nobody."""
        self._is_watching.set()
        for number, customer, topic in changes:
            if seen is not None and number not in seen:
                for listener in list(self._listeners):
                    listener.hear(customer, topic)


def _recent() -> list[tuple[int, int, str]]:
    """The newest changes, oldest first. A row that commits late still appears within the look-back."""
    rows = LiveUpdate.objects.order_by("-pk").values_list("pk", "customer_id", "topic")[:LOOKBACK_ROWS]
    return list(reversed(rows))


def _permissions(listeners: Collection[Subscriber]) -> dict[str, set[int]]:
    """The customers that each session which has not ended reaches; two queries."""
    customers: dict[int, set[int]] = defaultdict(set)
    people = {each.person for each in listeners}
    for person, customer in Membership.objects.filter(user__in=people).values_list("user", "customer"):
        customers[person].add(customer)
    alive = Session.objects.filter(
        pk__in={each.session for each in listeners}, expire_date__gt=timezone.now()
    ).values_list("pk", flat=True)
    keys = set(alive)
    return {each.session: customers[each.person] for each in listeners if each.session in keys}


def _close_connection() -> None:
    """Of the connection of the thread that looks: the one that this runs in."""
    connection.close()


broadcaster = Broadcaster()
