"""The broker from outside: what waits in it, and breaking it."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import redis

from tests.database import with_host
from tests.faults.stack import Stack, running_stack

QUEUE = "celery"


def queued_tasks(stack: Stack) -> list[str]:
    """The names of the tasks that the broker holds."""
    url = stack.environment.get("CELERY_BROKER_URL", "filesystem://")
    messages = _in_redis(url) if url.startswith("redis") else _in_folder(broker_folder(stack))
    return [json.loads(message)["headers"]["task"] for message in messages]


def broker_folder(stack: Stack) -> Path:
    return Path(stack.environment["DATA_DIR"]) / "broker"


def _in_redis(url: str) -> list[bytes]:
    with redis.Redis.from_url(url) as client:
        return client.lrange(QUEUE, 0, -1)


def _in_folder(folder: Path) -> list[bytes]:
    found = []
    for path in folder.glob(f"[0-9]*.{QUEUE}.msg"):
        with suppress(FileNotFoundError):  # a worker was faster
            found.append(path.read_bytes())
    return found


class TcpProxy:
    """A TCP proxy before a server. Shut, open connections break, and new ones are refused; frozen, all stand
    and are taken, and nothing comes through any more.
    """

    def __init__(self, host: str, port: int) -> None:
        self._behind = (host, port)
        self._front = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._front.getsockname()[1])
        self._open: list[socket.socket] = []
        self._flows = threading.Event()
        self._flows.set()
        self._serve()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        self._flows.clear()
        try:
            yield
        finally:
            self._flows.set()

    def shut(self) -> None:
        self._front.shutdown(socket.SHUT_RDWR)
        self._front.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def unlock(self) -> None:
        self._front = socket.create_server(("127.0.0.1", self.port))
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._let_in, args=(self._front,), daemon=True).start()

    def _let_in(self, front: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inside, _ = front.accept()
                outside = socket.create_connection(self._behind)
                self._open += [inside, outside]
                for pair in ((inside, outside), (outside, inside)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        """Until one side closes; then both are."""
        with suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        source.close()


@contextmanager
def stack_with_a_broker_that_breaks(
    folder: Path, *, silently: bool = False, **environment: str
) -> Iterator[tuple[Stack, Callable[[], AbstractContextManager[None]]]]:
    """On Redis, behind a gate that can be shut, or `silently` frozen; else the embedded one's folder goes."""
    url = os.environ.get("CELERY_BROKER_URL", "")
    if not url.startswith("redis"):
        with running_stack(folder, **environment) as stack:
            yield stack, lambda: missing_broker_folder(stack)
        return
    server = urlsplit(url)
    gate = TcpProxy(server.hostname or "127.0.0.1", server.port or 6379)

    @contextmanager
    def shut() -> Iterator[None]:
        gate.shut()
        try:
            yield
        finally:
            gate.unlock()

    through = lambda url: with_host(url, f"127.0.0.1:{gate.port}")  # noqa: E731
    with running_stack(folder, through=through, **environment) as stack:
        yield stack, gate.frozen if silently else shut
    gate.shut()


@contextmanager
def missing_broker_folder(stack: Stack) -> Iterator[None]:
    """The embedded broker's folder is away, as a disk may be."""
    folder = broker_folder(stack)
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        yield
    finally:
        _put_back(aside, folder)


def _put_back(aside: Path, folder: Path) -> None:
    """A process that began meanwhile has made the folder anew, and may be writing into it."""
    while folder.exists():
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                path.rename(aside / path.name)
        with suppress(OSError):
            folder.rmdir()
    aside.rename(folder)
