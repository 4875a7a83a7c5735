"""What uvicorn serves: pages and hooks in threads of their own, live updates (a stream a page) as ASGI."""

import os
import resource
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartdialog_admin.settings")

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler

get_asgi_application()

from gateway.middleware import HOOKS_PREFIX
from smartdialog_admin.web import content_types
from smartdialog_admin.web.downloads import Downloads
from smartdialog_admin.web.early_answers import answer, header
from smartdialog_admin.web.hook_guard import HookGuard
from smartdialog_admin.web.lookup_threads import sender_of
from smartdialog_admin.web.request_buffering import WholeBodies
from smartdialog_admin.web.slow_responses import UnhurriedAnswers
from smartdialog_admin.wsgi import application as in_a_thread

PAGE_THREADS, HOOK_THREADS = 16, 4
OPEN_FILES = 8192  # connections, and the files of slow bodies and answers
NO_WEBSOCKET = "There is no WebSocket here: ask for this address by HTTP."


class LiveHandler(ASGIHandler):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Without the thread and database connection that Django keeps for each request until it ends."""
        await self.handle(scope, receive, send)


def in_threads(count: int) -> Any:
    # Its answer can be iterated, which Django's stubs leave out.
    return WSGIMiddleware(in_a_thread, workers=count)  # type: ignore[arg-type]


def received(app: Any) -> Any:
    return WholeBodies(app, sender_of=sender_of)


live = received(LiveHandler())
hooks = HookGuard(received(in_threads(HOOK_THREADS)))
pages = received(Downloads(UnhurriedAnswers(in_threads(PAGE_THREADS))))


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    scope = content_types.plain(scope)
    if header(scope, b"upgrade").lower() == b"websocket":
        await answer(send, 400, NO_WEBSOCKET, close=True)
    elif scope["path"] == "/healthz" and scope["method"] not in {"GET", "HEAD"}:
        await answer(send, 405)  # else a page asks for the token of a form first
    elif scope["path"] == "/live/":
        await live(scope, receive, send)
    elif scope["path"].startswith(HOOKS_PREFIX):
        await hooks(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most), most))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
