"""Server-sent events: one poller per process fans changes out to the open streams that may hear of them.

What rows are now is asked and written once a process, however many streams hear of it.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import Error, connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from gateway import clock
from gateway.live_updates import change_reader, live
from gateway.live_updates.change_reader import Change, ChangeReader
from gateway.live_updates.tallies import Tallies
from gateway.models import LiveUpdate

log = logging.getLogger(__name__)

POLL_INTERVAL = 0.1  # seconds
PERMISSIONS_INTERVAL = (
    2.0  # seconds: how long somebody who was signed out may still hear that something changed
)
OF_ONE_PERSON, IN_ALL = 12, 600  # streams of this process: as many tabs as anybody looks at
LOOKBACK_ROWS = 200  # that may have been committed behind the last one that a stream has heard of
LOOKBACK = timedelta(seconds=60)  # from a change to its commit, at most
CATCH_UP_ROWS = 1000  # changes that a stream is told one by one; after more, its page looks again

Events = dict[tuple[int, str], str]  # what a stream says, by customer and topic
Queue = asyncio.Queue[str | None]  # of what the stream says; None ends it


@dataclass(eq=False)
class Subscriber:
    person: int
    session: str
    topics: set[str]
    customers: set[int]
    queue: Queue = field(default_factory=lambda: asyncio.Queue(maxsize=1000))

    def wants(self, customer: int, topic: str) -> bool:
        return customer in self.customers and topic in self.topics

    def hear(self, events: Events) -> None:
        self.say("".join(text for place, text in events.items() if self.wants(*place)))

    def say(self, told: str) -> None:
        """A stream too slow to take it ends: its browser comes again, and catches up."""
        if told and self.queue.full():
            self.end()
        elif told:
            self.queue.put_nowait(told)

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
        self.tallies = Tallies()

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
        """Look for changes while somebody listens; a quiet process holds no database connection.

        Whoever comes while it ends begins another: this one looks no more.
        """
        reader = ChangeReader()
        try:
            while self._listeners:
                await self._look(reader)
                await asyncio.sleep(POLL_INTERVAL)
        finally:
            self._watch = None
            await sync_to_async(_close_connection)()

    async def _look(self, reader: ChangeReader) -> None:
        """What could not be told, as the database was away, is read again."""
        try:
            await self._look_at_rights()
            changes = await sync_to_async(reader.read)()
            self._is_watching.set()
            await self._tell(changes)
            self.tallies.note(changes or [])
            await self._tell_tallies()
        except Error as error:
            log.warning("could not look for changes: %s", error)
            await sync_to_async(_close_connection)()
        else:
            reader.take(changes or [])

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

    async def _tell(self, changes: list[Change] | None) -> None:
        """None: more came than is taken in at once, and nobody knows what."""
        listeners = list(self._listeners)
        if changes is None:
            for listener in listeners:
                listener.say(everything(listener))
            return
        wanted = [change for change in changes if any(each.wants(*change[1:3]) for each in listeners)]
        if wanted:
            events = await sync_to_async(events_of)(wanted)
            for listener in listeners:
                listener.hear(events)

    async def _tell_tallies(self) -> None:
        """To each who looks what is theirs."""
        for customer, topic in self.tallies.due():
            listeners = [each for each in list(self._listeners) if each.wants(customer, topic)]
            self.tallies.counted((customer, topic))
            if listeners:
                people = {each.person for each in listeners}
                told = await sync_to_async(live.TALLIES[topic].count)(customer, people)
                for listener in listeners:
                    if words := told.get(listener.person):
                        listener.say(event(topic, words))


def everything(listener: Subscriber) -> str:
    """Every topic of a stream, so that its page looks again."""
    return "".join(event(topic, topic) for topic in sorted(listener.topics))


def events_of(changes: Iterable[Change]) -> Events:
    """What streams say of the changes: one event a customer and topic, with the rows as they are now."""
    numbers: dict[tuple[int, str], int] = {}
    rows: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    for number, customer, topic, row in changes:
        numbers[customer, topic] = number
        rows[customer, topic].add(row)
    return {
        place: event(place[1], _carried(*place, rows[place]), number=number)
        for place, number in numbers.items()
    }


def event(topic: str, data: str, *, number: int = 0) -> str:
    """Named by its topic up to the colon; the browser tells the number when it comes again."""
    begun = f"id: {number}\n" if number else ""
    return f"{begun}event: {topic.partition(':')[0]}\ndata: {data}\n\n"


def changes_since(number: int, listener: Subscriber) -> list[Change] | None:
    """What a stream that heard all up to that number has missed; None: too much, or it is kept no more."""
    if not LiveUpdate.objects.filter(pk__lte=number).exists():
        return None
    own = LiveUpdate.objects.filter(customer__in=listener.customers, topic__in=listener.topics)
    late = Q(pk__gt=number - LOOKBACK_ROWS, at__gt=clock.now() - LOOKBACK)
    missed = own.filter(Q(pk__gt=number) | late).order_by("pk")
    found = list(change_reader.values(missed)[: CATCH_UP_ROWS + 1])
    return found if len(found) <= CATCH_UP_ROWS else None


def _carried(customer: int, topic: str, rows: set[int | None]) -> str:
    """The rows as they are now, or the topic alone: pages look again."""
    keys = {row for row in rows if row is not None}
    is_carried = len(keys) == len(rows) and topic in live.CARRIERS.names()
    return live.CARRIERS[topic](customer, keys) if is_carried else topic


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
