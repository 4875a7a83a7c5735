"""One way to register: by a name, once, in a module that an app imports in its ready()."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

Entry = TypeVar("Entry")
Registered = TypeVar("Registered")


class Registry(Generic[Entry]):
    """Entries in the order in which they came. Of a class that is registered, it holds an instance."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, Entry] = {}

    def register(self, name: str) -> Callable[[Registered], Registered]:
        """Register what is decorated. Raises ValueError when the name is taken."""

        def decorate(entry: Registered) -> Registered:
            if name in self._entries:
                raise ValueError(f"{self._what} {name!r} is registered already: {self._entries[name]}")
            made: Any = entry() if isinstance(entry, type) else entry
            self._entries[name] = made
            return entry

        return decorate

    def __getitem__(self, name: str) -> Entry:
        """Raises ValueError, with what there is."""
        if name not in self._entries:
            raise ValueError(f"no {self._what} {name!r}; there are {', '.join(sorted(self._entries))}")
        return self._entries[name]

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def names(self) -> set[str]:
        return set(self._entries)
