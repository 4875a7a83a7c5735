"""What has to be free before anything starts. Each refusal is one sentence that says what to do."""

import errno
import fcntl
import os
import socket
import time
from pathlib import Path
from typing import IO

PORT_TIMEOUT = 5.0  # seconds; processes of a run that was killed let go of their ports within that


class StartRefused(Exception):
    """The run cannot start; the message is for the person at the terminal."""


def lock_data_dir(folder: Path) -> IO[str]:
    """The folder is ours while this file stays open; the kernel lets go when we end, however we end."""
    lock = make_data_dir(folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _held(folder, lock) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def make_data_dir(folder: Path) -> IO[str]:
    """Its lock, which nobody holds yet."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (folder / "run.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise StartRefused(
            f"{folder} cannot be written to ({error.strerror}). Set DATA_DIR to a folder of your own."
        ) from error


def _held(folder: Path, lock: IO[str]) -> StartRefused:
    with lock:
        lock.seek(0)
        holder = lock.read() or "unknown"
    return StartRefused(
        f"bin/run is already running on {folder} (process {holder}). "
        "Stop it there, or give this one a folder and ports of its own: DATA_DIR, PORT, SANDBOX_PORT."
    )


def wait_for_port(port: int, variable: str, host: str = "127.0.0.1") -> None:
    give_up = time.monotonic() + PORT_TIMEOUT
    while not _is_free(port, host):
        if time.monotonic() > give_up:
            raise StartRefused(
                f"Port {port} is used by another program. Stop that program, or choose another port: "
                f"{variable}={port + 1} bin/run"
            )
        time.sleep(0.2)


def _is_free(port: int, host: str) -> bool:
    """An address that is not this machine's is refused at once, in words."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise StartRefused(
                f"The web process cannot listen at {host}, port {port} ({error.strerror}). "
                "Set HOST to an address of this machine, or to 0.0.0.0 for all of them."
            ) from error
    return True
