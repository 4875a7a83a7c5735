"""The dashboard under uvicorn, as bin/run starts it, in a thread: Django's live_server runs WSGI alone."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.db import connections

from tests.sandbox_process import free_port


@contextmanager
def running_server() -> Iterator[int]:
    """The port. Its threads keep no connection, as the test database is dropped behind them."""
    from smartdialog_admin.asgi import application
    from smartdialog_admin.web.protocol import Deadlines

    kept = connections.settings["default"]["CONN_MAX_AGE"]
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    port = free_port()
    config = uvicorn.Config(
        application, port=port, http=Deadlines, ws="none", log_level="warning", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        _wait(server)
        yield port
    finally:
        server.should_exit = True
        thread.join(10)
        connections.settings["default"]["CONN_MAX_AGE"] = kept


def send_raw(port: int, request: bytes) -> int:
    """The status of the answer to exactly these bytes; 0 when the server only hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as talk:
        with contextlib.suppress(OSError):  # it may answer before it has read all of it, and hang up
            talk.sendall(request)
        answer = http.client.HTTPResponse(talk)
        try:
            answer.begin()
        except (http.client.HTTPException, OSError):
            return 0
        return answer.status


def raw_post(path: str, body: bytes, *headers: str) -> bytes:
    """As a well-behaved program would; `headers` come beside Host and Content-Length."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def raw_chunked_post(path: str, body: bytes, *, size: int = 10_000) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def _wait(server: uvicorn.Server) -> None:
    give_up = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < give_up, "the server did not start"
        time.sleep(0.01)
