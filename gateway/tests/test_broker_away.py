"""With the broker away nobody waits for it, and the workers do by themselves what is due."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery import current_app
from django.db import OperationalError as DatabaseAway
from kombu.exceptions import OperationalError

from gateway import clock
from gateway.models import Heartbeat
from gateway.workers import fallback_scheduler, health, inline_tasks, publishing, wake_up

KEY = ("gateway.tasks.drain", (1,))
INTERVALS = {"gateway.tasks.sweep": 5.0, "gateway.tasks.prune": 3600.0}


@pytest.fixture
def done(monkeypatch) -> list:
    """What a worker was told to do by itself."""
    told: list = []
    monkeypatch.setattr(inline_tasks, "instead", told.append)
    return told


@pytest.fixture
def breaker(monkeypatch) -> publishing.Breaker:
    own = publishing.Breaker()
    monkeypatch.setattr(publishing, "breaker", own)
    return own


def refuse(key):
    raise OperationalError("refused")


def test_who_sends_a_wake_up_does_not_wait_for_the_broker(breaker, done):
    slow, sent = threading.Event(), []
    publisher = publishing.Publisher(lambda key: (slow.wait(5), sent.append(key)), breaker)

    for _ in range(3):
        publisher.put(KEY)
    assert sent == []  # and yet we are here
    slow.set()
    publisher.flush(5)

    assert sent in ([KEY], [KEY, KEY])  # of three that wait together one is sent, and one may be under way


def test_what_is_put_while_the_same_is_being_sent_is_sent_again(breaker):
    """The first may be carried out before the work that the second is about was committed."""
    sent, going, may_end = [], threading.Event(), threading.Event()

    def send(key):
        sent.append(key)
        going.set()
        may_end.wait(5)

    publisher = publishing.Publisher(send, breaker)
    publisher.put(KEY)
    going.wait(5)

    publisher.put(KEY)
    may_end.set()
    publisher.flush(5)

    assert sent == [KEY, KEY]


def test_after_one_that_was_lost_none_is_tried_for_a_while(breaker, done):
    tried = []
    publisher = publishing.Publisher(lambda key: (tried.append(key), refuse(key)), breaker)

    publisher._publish(KEY)
    publisher._publish(("gateway.tasks.sweep", ()))

    assert tried == [KEY]
    assert done == [KEY, ("gateway.tasks.sweep", ())]


def test_the_broker_is_tried_again_and_what_it_takes_is_not_done_twice(breaker, done):
    publisher = publishing.Publisher(lambda key: None, breaker)
    breaker.failed(OSError())
    breaker._tries_at = 0.0

    publisher._publish(KEY)

    assert not breaker.is_away
    assert done == []


def test_an_outage_is_told_once(breaker, caplog):
    for _ in range(20):
        breaker.failed(OSError("refused"))
    breaker.succeeded()
    breaker.succeeded()

    assert [record.message.split(" (")[0] for record in caplog.records] == [
        "the broker takes no wake-ups",
        "the broker takes wake-ups again",
    ]


def test_a_broker_that_was_just_away_is_not_waited_for_by_who_asks_for_health(breaker, monkeypatch):
    breaker.failed(OSError())
    monkeypatch.setattr(current_app, "connection_for_write", pytest.fail)

    assert not wake_up.is_broker_reachable()


def test_what_a_local_task_wakes_is_local_too(done, monkeypatch):
    monkeypatch.setattr(publishing.publisher, "put", pytest.fail)

    with inline_tasks.here():
        wake_up.wake_now(*KEY[:1], *KEY[1])

    assert done == [KEY]
    assert not inline_tasks.is_here()


def test_what_is_no_worker_does_no_work_of_one():
    work = inline_tasks.LocalWork()

    work.add(KEY)

    assert not work._waiting


@pytest.mark.django_db
@pytest.mark.parametrize("error", [DatabaseAway("gone"), ValueError("a fault")])
def test_a_task_that_ends_badly_ends_no_worker(monkeypatch, caplog, error):
    def fail(*ids):
        raise error

    monkeypatch.setitem(current_app.tasks, "fails", fail)
    inline_tasks.run("fails", (1,))

    assert "a later look finds what is left" in caplog.text
    assert bool(caplog.records[0].exc_info) == isinstance(error, ValueError)


@pytest.mark.django_db
def test_while_sweeps_arrive_nobody_stands_in(done):
    health.record_heartbeat("worker")

    pause = fallback_scheduler.look(INTERVALS)

    assert done == []
    assert fallback_scheduler.SHORTEST < pause <= fallback_scheduler.LONGEST


@pytest.mark.django_db
@pytest.mark.parametrize("ever", [True, False])
def test_without_them_one_worker_does_all_that_beat_would_ask_for_once(done, ever):
    if ever:
        Heartbeat.objects.create(name="worker", at=clock.after(-7))

    for _ in range(3):  # workers
        fallback_scheduler.look(INTERVALS)

    assert done == [(task, ()) for task in INTERVALS]


@pytest.mark.django_db
def test_each_is_done_again_when_its_time_has_come(done):
    fallback_scheduler.look(INTERVALS)
    Heartbeat.objects.update(at=clock.after(-8))
    fallback_scheduler.look(INTERVALS)

    assert [task for task, _ in done].count("gateway.tasks.sweep") == 2
    assert [task for task, _ in done].count("gateway.tasks.prune") == 1


@pytest.mark.django_db
def test_a_clock_that_was_set_back_stops_no_look(done):
    Heartbeat.objects.create(name="instead:sweep", at=clock.now() + timedelta(hours=1))

    fallback_scheduler.look({"gateway.tasks.sweep": 5.0})

    assert done == [("gateway.tasks.sweep", ())]


@pytest.mark.django_db
def test_a_database_that_is_away_ends_no_look_and_is_told_once(monkeypatch, caplog):
    answers = iter([DatabaseAway(), DatabaseAway(), ValueError(), None])

    def look(intervals):
        if error := next(answers):
            raise error
        return 1.0

    monkeypatch.setattr(fallback_scheduler, "look", look)
    looker = fallback_scheduler._Looker({})

    assert [looker._look() for _ in range(4)] == [fallback_scheduler.AWAY_PAUSE] * 3 + [1.0]
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "WARNING"]


def test_every_periodic_task_has_a_heartbeat_of_its_own():
    schedule = current_app.conf.beat_schedule
    names = {fallback_scheduler._name_of(entry["task"]) for entry in schedule.values()}

    assert len(names) == len(schedule)
    assert max(map(len, names)) <= Heartbeat._meta.get_field("name").max_length


def test_a_worker_looks_by_itself_from_its_start_by_beats_own_schedule(monkeypatch):
    begun = []
    monkeypatch.setattr(inline_tasks, "allow", lambda: begun.append("allowed"))
    monkeypatch.setattr(fallback_scheduler._Looker, "look_on", lambda self: begun.append(self._intervals))
    schedule = {"sweep": {"task": "gateway.tasks.sweep", "schedule": 5.0}}

    fallback_scheduler.start(
        SimpleNamespace(app=SimpleNamespace(conf=SimpleNamespace(beat_schedule=schedule)))
    )
    while len(begun) < 2:
        pass

    assert begun == ["allowed", {"gateway.tasks.sweep": 5.0}]
