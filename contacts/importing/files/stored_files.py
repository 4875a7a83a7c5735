"""A file as it arrives, and as it is kept until its rows are saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from contacts.importing.files import refusals
from contacts.importing.files.file_kinds import MAX_FILE_BYTES


@dataclass(frozen=True)
class Upload:
    """A file as it arrives: its name is shown and never used as a path."""

    name: str
    blocks: Iterable[bytes]


def shown_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[-200:] or "file"


def store(blocks: Iterable[bytes], path: Path) -> tuple[int, int]:
    """Write the file under our own name, and stop at the most that is taken; its bytes and its line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = lines = 0
    try:
        with path.open("xb") as stored:
            for block in blocks:
                size += len(block)
                if size > MAX_FILE_BYTES:
                    raise refusals.too_large(f"the most is {MAX_FILE_BYTES // 1024**2} MB")
                lines += block.count(b"\n")
                stored.write(block)
    except OSError as error:
        raise refusals.no_room() from error
    return size, lines
