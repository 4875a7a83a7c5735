"""Keeps a set of children alive until someone asks for the end, then stops them all."""

import contextlib
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from types import FrameType

from smartdialog_admin.launcher.checks import StartRefused
from smartdialog_admin.launcher.child_process import ChildProcess

STOP_WITHIN = 8.0  # seconds; then what has not stopped is killed
READY_WITHIN = 60.0  # seconds
LOOK_EVERY = 0.5  # seconds


class Stop(Exception):
    """Someone asked for the end: Ctrl-C, a signal or a closed terminal."""


def stop_on_signals() -> None:
    """From here on each of these signals raises Stop wherever the main thread is."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def supervise(children: Sequence[ChildProcess], *, ready_at: str, greeting: str) -> None:
    """Start them, greet once `ready_at` (an address) answers, and keep them alive until Stop is raised."""
    try:
        for child in children:
            child.start()
        _wait_until_answering(children, ready_at)
        say(greeting)
        while True:
            _look(children)
            time.sleep(LOOK_EVERY)
    finally:
        _stop_all(children)


def say(words: str) -> None:
    """A terminal that was closed must not keep us from stopping what we started."""
    with contextlib.suppress(OSError):
        print(words, flush=True)


def _wait_until_answering(children: Sequence[ChildProcess], address: str) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < give_up:
        _look(children)
        if _answers(address):
            return
        time.sleep(0.1)
    raise StartRefused(
        f"Nothing answered at {address} within {READY_WITHIN:.0f} s. "
        f"The reason is in the logs: {children[0].log.parent}"
    )


def _answers(address: str) -> bool:
    """Any answer will do: a part that is not well says so itself."""
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _look(children: Sequence[ChildProcess]) -> None:
    for child in children:
        if news := child.look():
            say(news)


def _stop_all(children: Sequence[ChildProcess]) -> None:
    give_up = time.monotonic() + STOP_WITHIN
    try:
        say("Stopping.")
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait(give_up)
    except Stop:  # asked a second time: at once
        for child in children:
            child.wait(0.0)
    say("Stopped.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop
