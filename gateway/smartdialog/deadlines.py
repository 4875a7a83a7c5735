"""An end to what is asked of others, all of it: a timeout is of one read, and who drips meets none.

Nor does who looks a name up, or tries one of its addresses after the other.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

T = TypeVar("T")
Session = TypeVar("Session", bound=requests.Session)

_here = threading.local()


class OutOfTime(TimeoutError):
    pass


class CutOff:
    """Ends connections when its time is over. What was cut off may look whole: who reads it asks.

    `has_asked`: whether a request may have left, whatever went wrong since; None where it is not known.
    """

    has_asked: bool | None = None

    def __init__(self, seconds: float) -> None:
        self._lock, self._watched = threading.Lock(), list[socket.socket]()
        self._set_end(time.monotonic() + seconds)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    def prolong(self, seconds: float) -> None:
        """To so long from now, where it is not over."""
        self._timer.cancel()
        if not self.is_over:
            self._set_end(time.monotonic() + seconds)

    def in_time(self, find: Callable[[], T], drop: Callable[[T], object] = lambda _: None) -> T:
        """What nothing can end, such as looking up a name: in a thread of its own, which is waited for until
        the end. What it finds after that is dropped. Raises OutOfTime."""
        found: Future[T] = Future()
        threading.Thread(target=_find, args=(find, found), daemon=True).start()
        if not futures.wait([found], max(0.0, self._until - time.monotonic())).done:
            found.add_done_callback(lambda late: late.exception() or drop(late.result()))
            raise OutOfTime
        return found.result()

    def watch(self, connected: socket.socket) -> None:
        with self._lock:
            self._watched.append(_same_below_tls(connected))
        if self.is_over:
            self._cut()

    def forget(self) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._watched:
                each.close()
            self._watched.clear()

    @contextmanager
    def here(self) -> Iterator[None]:
        """Of what this thread asks."""
        before, _here.cut = getattr(_here, "cut", None), self
        try:
            yield
        finally:
            _here.cut = before

    def _set_end(self, until: float) -> None:
        self._until = until
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with self._lock:
            for each in self._watched:
                with suppress(OSError):  # it has ended by itself
                    each.shutdown(socket.SHUT_RDWR)


def _find(find: Callable[[], T], found: "Future[T]") -> None:
    try:
        found.set_result(find())
    except BaseException as error:  # for who waits
        found.set_exception(error)


def _same_below_tls(connected: socket.socket) -> socket.socket:
    """Another handle of the same connection: TLS takes the first from us as it begins, and its own way to end
    cannot be gone while it reads."""
    return socket.socket(fileno=os.dup(connected.fileno()))


@contextmanager
def cut_off(seconds: float) -> Iterator[CutOff]:
    """Of what is asked inside, in this thread, by sessions that are `limited`."""
    cut = CutOff(seconds)
    try:
        with cut.here():
            yield cut
    finally:
        cut.forget()


def found_in_time(find: Callable[[], T], drop: Callable[[T], object] = lambda _: None) -> T:
    """By the end of the `cut_off` that this thread is in, if it is in one. Raises OutOfTime."""
    cut: CutOff | None = getattr(_here, "cut", None)
    return cut.in_time(find, drop) if cut else find()


def connected_in_time(connect: Callable[[], socket.socket]) -> socket.socket:
    """As found_in_time; and then the connection ends with it."""
    made = found_in_time(connect, socket.socket.close)
    if cut := getattr(_here, "cut", None):
        cut.watch(made)
    return made


def session() -> requests.Session:
    """Whose connections end with the `cut_off` that they are used in."""
    return limited(requests.Session())


def limited(made: Session) -> Session:
    made.mount("http://", DeadlineAdapter())
    made.mount("https://", DeadlineAdapter())
    return made


class Watched:
    """A connection of urllib3's that is seen as it begins and as it asks, whether it is new or was kept."""

    def connect(self) -> None:
        """For TLS, with what a proxy and its handshake take, before anything is asked."""
        if (cut := getattr(_here, "cut", None)) and cut.has_asked is None:
            cut.has_asked = False
        super().connect()  # type: ignore[misc]

    def _new_conn(self) -> socket.socket:
        try:
            return connected_in_time(super()._new_conn)  # type: ignore[misc]
        except OutOfTime as error:
            raise ConnectTimeoutError(self, "neither found nor connected in time") from error

    def request(self, *arguments: Any, **options: Any) -> None:
        if cut := getattr(_here, "cut", None):
            cut.has_asked = True
            if kept := self.sock:  # type: ignore[attr-defined]
                cut.watch(kept)
        super().request(*arguments, **options)  # type: ignore[misc]


class FinalResponse(HTTPResponse):
    """What comes before it (RFC 9110 15.2: 102, 103) is read, and is not the answer."""

    def begin(self) -> None:
        super().begin()
        while 101 < self.status < 200:
            self.headers = None  # type: ignore[assignment]  # so that it begins again
            super().begin()


class WatchedConnection(Watched, HTTPConnection):
    response_class = FinalResponse


class WatchedTlsConnection(Watched, HTTPSConnection):
    response_class = FinalResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTlsConnection


class DeadlineAdapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        _watch_pools(self.poolmanager)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        return _watch_pools(super().proxy_manager_for(*arguments, **options))


def _watch_pools(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager
