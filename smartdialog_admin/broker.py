"""The embedded broker: messages as files in one folder, for every process of one machine.

Kombu's own filesystem transport lets a reader take a half-written file, sorts by a clock that restarts with
the machine and moves messages through the shared /tmp. Here a message appears whole (written aside, then
renamed, atomically), is claimed by a rename inside its folder, and is a dead letter if it cannot be read.
Only direct exchanges: routing tables live in each process, so no shared table can break either.
"""

import logging
import os
import time
import uuid
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu import transport
from kombu.transport import virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

ALIAS = "filesystem"
SUFFIX = ".msg"
DAMAGED = "damaged"  # folder of dead letters beside the messages: those that could not be read
LEFTOVER_AFTER = 60.0  # seconds; a claim or an unfinished write older than this belongs to the dead


def register() -> None:
    """Answer for filesystem:// addresses; call before the first connection is made."""
    transport.TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"


def prepare(folder: Path) -> None:
    """Make the folder and clear what killed processes left half done."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob(".*"):
        try:
            if path.stat().st_mtime < time.time() - LEFTOVER_AFTER:
                path.unlink()
        except FileNotFoundError:
            continue


def folder_problem(folder: Path) -> str:
    """What keeps the folder from carrying messages, in words; empty when nothing does."""
    if not folder.is_dir():
        return f"The broker's folder {folder} is missing."
    probe = folder / f".{uuid.uuid4().hex}.part"
    try:
        probe.write_bytes(b"?")  # a full disk takes names, but nothing in them
        probe.unlink()
    except OSError as error:
        return f"The broker's folder {folder} cannot be written to: {error.strerror}."
    return ""


class Channel(virtual.Channel):
    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self._folder = Path(connection.client.transport_options["folder"])
        self._seen: dict[str, deque[str]] = {}
        self._trouble = ""

    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}{SUFFIX}"
        unfinished = self._folder / f".{name}.part"
        unfinished.write_bytes(dumps(message).encode())
        unfinished.rename(self._folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for name in self._waiting(queue):
            claimed = self._claim(name)
            message = claimed and self._read(claimed)
            if message:
                return message
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        claimed = [path for name in self._names(queue) if (path := self._claim(name))]
        for path in claimed:
            path.unlink()
        return len(claimed)

    def _waiting(self, queue: str) -> Iterator[str]:
        """Names, oldest first. The folder is listed again only when the last list is used up."""
        seen = self._seen.setdefault(queue, deque())
        if not seen:
            seen.extend(self._names(queue))
        while seen:
            yield seen.popleft()

    def _names(self, queue: str) -> list[str]:
        end = f".{queue}{SUFFIX}"
        try:
            found = [name for name in os.listdir(self._folder) if name.endswith(end) and name[0] != "."]
        except OSError as error:
            self._complain(f"cannot be listed: {error.strerror}")
            return []
        return sorted(found)

    def _claim(self, name: str) -> Path | None:
        """Only one process can rename a file away; None when another one did."""
        claimed = self._folder / f".{name}.{os.getpid()}.taken"
        try:
            (self._folder / name).rename(claimed)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._complain(f"cannot be written to: {error.strerror}")
            return None
        self._trouble = ""
        return claimed

    def _read(self, claimed: Path) -> dict[str, Any] | None:
        try:
            message: dict[str, Any] = loads(claimed.read_text(encoding="utf-8"))
            self.Message(message, channel=self)  # what a worker would choke on, we find first
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self._set_aside(claimed, error)
            return None
        claimed.unlink()
        return message

    def _set_aside(self, claimed: Path, error: Exception) -> None:
        log.error("message %s cannot be read (%s); it is in %s", claimed.name, error, DAMAGED)
        try:
            (self._folder / DAMAGED).mkdir(exist_ok=True)
            claimed.rename(self._folder / DAMAGED / claimed.name.lstrip("."))
        except OSError as failure:
            self._complain(f"cannot be written to: {failure.strerror}")

    def _complain(self, trouble: str) -> None:
        """Once per kind of trouble, not ten times a second."""
        if trouble != self._trouble:
            log.error("the broker's folder %s %s", self._folder, trouble)
        self._trouble = trouble


class Transport(virtual.Transport):
    Channel = Channel
    driver_type = ALIAS
    driver_name = ALIAS
    can_parse_url = False

    default_connection_params: ClassVar[dict[str, Any]] = {}  # there is no host to name
    connection_errors = (*virtual.Transport.connection_errors, OSError)

    def establish_connection(self) -> Any:
        """OSError, as from a broker that cannot be reached: whoever asks tries again, or says so."""
        options: dict[str, Any] = self.client.transport_options  # type: ignore[union-attr, assignment]
        if words := folder_problem(Path(options["folder"])):
            raise OSError(words)
        return super().establish_connection()

    def driver_version(self) -> str:
        return "1"
