"""Files in rows of the database, a chunk at a time: none is ever whole in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BufferedReader, RawIOBase
from itertools import islice
from typing import Any

import psycopg
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import connection, transaction

from contacts.models import StoredChunk, StoredFile

# Bytes of a row. A statement holds a chunk several times over, and what it takes of memory is not given back.
CHUNK = 128 * 1024
_READ = "SELECT data FROM contacts_storedchunk WHERE file_id = %s AND number = %s"
_COPY = "COPY contacts_storedchunk (file_id, number, data) FROM STDIN (FORMAT BINARY)"
AT_ONCE = 16  # chunks of a transaction: nobody waits for a long file


class DatabaseStorage(Storage):
    def _open(self, name: str, mode: str = "rb") -> File:
        """Raises FileNotFoundError, also for one that has not come whole."""
        found = StoredFile.objects.filter(name=name, size__gt=0).first()
        if found is None:
            raise FileNotFoundError(name)
        return File(BufferedReader(_Chunks(found), CHUNK), name)

    def _save(self, name: str, content: File) -> str:
        file = StoredFile.objects.create(name=name)
        numbered = enumerate(content.chunks(CHUNK))
        size = 0
        while some := _save_some(file, numbered):
            size += some
        StoredFile.objects.filter(pk=file.pk).update(size=size)
        return name

    def delete(self, name: str) -> None:
        """A few chunks at a time; what is left of one that broke off is found by its name again."""
        chunks = StoredChunk.objects.filter(file__name=name).order_by("pk").values_list("pk", flat=True)
        while some := list(chunks[:AT_ONCE]):
            StoredChunk.objects.filter(pk__in=some).delete()
        StoredFile.objects.filter(name=name).delete()

    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        return StoredFile.objects.values_list("size", flat=True).get(name=name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return [], list(StoredFile.objects.order_by("pk").values_list("name", flat=True))

    def get_modified_time(self, name: str) -> datetime:
        return StoredFile.objects.values_list("created_at", flat=True).get(name=name)


def _save_some(file: StoredFile, numbered: Iterator[tuple[int, bytes]]) -> int:
    """Bytes of the next few chunks; 0 at the end."""
    size = 0
    with transaction.atomic(), _writer(file) as write:
        for number, data in islice(numbered, AT_ONCE):
            write(number, data)
            size += len(data)
    return size


@contextmanager
def _writer(file: StoredFile) -> Iterator[Callable[[int, bytes], object]]:
    """On PostgreSQL by COPY: a statement would spell each byte out."""
    if connection.vendor != "postgresql":
        yield lambda number, data: StoredChunk.objects.create(file=file, number=number, data=data)
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["int8", "int4", "bytea"])
        yield lambda number, data: copy.write_row((file.pk, number, data))


class _Chunks(RawIOBase):
    def __init__(self, file: StoredFile) -> None:
        self._blocks = self._read(file)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or memoryview(next(self._blocks, b""))
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def _read(self, file: StoredFile) -> Iterator[bytes]:
        number = 0
        while data := _chunk(file, number):
            yield data
            number += 1


def _chunk(file: StoredFile, number: int) -> bytes:
    """Empty after the last. PostgreSQL is asked for its bytes as they are, not spelled out."""
    asked = [file.pk, number]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            found = psycopg.Cursor(cursor.connection).execute(_READ, asked, binary=True).fetchone()
        else:
            found = cursor.execute(_READ, asked).fetchone()
    return bytes(found[0]) if found else b""
