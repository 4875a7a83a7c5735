"""The secret of a hook is looked at before its body, and in no thread that hooks need."""

import asyncio
import re
from typing import Any

from django.db import Error

from gateway.hooks.guesses import GuessLimiter
from gateway.hooks.known_secrets import KnownSecrets
from gateway.models import HookKind
from smartdialog_admin.web.answering import answer
from smartdialog_admin.web.asking import ask

_ADDRESS = re.compile(r"/hooks/(inbound|dlr)/([^/]+)/\Z", re.ASCII)
_KINDS = {"inbound": HookKind.INBOUND, "dlr": HookKind.DELIVERY}


class HookGuard:
    def __init__(self, app: Any) -> None:
        self._app = app
        self._secrets, self._guesses = KnownSecrets(), GuessLimiter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if await self._is_good(scope["path"]):
            await self._app(scope, receive, send)
            return
        client = scope.get("client") or [""]
        await asyncio.sleep(self._guesses.delay(client[0]))
        await answer(send, 404)

    async def _is_good(self, path: str) -> bool:
        address = _ADDRESS.match(path)
        if not address:
            return False
        kind, secret = _KINDS[address[1]], address[2]
        try:
            return self._secrets.has(secret, kind) or await ask(self._secrets.look_up, secret, kind)
        except Error:  # the hook itself says that nothing can be stored
            return True
