"""Calls of one connection that are under way at the same time, each in a thread.

The threads only call. What the database is asked or told for them is done by the thread that drains, which
holds the lease: its one connection to the database serves them all, and no two of them write at once.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections

from gateway.models import Lane
from gateway.rate_limit import ledger

REPLY_PLACES = 2  # beyond those of the other lanes, so that a reply waits for none of their answers

Event = Callable[[], None]
Result = TypeVar("Result")


class CallsInFlight:
    """`answer_time`: seconds that an answer took lately."""

    def __init__(self, *, answer_time: float) -> None:
        self._answer_time = answer_time
        self._began: dict[object, float] = {}
        self._drainer = threading.get_ident()
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._threads = ThreadPoolExecutor(settings.SMARTDIALOG_CALLS_IN_FLIGHT + REPLY_PLACES)

    def __len__(self) -> int:
        return len(self._began)

    def open_lanes(self) -> Sequence[Lane]:
        """The lanes of which one more call has a place."""
        free = self._places() - len(self)
        if free > 0:
            return list(Lane)
        return [Lane.INTERACTIVE] if free > -REPLY_PLACES else []

    def start(self, call: Callable[[], Any], settle: Callable[[Any], None]) -> None:
        """`call` in a thread of its own; `settle`, with what it returned or raised, in ours."""
        key = object()
        self._began[key] = time.monotonic()
        self._threads.submit(self._run, key, call, settle)

    def run_here(self, function: Callable[[], Result]) -> Result:
        """For a call: in the thread that drains, and what it returns or raises."""
        if threading.get_ident() == self._drainer:
            return function()
        connections.close_all()  # the call's own: nothing stays open while it waits for its answer
        asked: Future[Result] = Future()
        self._events.put(partial(_fulfil, asked, function))
        return asked.result()

    def wait(self, seconds: float) -> None:
        """Settle those that have ended, and wait at most so long for the first of them."""
        try:
            event = self._events.get(block=seconds > 0, timeout=seconds)
            while True:
                event()
                event = self._events.get_nowait()
        except Empty:
            return

    def finish(self) -> None:
        """Settle all that are under way, each by itself; raises the first failure once none is."""
        failures = []
        while self._began:
            try:
                self._events.get()()
            except Exception as failure:
                failures.append(failure)
        self._threads.shutdown()
        if failures:
            raise failures[0]

    def _places(self) -> int:
        """As many as become due while one is answered (Little's law), and one."""
        now = time.monotonic()
        longest = max([self._answer_time, *(now - began for began in self._began.values())])
        return min(settings.SMARTDIALOG_CALLS_IN_FLIGHT, 1 + int(longest / ledger.slot_interval()))

    def _run(self, key: object, call: Callable[[], Any], settle: Callable[[Any], None]) -> None:
        try:
            outcome = call()
        except BaseException as error:
            outcome = error
        if threading.get_ident() != self._drainer:
            connections.close_all()
        self._events.put(partial(self._end, key, settle, outcome))

    def _end(self, key: object, settle: Callable[[Any], None], outcome: Any) -> None:
        del self._began[key]
        settle(outcome)


def _fulfil(asked: Future[Result], function: Callable[[], Result]) -> None:
    try:
        asked.set_result(function())
    except BaseException as error:
        asked.set_exception(error)
