"""The secret of a hook is looked at before its body, and in no thread that hooks need."""

import asyncio
import re
from typing import Any

from django.db import Error

from gateway.hooks.guesses import GuessLimiter, network_of
from gateway.hooks.known_secrets import KnownSecrets
from gateway.hooks.subscriptions import digest_of
from gateway.models import HookKind
from smartdialog_admin.web.concurrency_limits import Seats
from smartdialog_admin.web.early_answers import answer
from smartdialog_admin.web.gathered_lookups import GatheredLookups

_ADDRESS = re.compile(r"/hooks/(inbound|dlr)/([^/]+)/?\Z", re.ASCII)
# That wait for their answer: each has a connection, of which there is an end (1,000, in launcher.processes).
# Who is refused comes again at once, and has that connection too: a wait costs less.
GUESSES_AT_ONCE, OF_EACH = 300, 128
_KINDS = {"inbound": HookKind.INBOUND, "dlr": HookKind.DELIVERY}


class HookGuard:
    def __init__(self, app: Any) -> None:
        self._app = app
        self._secrets, self._guesses = KnownSecrets(), GuessLimiter()
        self._lookups = GatheredLookups(self._secrets.look_up)
        self._waiting = Seats(total=GUESSES_AT_ONCE, each=OF_EACH)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if await self._is_good(scope["path"]):
            await self._app(scope, receive, send)
            return
        who = network_of((scope.get("client") or [""])[0])
        delay = self._guesses.delay(who)
        with self._waiting.one_for(who) as may_wait:
            if may_wait:
                await asyncio.sleep(delay)
        await answer(send, 404 if may_wait else 429, close=not may_wait)

    async def _is_good(self, path: str) -> bool:
        address = _ADDRESS.match(path)
        if not address:
            return False
        sent = digest_of(address[2]), _KINDS[address[1]]
        try:
            return self._secrets.has(sent) or await self._lookups.has(sent)
        except Error:  # the hook itself says that nothing can be stored
            return True
