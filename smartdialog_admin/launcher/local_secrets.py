"""The secrets of a local run, made once and kept in DATA_DIR/secrets.env."""

import base64
import contextlib
import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "TOKEN_ENCRYPTION_KEYS")


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or Path(__file__).parent.parent.parent / "var").resolve()


def use(folder: Path) -> None:
    """Fill what the environment lacks from the folder's file, if there is one."""
    try:
        lines = (folder / "secrets.env").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for name, _, value in (line.partition("=") for line in lines):
        if name in NAMES and not _given(name):
            os.environ[name] = value


def make_and_use(folder: Path) -> None:
    file = folder / "secrets.env"
    if not file.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "TOKEN_ENCRYPTION_KEYS": _fernet_key()}
        unfinished = file.with_suffix(f".{os.getpid()}.new")
        unfinished.touch(mode=0o600)
        unfinished.write_text("".join(f"{name}={value}\n" for name, value in made.items()), encoding="utf-8")
        with contextlib.suppress(FileExistsError):  # of two that start at once, both use what the first made
            file.hardlink_to(unfinished)
        unfinished.unlink()
    use(folder)


def _given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
