"""Whether a secret is of a subscription that is taken: asked before anything that is sent to it is read."""

import time
from collections.abc import Callable

from gateway.hooks import subscriptions
from gateway.hooks.subscriptions import digest_of
from gateway.models import HookKind

KNOWN_FOR = 60.0  # seconds; storing asks again, so that one revoked meanwhile takes nothing
REMEMBERED = 10_000  # secrets


class KnownSecrets:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[tuple[str, HookKind], float] = {}

    def has(self, secret: str, kind: HookKind) -> bool:
        """From memory alone."""
        return self._until.get((digest_of(secret), kind), 0.0) > self._clock()

    def look_up(self, secret: str, kind: HookKind) -> bool:
        """In the database. Raises django.db.Error."""
        found = subscriptions.taken().filter(digest=digest_of(secret), kind=kind).exists()
        if found:
            if len(self._until) >= REMEMBERED:
                self._until.clear()
            self._until[digest_of(secret), kind] = self._clock() + KNOWN_FOR
        return found
