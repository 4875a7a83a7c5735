"""What the worst of the files that are made to hurt costs until it is refused, beside a harmless one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from contacts.importing.columns import first_look
from contacts.importing.files import file_reader
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused
from contacts.tests.poison_files import costly_files, poison_files
from contacts.tests.workbook_files import written
from tests.bench.result import Result

MAX_SECONDS = 2.0
MAX_MEMORY = 64  # MB, beside what a harmless file takes
BETWEEN_LOOKS = 0.01  # seconds, at the memory of what reads

_HARMLESS = [["Puhelin", "Nimi"], ["0401234567", "Aino"]]


def run(*, quick: bool) -> Iterator[Result]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.upload"
        path.write_bytes(written(_HARMLESS))
        floor, usual = cost_of(path)
        found = {}
        hostile = {name: make for name, (make, _) in poison_files(0.2 if quick else 1).items()}
        for name, make in {**hostile, **costly_files()}.items():
            path.write_bytes(make())
            found[name] = cost_of(path)
    slowest, largest = (
        max(found, key=lambda name: found[name][0]),
        max(found, key=lambda name: found[name][1]),
    )
    seconds, memory = found[slowest][0], (found[largest][1] - usual) / 1024**2
    yield Result(
        bench="poison",
        case=slowest,
        value=seconds,
        unit="s",
        floor=floor,
        ratio=seconds / floor,
        goal=f"<= {MAX_SECONDS:g} s",
        ok=seconds <= MAX_SECONDS,
    )
    yield Result(
        bench="poison",
        case=largest,
        value=memory,
        unit="MB",
        goal=f"<= {MAX_MEMORY} MB",
        ok=memory <= MAX_MEMORY,
    )


def cost_of(path: Path) -> tuple[float, int]:
    """Seconds, and bytes at the most: looked at as an upload is, and read as a check does."""
    began = time.monotonic()
    with watched() as sizes, suppress(FileRefused):
        look = first_look.look(path, Reading(), [])
        with file_reader.open_rows(path, look.reading) as rows:
            for _ in rows:
                pass
    return time.monotonic() - began, max(sizes, default=0)


@contextmanager
def watched() -> Iterator[list[int]]:
    """Memory of this process's children, again and again."""
    sizes: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(BETWEEN_LOOKS):
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    if "parser_child" in " ".join(child.cmdline()):
                        sizes.append(child.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield sizes
    finally:
        ended.set()
        watcher.join()
