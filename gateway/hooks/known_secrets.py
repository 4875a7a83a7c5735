"""Whether a secret is of a subscription that is taken: asked before anything that is sent to it is read."""

import time
from collections.abc import Callable, Collection

from gateway.hooks import subscriptions
from gateway.models import HookKind

KNOWN_FOR = 60.0  # seconds; storing asks again, so that one revoked meanwhile takes nothing
REMEMBERED = 10_000  # secrets


Sent = tuple[str, HookKind]  # the digest of a secret, and what it was sent for


class KnownSecrets:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[Sent, float] = {}

    def has(self, sent: Sent) -> bool:
        """From memory alone."""
        return self._until.get(sent, 0.0) > self._clock()

    def look_up(self, asked: Collection[Sent]) -> set[Sent]:
        """Those that are good, by one question to the database. Raises django.db.Error."""
        named = subscriptions.taken().filter(digest__in={digest for digest, _ in asked})
        found = {(digest, HookKind(kind)) for digest, kind in named.values_list("digest", "kind")} & set(
            asked
        )
        if len(self._until) + len(found) > REMEMBERED:
            self._until.clear()
        self._until |= dict.fromkeys(found, self._clock() + KNOWN_FOR)
        return found
