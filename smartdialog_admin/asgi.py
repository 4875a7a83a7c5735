"""What uvicorn serves: pages in threads, and only the live updates (one long stream a page) as ASGI."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

live = get_asgi_application()

from smartdialog_admin.wsgi import application as pages_in_threads

pages = WSGIMiddleware(pages_in_threads, workers=16)


async def application(scope, receive, send):  # type: ignore[no-untyped-def]
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] == "/live/":
        await live(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive, send):  # type: ignore[no-untyped-def]
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
