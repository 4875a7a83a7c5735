import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from sandbox.api import rate_limit
from sandbox.models import Service
from sandbox.seed import seed
from sandbox.tests.callers import GROUP, Caller
from sandbox.tests.processes import Hook, Process, free_port, listener


@pytest.fixture(autouse=True)
def demo_people(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        rate_limit.window.forget()
        seed()


@pytest.fixture
def aino(demo_people: None) -> Caller:
    return Caller("aino")


@pytest.fixture
def otto(demo_people: None) -> Caller:
    """The stranger: he belongs to another customer."""
    return Caller("otto")


@pytest.fixture
def group(demo_people: None) -> Service:
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
