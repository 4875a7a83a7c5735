"""Look-ups that wait at the same moment are one question to the database: many cost little more than one."""

import asyncio
from collections.abc import Callable, Collection, Hashable
from typing import Generic, TypeVar

from smartdialog_admin.web.lookup_threads import ask

Key = TypeVar("Key", bound=Hashable)


class GatheredLookups(Generic[Key]):
    """`find`: those of many keys that are there; it is asked in a thread, and never twice at once."""

    def __init__(self, find: Callable[[Collection[Key]], Collection[Key]]) -> None:
        self._find = find
        self._waiting: list[tuple[Key, asyncio.Future[bool]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def has(self, key: Key) -> bool:
        """Whatever `find` raises."""
        found = asyncio.get_running_loop().create_future()
        self._waiting.append((key, found))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await found

    async def _ask(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                found = await ask(self._find, {key for key, _ in waiting})
            except Exception as error:
                for _, answer in waiting:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for key, answer in waiting:
                    if not answer.done():
                        answer.set_result(key in found)
