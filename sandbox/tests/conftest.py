import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest
from pytest_django.plugin import DjangoDbBlocker

from sandbox.api import rate_limit
from sandbox.models import Service
from sandbox.seed import seed
from sandbox.tests.callers import GROUP, Caller
from sandbox.tests.processes import Hook, Process, free_port, listener


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The demo people are in the database before any test, and each finds them as they were."""
    with django_db_blocker.unblock():
        seed()


@pytest.fixture(autouse=True)
def no_calls_before() -> None:
    rate_limit.window.forget()


@pytest.fixture
def aino(db: None) -> Caller:
    return Caller("aino")


@pytest.fixture
def otto(db: None) -> Caller:
    """The stranger: he belongs to another customer."""
    return Caller("otto")


@pytest.fixture
def group(db: None) -> Service:
    return Service.objects.get(id=GROUP)


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("sandbox"), free_port())
    process.start()
    yield process
    process.stop()


@pytest.fixture
def platform(process: Process) -> Process:
    """The running sandbox, emptied."""
    process.control("reset", {})
    return process


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Answers 200, or first whatever is put in `statuses`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), listener())
    server.hook = Hook(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()  # soon shut down
    yield server.hook  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
