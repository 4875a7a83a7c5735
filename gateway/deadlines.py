"""An end to what is asked over HTTP, all of it: a timeout is of one read, and who drips meets none."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

Session = TypeVar("Session", bound=requests.Session)

_here = threading.local()


class CutOff:
    """Ends connections when its time is over. What was cut off may look whole: who reads it asks.

    `has_asked`: whether a request may have left, whatever went wrong since; None where it is not known.
    """

    has_asked: bool | None = None

    def __init__(self, until: float) -> None:
        self._until = until
        self._lock, self._watched = threading.Lock(), list[socket.socket]()
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    def watch(self, connected: socket.socket) -> None:
        with self._lock:
            self._watched.append(connected)
        if self.is_over:
            self._cut()

    def forget(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._watched.clear()

    def _cut(self) -> None:
        """Below TLS, whose own way to end cannot be gone while it reads."""
        with self._lock:
            for each in self._watched:
                with suppress(OSError):  # it has ended by itself
                    socket.socket.shutdown(each, socket.SHUT_RDWR)


@contextmanager
def cut_off(seconds: float) -> Iterator[CutOff]:
    """Of what is asked inside, in this thread, by sessions that are `limited`."""
    before, cut = getattr(_here, "cut", None), CutOff(time.monotonic() + seconds)
    _here.cut = cut
    try:
        yield cut
    finally:
        _here.cut = before
        cut.forget()


def session() -> requests.Session:
    """Whose connections end with the `cut_off` that they are used in."""
    return limited(requests.Session())


def limited(made: Session) -> Session:
    made.mount("http://", DeadlineAdapter())
    made.mount("https://", DeadlineAdapter())
    return made


class _Watched:
    """A connection that is seen as it asks, whether it is new or was kept."""

    def connect(self) -> None:
        """For TLS, with what a proxy and its handshake take, before anything is asked."""
        if (cut := getattr(_here, "cut", None)) and cut.has_asked is None:
            cut.has_asked = False
        super().connect()  # type: ignore[misc]

    def request(self, *arguments: Any, **options: Any) -> None:
        if cut := getattr(_here, "cut", None):
            cut.has_asked = True
        super().request(*arguments, **options)  # type: ignore[misc]

    def getresponse(self) -> HTTPResponse:
        if cut := getattr(_here, "cut", None):
            cut.watch(self.sock)  # type: ignore[attr-defined]
        found: HTTPResponse = super().getresponse()  # type: ignore[misc]
        return found


class _Connection(_Watched, HTTPConnection):  # type: ignore[misc]
    pass


class _TlsConnection(_Watched, HTTPSConnection):  # type: ignore[misc]
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class DeadlineAdapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        _watch_pools(self.poolmanager)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        return _watch_pools(super().proxy_manager_for(*arguments, **options))


def _watch_pools(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager
