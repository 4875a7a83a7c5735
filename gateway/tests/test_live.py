"""The stream of events, as a browser hears it."""

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from threading import Event

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.test import AsyncClient

from accounts.people import user_admin
from accounts.registry import Registry
from gateway import clock
from gateway.live_updates import change_reader, live, sse
from gateway.live_updates.change_reader import ChangeReader
from gateway.models import LiveUpdate

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = "event: inbox\ndata: inbox\n\n"
CURRENT = "event: current\ndata: \n\n"  # what was missed has been told
BEGINNING = ["retry: 2000\n\n", EVERYTHING + CURRENT]


def event_of(topic: str) -> str:
    """As the newest change is told."""
    return f"id: {live.position()}\nevent: {topic.partition(':')[0]}\ndata: {topic}\n\n"


@asynccontextmanager
async def stream(person, topics: str = "inbox"):
    """What the person's page hears, event by event."""
    browser = AsyncClient()
    await browser.aforce_login(person)
    response = await browser.get("/live/", {"topics": topics})
    events = aiter(response.streaming_content)
    try:
        yield lambda: asyncio.wait_for(heard(events), 20)
    finally:
        await events.aclose()
        await sync_to_async(response.close)()


async def heard(events) -> str:
    return (await anext(events)).decode()


async def announce(customer, topic: str) -> None:
    await sync_to_async(live.announce)(customer, topic)


def hear(person, announced, *, topics: str = "inbox") -> str:
    """The first that comes after the beginning, once these were announced."""

    async def listen() -> str:
        async with stream(person, topics) as next_event:
            for _ in BEGINNING:
                await next_event()
            for customer, topic in announced:
                await announce(customer, topic)
            return await next_event()

    return asyncio.run(listen())


def test_a_stream_announces_its_topics_at_once(mikko):
    async def listen() -> list[str]:
        async with stream(mikko) as next_event:
            return [await next_event() for _ in BEGINNING]

    assert asyncio.run(listen()) == BEGINNING


def test_a_change_is_heard(mikko, kahvila):
    assert hear(mikko, [(kahvila, "inbox")]) == event_of("inbox")


def test_an_event_is_named_by_its_topic_up_to_the_colon(mikko, kahvila):
    heard_of = hear(mikko, [(kahvila, "campaign:5")], topics="campaign:5")

    assert heard_of == event_of("campaign:5")


def test_a_change_of_another_customer_is_not_heard(otto, outsider_oy, kahvila):
    announced = [(kahvila, "inbox"), (outsider_oy, "contacts")]

    assert hear(otto, announced, topics="contacts,inbox") == event_of("contacts")


def test_a_topic_that_was_not_asked_for_is_not_heard(mikko, kahvila):
    announced = [(kahvila, "contacts"), (kahvila, "campaign:6"), (kahvila, "inbox")]

    assert hear(mikko, announced) == event_of("inbox")


def test_a_topic_writes_no_lines_of_its_own_into_the_stream(mikko):
    async def listen() -> list[str]:
        async with stream(mikko, "inbox\ndata: x,<b>,inbox:x,inbox") as next_event:
            return [await next_event() for _ in BEGINNING]

    assert asyncio.run(listen()) == BEGINNING


def test_a_quiet_stream_shows_that_it_lives_and_ends_in_time(mikko, monkeypatch):
    monkeypatch.setattr("gateway.views.live.BEAT", 0.01)
    monkeypatch.setattr("gateway.views.live.LASTS", 0.1)

    async def listen() -> list[str]:
        async with stream(mikko) as next_event:
            events = []
            while True:
                try:
                    events.append(await next_event())
                except StopAsyncIteration:
                    return events

    assert set(asyncio.run(listen())) == {*BEGINNING, "event: beat\ndata: \n\n"}


def test_a_stream_outlives_a_database_that_was_away(mikko, kahvila, monkeypatch):
    look = ChangeReader.read
    failures = iter([OperationalError("gone"), OperationalError("gone")])

    def look_again(reader):
        if error := next(failures, None):
            raise error
        return look(reader)

    monkeypatch.setattr(ChangeReader, "read", look_again)

    assert hear(mikko, [(kahvila, "inbox")]) == event_of("inbox")


def test_what_could_not_be_read_while_it_was_told_is_told_later(mikko, kahvila, monkeypatch):
    tell = sse.events_of
    failures = iter([OperationalError("gone")])

    def tell_again(changes):
        if error := next(failures, None):
            raise error
        return tell(changes)

    async def listen() -> str:
        async with stream(mikko) as next_event:
            for _ in BEGINNING:
                await next_event()
            monkeypatch.setattr(sse, "events_of", tell_again)
            await announce(kahvila, "inbox")
            return await next_event()

    assert asyncio.run(listen()) == event_of("inbox")


