"""Django's ASGI handler, for streams that last."""

from typing import Any

from django.core.handlers.asgi import ASGIHandler


class LiveHandler(ASGIHandler):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Without the thread and database connection that Django keeps for each request until it ends."""
        await self.handle(scope, receive, send)
