"""What uvicorn serves: pages in threads, and only the live updates (one long stream a page) as ASGI."""

import asyncio
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Send
from django.core.asgi import get_asgi_application

live = get_asgi_application()

from gateway.middleware import HOOKS_PREFIX
from smartdialog_admin.wsgi import application as pages_in_threads

pages = WSGIMiddleware(
    pages_in_threads,  # type: ignore[arg-type]  # its answer can be iterated, which Django's stubs leave out
    workers=16,
)


NOT_FOUND_DELAY = 0.1  # seconds


async def application(scope: Any, receive: Receive, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] == "/live/":
        await live(scope, receive, send)
    elif scope["path"].startswith(HOOKS_PREFIX):
        await pages(scope, receive, _delay_not_found(send))
    else:
        await pages(scope, receive, send)


def _delay_not_found(send: Any) -> Any:
    """Whoever guesses a hook's secret waits, each time as long, and in no thread of ours."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] == 404:
            await asyncio.sleep(NOT_FOUND_DELAY)
        await send(message)

    return sent


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