def test_who_comes_while_the_last_stream_ends_hears_what_changes(mikko, kahvila, monkeypatch):
    """As on every way from page to page: the stream of the one closes as that of the other opens."""
    is_ending, may_end = Event(), Event()

    def close_slowly():
        is_ending.set()
        may_end.wait(20)

    async def listen() -> str:
        async with stream(mikko) as first:
            for _ in BEGINNING:
                await first()
            monkeypatch.setattr(sse, "_close_connection", close_slowly)
            monkeypatch.setattr(sse, "PERMISSIONS_INTERVAL", 60)
        while not is_ending.is_set():
            await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_soon(may_end.set)  # when the other has come: it waits for the thread
        async with sse.broadcaster.listening(
            sse.Subscriber(mikko.pk, "", {"inbox"}, {kahvila.pk})
        ) as heard_of:
            await announce(kahvila, "inbox")
            return await asyncio.wait_for(heard_of.get(), 5)

    assert asyncio.run(listen()) == event_of("inbox")


@pytest.mark.django_db
def test_changes_are_kept_for_minutes_and_the_last_until_there_is_another(kahvila, monkeypatch):
    for _ in range(2):
        live.announce(kahvila, "inbox")
    last = live.position()
    assert live.prune() == 0

    later = clock.after(11 * 60)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert live.prune() == 1
    assert live.position() == last


@pytest.mark.django_db
def test_a_page_that_is_opened_after_a_quiet_time_is_told_nothing(mikko, kahvila, monkeypatch):
    live.announce(kahvila, "inbox")
    later = clock.after(11 * 60)
    monkeypatch.setattr(clock, "now", lambda: later)
    live.prune()

    listener = sse.Subscriber(mikko.pk, "", {"inbox"}, {kahvila.pk})
    assert sse.changes_since(live.position(), listener) == []


@pytest.mark.parametrize("how", ["signed out", "deactivated"])
def test_the_streams_of_somebody_who_is_signed_out_end(mikko, aino, monkeypatch, how):
    monkeypatch.setattr(sse, "PERMISSIONS_INTERVAL", 0.1)

    async def listen() -> str | None:
        async with stream(mikko) as next_event:
            for _ in BEGINNING:
                await next_event()
            if how == "signed out":
                await sync_to_async(user_admin.sign_out_everywhere)(mikko, by=aino)
            else:
                await sync_to_async(user_admin.set_active)(mikko, active=False, by=aino)
            try:
                return await next_event()
            except StopAsyncIteration:
                return None

    assert asyncio.run(listen()) is None


def test_a_customer_that_a_person_lost_is_not_heard_any_more(mikko, kahvila, trattoria, monkeypatch):
    monkeypatch.setattr(sse, "PERMISSIONS_INTERVAL", 0)

    async def listen() -> str:
        async with stream(mikko, "inbox,campaigns") as next_event:
            for _ in BEGINNING:
                await next_event()
            await sync_to_async(mikko.memberships.filter(customer=kahvila).delete)()
            await asyncio.sleep(1)
            await announce(kahvila, "inbox")
            await announce(trattoria, "campaigns")
            return await next_event()

    assert "event: campaigns" in asyncio.run(listen())


@pytest.mark.parametrize("limit", ["OF_ONE_PERSON", "IN_ALL"])
def test_a_stream_too_many_tells_all_at_once_and_when_to_come_again(mikko, vera, monkeypatch, limit):
    monkeypatch.setattr(sse, limit, 1)

    async def listen() -> list[list[str]]:
        async with stream(mikko) as first, stream(mikko) as second, stream(vera) as hers:
            heard_of = [[await first()], [event async for event in until_the_end(second)], [await hers()]]
        async with stream(mikko) as again:
            return [*heard_of, [await again()]]

    first, second, hers, again = asyncio.run(listen())
    assert second == ["retry: 10000\n\nevent: full\ndata: 10000\n\n", EVERYTHING]
    assert first == again == BEGINNING[:1]
    assert hers == (BEGINNING[:1] if limit == "OF_ONE_PERSON" else second[:1])


async def until_the_end(next_event):
    try:
        while True:
            yield await next_event()
    except StopAsyncIteration:
        return


@pytest.fixture
def carried(monkeypatch) -> None:
    """Inboxes are sent the keys of what changed, instead of looking again."""
    carriers = Registry("carrier of rows of")
    carriers.register("inbox")(lambda customer, rows: f"{customer}:{sorted(rows)}")
    monkeypatch.setattr(live, "CARRIERS", carriers)


def test_what_changed_is_carried_once_for_many_changes_of_a_row(mikko, kahvila, carried, monkeypatch):
    monkeypatch.setattr(sse, "POLL_INTERVAL", 0.5)

    async def listen() -> str:
        async with stream(mikko) as next_event:
            for _ in BEGINNING:
                await next_event()
            for row in [5, 7, 5]:
                await sync_to_async(live.announce)(kahvila, "inbox", row=row)
            return await next_event()

    assert f"data: {kahvila.pk}:[5, 7]\n" in asyncio.run(listen())


