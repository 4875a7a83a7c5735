"""A file as it arrives, and as it is kept, where every process on every host reaches it.

That is STORAGES["uploads"]. Who reads a file reads a copy on this machine, which goes with its reader.
"""

import fcntl
import hashlib
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import DatabaseError

from accounts.web.outages import has_no_room
from contacts.importing.files import refusals
from contacts.importing.files.file_kinds import MAX_FILE_BYTES

log = logging.getLogger(__name__)

BEAT = 5.0  # seconds at least between two calls of `on_wait`
_BLOCK = 128 * 1024
_COPY = ".copy"  # ends the name of a copy; it is locked for as long as somebody needs it


class StoreAway(OSError):
    """The place where files are kept does not answer, or not to us: try again later."""


@dataclass(frozen=True)
class Upload:
    """A file as it arrives: its name is shown and never used as a path."""

    name: str
    blocks: Iterable[bytes]


@dataclass(frozen=True)
class Content:
    """What a file was found to be as it was read through."""

    size: int  # bytes
    lines: int  # that end
    digest: str  # SHA-256


def shown_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[-200:] or "file"


@contextmanager
def arrived(blocks: Iterable[bytes]) -> Iterator[tuple[Path, Content]]:
    """The file on this machine. It is not kept. Raises FileRefused."""
    with _copy() as path:
        yield path, _write(blocks, path)


def keep(path: Path, name: str) -> None:
    """Raises FileRefused where there is no room for it, or no place."""
    try:
        with path.open("rb") as file:
            _store().save(name, File(file))
    except StoreAway as error:
        raise refusals.store_away() from error
    except OSError as error:
        raise refusals.no_room() from error


@contextmanager
def kept(path: Path, name: str) -> Iterator[None]:
    """While a row is made of it: both or, as far as that can be, neither. A file of no row goes in time.

    Raises FileRefused where there is no room for either, or no place; and what is raised inside.
    """
    try:
        keep(path, name)
        yield
    except refusals.FileRefused:
        raise
    except Exception as error:
        with suppress(DatabaseError):
            delete(name)
        if has_no_room(error):
            raise refusals.no_room() from error
        raise


@contextmanager
def local_copy(name: str, *, digest: str = "", on_wait: Callable[[], None] | None = None) -> Iterator[Path]:
    """`on_wait` hears that its bytes come. Raises FileRefused when it is gone, and StoreAway.

    `digest`: of what was kept, where that is known: one that is otherwise now holds other numbers.
    """
    try:
        stored = _store().open(name)
    except FileNotFoundError as error:
        raise refusals.gone() from error
    with _copy() as path:
        with stored:
            if on_wait:  # to open it may have taken long
                on_wait()
            found = _write(_heard(_blocks(stored), on_wait), path)
        if digest and found.digest != digest:
            log.error(
                "file %s is not what was kept: it has %s bytes, sha256 %s", name, found.size, found.digest
            )
            raise refusals.changed()
        yield path


@contextmanager
def copy_for_a_person(name: str, *, digest: str = "") -> Iterator[Path]:
    """As local_copy, for somebody who waits for it now: a store that is away is a FileRefused, too."""
    try:
        with local_copy(name, digest=digest) as path:
            yield path
    except StoreAway as error:
        raise refusals.store_silent() from error


def delete(name: str) -> None:
    """Of what is decided: where the store is away, the file goes later, with those that are of nothing."""
    try:
        _store().delete(name)
    except StoreAway as error:
        log.warning("file %s is deleted later: %s", name, error)


def names_before(moment: datetime) -> list[str]:
    """Of files that were kept before then."""
    store = _store()
    return [name for name in store.listdir("")[1] if store.get_modified_time(name) < moment]


def drop_left_copies() -> None:
    """Of readers on this machine that were killed."""
    for path in Path(settings.UPLOADS_DIR).glob(f"*{_COPY}"):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)


def take_in() -> int:
    """Files that former versions kept on this machine; how many there were."""
    found = sorted(Path(settings.UPLOADS_DIR).glob("*.upload"))
    for path in found:
        if not _has_whole(path.name):
            delete(path.name)
            keep(path, path.name)
        path.unlink()
    return len(found)


def _has_whole(name: str) -> bool:
    try:
        _store().open(name).close()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _copy() -> Iterator[Path]:
    """A file of our own, gone afterwards; locked, so that those of the killed can be told."""
    path = Path(settings.UPLOADS_DIR) / f"{uuid.uuid4().hex}{_COPY}"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except OSError as error:
        raise refusals.no_room() from error
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)


def _write(blocks: Iterable[bytes], path: Path) -> Content:
    """Stops at the most that is taken."""
    size, lines, digest = 0, 0, hashlib.sha256()
    try:
        with path.open("wb") as file:
            for block in blocks:
                size += len(block)
                if size > MAX_FILE_BYTES:
                    raise refusals.too_large(f"the most is {MAX_FILE_BYTES // 1024**2} MB")
                lines += block.count(b"\n")
                digest.update(block)
                file.write(block)
    except StoreAway:
        raise
    except OSError as error:
        raise refusals.no_room() from error
    return Content(size, lines, digest.hexdigest())


def _blocks(stored: File) -> Iterator[bytes]:
    while block := stored.read(_BLOCK):
        yield block


def _heard(blocks: Iterator[bytes], on_wait: Callable[[], None] | None) -> Iterator[bytes]:
    """A store may be slow: a block is some kB, and takes as long as the way there lets it."""
    heard = time.monotonic()
    for block in blocks:
        yield block
        if on_wait and time.monotonic() - heard >= BEAT:
            on_wait()
            heard = time.monotonic()


def _store() -> Storage:
    return storages["uploads"]
