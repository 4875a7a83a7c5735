"""Who guesses secrets of hooks as fast as they can, in a process of their own.

python -m tests.bench.guessers PORT COUNT CONNECTIONS    prints each status of an answer once
"""

import asyncio
import subprocess
import sys

from tests.bench.load_generator import as_fast_as_it_goes, post

BODY = b'{"sender": "+358401000000", "content": "' + b"kiitos " * 80 + b'"}'


def guess(port: int, *, count: int, connections: int) -> set[int]:
    """The statuses that they were answered with."""
    command = [sys.executable, "-m", __name__, str(port), str(count), str(connections)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {int(status) for status in said.split()}


def main() -> None:
    port, count, connections = map(int, sys.argv[1:])
    wrong = as_fast_as_it_goes(
        port, lambda n: post(f"/hooks/inbound/{n:043}/", BODY), count=count, connections=connections
    )
    print(*asyncio.run(wrong).statuses)


if __name__ == "__main__":
    main()