def come_again(person, since: int) -> list[str]:
    """All that a stream says at once to a page that knows of that change."""

    async def listen() -> list[str]:
        browser = AsyncClient()
        await browser.aforce_login(person)
        response = await browser.get("/live/", {"topics": "inbox"}, headers={"Last-Event-ID": str(since)})
        events = aiter(response.streaming_content)
        told = [await heard(events)]
        with suppress(TimeoutError):
            told.append(await asyncio.wait_for(heard(events), 1))
        await events.aclose()
        return told

    return asyncio.run(listen())


def test_who_comes_again_is_told_what_they_missed_and_nothing_twice(mikko, kahvila, carried, monkeypatch):
    monkeypatch.setattr(sse, "LOOKBACK_ROWS", 0)
    live.announce(kahvila, "inbox", row=1)
    known = live.position()
    live.announce(kahvila, "inbox", row=2)
    live.announce(kahvila, "inbox", row=3)
    live.announce(kahvila, "inbox", row=2)

    _, missed = come_again(mikko, known)
    assert missed == f"id: {known + 3}\nevent: inbox\ndata: {kahvila.pk}:[2, 3]\n\n{CURRENT}"
    assert come_again(mikko, live.position())[1] == CURRENT, "nothing was missed"


@pytest.mark.parametrize("kept", [True, False])
def test_who_missed_too_much_looks_again(mikko, kahvila, carried, monkeypatch, kept):
    live.announce(kahvila, "inbox", row=1)
    known = live.position()
    live.announce(kahvila, "inbox", row=2)
    live.announce(kahvila, "inbox", row=3)
    if kept:
        monkeypatch.setattr(sse, "CATCH_UP_ROWS", 1)
    else:
        LiveUpdate.objects.all().delete()

    assert come_again(mikko, known)[1] == BEGINNING[1]


def test_a_change_that_commits_behind_a_later_one_is_not_missed(mikko, kahvila, carried):
    late = LiveUpdate.objects.create(customer=kahvila, topic="inbox", row=1)
    late.delete()
    live.announce(kahvila, "inbox", row=2)
    known = live.position()
    LiveUpdate.objects.create(pk=late.pk, customer=kahvila, topic="inbox", row=1)

    assert "[1, 2]" in come_again(mikko, known)[1]


def test_what_was_heard_long_ago_is_not_told_again(mikko, kahvila, carried, monkeypatch):
    live.announce(kahvila, "inbox", row=1)
    later = clock.after(2 * 60)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert come_again(mikko, live.position())[1] == CURRENT


def test_more_changes_at_once_than_a_look_takes_in_send_every_page_to_look_again(
    mikko, kahvila, trattoria, carried, monkeypatch
):
    """The others were of another customer: this one's was before them."""
    monkeypatch.setattr(change_reader, "AT_ONCE", 5)
    monkeypatch.setattr(sse, "POLL_INTERVAL", 0.5)

    async def listen() -> str:
        async with stream(mikko) as next_event:
            for _ in BEGINNING:
                await next_event()
            await announce(kahvila, "inbox")
            for _ in range(5):
                await announce(trattoria, "contacts")
            return await next_event()

    assert asyncio.run(listen()) == EVERYTHING


def changed(kahvila, number: int) -> int:
    """A change that is committed with this number."""
    return LiveUpdate.objects.create(pk=number, customer=kahvila, topic="inbox", row=1).pk


@pytest.mark.parametrize("before", [[], [10_000], [9_000, 10_000], range(9_700, 10_001)])
def test_each_change_is_read_once_however_many_came_before_it(kahvila, before):
    for number in before:
        changed(kahvila, number)
    reader = ChangeReader()
    assert reader.read() == []

    for numbers in [[10_500], [10_002, 10_900, 10_901] if before else [10_450], [], [10_700]]:
        for number in numbers:
            changed(kahvila, number)
        found = reader.read()
        assert [number for number, *_ in found] == numbers
        assert reader.read() == found, "until it is taken"
        reader.take(found)


def test_a_number_that_nobody_commits_is_given_up_after_a_while(kahvila, monkeypatch):
    reader = ChangeReader()
    reader.take(reader.read())
    changed(kahvila, 1000)
    reader.take(reader.read())
    assert 990 in reader._missing

    now = time.monotonic()
    monkeypatch.setattr(change_reader.time, "monotonic", lambda: now + change_reader.LATE + 1)
    reader.take(reader.read())

    assert reader._missing == {}


def test_a_stranger_to_the_dashboard_hears_nothing():
    async def ask() -> int:
        headers = {"accept": "text/event-stream"}
        return (await AsyncClient().get("/live/", {"topics": "inbox"}, headers=headers)).status_code

    assert asyncio.run(ask()) == 401
