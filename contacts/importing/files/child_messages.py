"""What a process that reads a file hears of its parent, and says to it: messages behind their lengths."""

import sys

LENGTH_BYTES = 4  # before each message


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(LENGTH_BYTES, "big") + message


def take_task() -> bytes:
    """The first message, and the only one."""
    length = int.from_bytes(sys.stdin.buffer.read(LENGTH_BYTES), "big")
    return sys.stdin.buffer.read(length)


def say(message: bytes) -> None:
    sys.stdout.buffer.write(framed(message))
    sys.stdout.buffer.flush()
