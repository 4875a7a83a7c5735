"""A file as chunks of staged rows. Those of a large one are made by a process of their own.

A thread would share the GIL with the database's work; a process does not.
"""

import pickle
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain

from contacts.importing import reader_child
from contacts.importing.files import child_process, file_reader, process_limits
from contacts.importing.files.child_process import OnWait
from contacts.importing.files.refusals import FileRefused
from contacts.importing.reader_child import ReadJob, in_lists
from contacts.importing.row_encoder import StagedRow

OWN_PROCESS_FROM_BYTES = 2 * 1024 * 1024  # a smaller file is done before another process has begun


@contextmanager
def staged_chunks(
    file: ReadJob, rows: int, on_wait: OnWait | None = None
) -> Iterator[Iterator[list[StagedRow]]]:
    """Of so many rows at most; `on_wait` is called while they are waited for.

    Raises FileRefused, or ReaderDied, while they are read.
    """
    if file.size <= OWN_PROCESS_FROM_BYTES:
        opened = file_reader.open_rows(file.path, file.reading, on_wait=on_wait)
        with closing(reader_child.staged_rows(file, opened)) as all_rows:
            yield in_lists(all_rows, rows)
    else:
        with _read_apart(file, rows, on_wait) as chunks:
            yield chunks


@contextmanager
def _read_apart(file: ReadJob, size: int, on_wait: OnWait | None) -> Iterator[Iterator[list[StagedRow]]]:
    """Its reader is one chunk ahead of us, and ends with us, however we end: nobody takes its next chunk."""
    with child_process.heard(
        "contacts.importing.reader_child",
        pickle.dumps((file, size)),
        silence=process_limits.for_all_rows(file.size).silence,
        on_wait=on_wait,
    ) as messages:
        yield in_lists(chain.from_iterable(_said(messages)), size)


def _said(messages: Iterator[bytes]) -> Iterator[list[StagedRow]]:
    """Up to the end, which is an empty message."""
    for said in map(pickle.loads, messages):
        if isinstance(said, FileRefused):
            raise said
        if not said:
            return
        yield said
