"""What DATA_DIR holds is for the user alone who runs the dashboard: sessions, tokens, files with people."""

import stat
from collections.abc import Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(folder: Path) -> int:
    """Take group's and others' rights away, where there are any; from how many. Links are not followed."""
    count = 0
    for path in (folder, *_all_in(folder)):
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode) or not mode & OTHERS:
                continue
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
        except FileNotFoundError:  # gone meanwhile, as files of a database do
            continue
        except PermissionError:  # another user's: it is theirs to say
            continue
        count += 1
    return count


def _all_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _all_in(path)
