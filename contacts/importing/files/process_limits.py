"""What a process that parses a file may take, which it sets itself; and that it ends with its parent."""

import fcntl
import os
import resource
import select
import signal
from dataclasses import dataclass
from pathlib import Path

from contacts.importing.files import refusals

_MB = 1024 * 1024
_SMALL = 1_400_000  # bytes
_MAX_MEMORY = 2048 * _MB
_STATM = Path("/proc/self/statm")


class ReaderDied(RuntimeError):
    """The process that read the file has ended before the file did: try again from the last chunk."""


@dataclass(frozen=True)
class ReaderLimits:
    """`memory` in bytes beside what is taken by then, `seconds` of CPU, `silence` in seconds by the clock."""

    memory: int
    seconds: int
    silence: float

    def apply(self) -> None:
        """To this process, for good."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds + 1))
        if _STATM.exists():  # elsewhere than on Linux, the limit of addresses does not hold
            most = int(_STATM.read_text().split()[0]) * resource.getpagesize() + self.memory
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def for_look(size: int, *, is_packed: bool = True) -> ReaderLimits:
    """To look at a file of so many bytes, while a person waits. `is_packed`: an archive, which unpacks."""
    return ReaderLimits(_memory(size, is_packed), seconds=4 + size // _MB, silence=60)


def for_all_rows(size: int, *, is_packed: bool = True) -> ReaderLimits:
    return ReaderLimits(_memory(size, is_packed), seconds=30 + 20 * size // _MB, silence=300)


def _memory(size: int, is_packed: bool) -> int:
    """An old workbook is held whole, with an empty cell for each that it leaves out."""
    more = 100 * size if is_packed else 20 * max(size - _SMALL, 0)
    return min(64 * _MB + more, _MAX_MEMORY)


def end_with_parent(pipe: int) -> None:
    """However that ends: the pipe from it closes, and its signal ends us, whatever we are at."""
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # closed before that
        os._exit(1)


def why_ended(status: int | None) -> Exception:
    """What a process died of that did not say it."""
    if status == -signal.SIGXCPU:
        return refusals.slow()
    if status == -signal.SIGABRT:  # how a library ends that is refused memory
        return refusals.large_workbook()
    if status == -signal.SIGSEGV:
        return refusals.damaged("file")
    return ReaderDied(f"exit status {status}")
