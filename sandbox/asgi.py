"""The sandbox as one ASGI application: Django in threads, the delivery thread beside it."""

import asyncio
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

wsgi = get_wsgi_application()

from sandbox.api import rate_limit
from sandbox.connection_faults import Message, Receive, Send, with_connection_faults
from sandbox.deliveries import worker
from sandbox.pause import stopping
from sandbox.prepare import prepare

# Held calls keep a thread each, so there are more threads than work.
served = with_connection_faults(WSGIMiddleware(wsgi, workers=64))  # type: ignore[arg-type]


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await served(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await asyncio.to_thread(start)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    stopping.set()
    await asyncio.to_thread(worker.stop)
    await send({"type": "lifespan.shutdown.complete"})


def start() -> None:
    prepare()
    rate_limit.window.restore()
    worker.start()
