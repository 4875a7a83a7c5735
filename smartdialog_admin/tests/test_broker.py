import os
import subprocess
import sys
from pathlib import Path

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from smartdialog_admin import broker

HALF_WRITTEN = b'{"body": "W1tdLCB7fV'
DAMAGE = [b"", HALF_WRITTEN, b"\xff\xfe\x00", b"[" * 5000, b"null", b'{"a": 1}', b'{"properties": []}']


@pytest.fixture
def folder(tmp_path) -> Path:
    broker.prepare(tmp_path / "broker")
    return tmp_path / "broker"


@pytest.fixture
def queue(folder):
    with connection(folder) as opened, opened.SimpleQueue("work") as queue:
        yield queue


def connection(folder: Path) -> Connection:
    options = {"folder": str(folder), "polling_interval": 0.01}
    return Connection(transport=broker.Transport, transport_options=options)


def take(queue: SimpleQueue) -> object:
    message = queue.get(timeout=1)
    message.ack()
    return message.payload


def test_messages_come_out_in_the_order_they_went_in(queue):
    for number in range(20):
        queue.put({"n": number})

    assert [take(queue)["n"] for _ in range(20)] == list(range(20))


def test_an_empty_queue_says_so(queue):
    with pytest.raises(queue.Empty):
        queue.get(timeout=0.05)


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_message_is_set_aside_and_the_next_one_taken(queue, folder, damage):
    (folder / "0000-x.work.msg").write_bytes(damage)
    queue.put({"n": 1})

    assert take(queue) == {"n": 1}
    assert [path.read_bytes() for path in (folder / broker.DAMAGED).iterdir()] == [damage]


def test_a_half_written_message_is_not_seen(queue, folder):
    (folder / ".0000-x.work.msg.part").write_bytes(HALF_WRITTEN)

    with pytest.raises(queue.Empty):
        queue.get(timeout=0.05)


def test_a_missing_folder_is_an_empty_queue_and_is_named_as_trouble(queue, folder):
    folder.rmdir()

    with pytest.raises(queue.Empty):
        queue.get(timeout=0.05)
    assert "missing" in broker.folder_problem(folder)


def test_a_folder_that_cannot_be_written_to_is_named_as_trouble(folder):
    assert broker.folder_problem(folder) == ""
    assert "cannot be written to" in broker.folder_problem(Path("/proc"))  # by nobody, root included
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("place", ["missing", "/proc"])
def test_a_broker_that_cannot_be_used_refuses_the_connection(tmp_path, place):
    with pytest.raises(OSError, match="The broker's folder"):
        connection(tmp_path / place).transport.establish_connection()


def test_a_purge_counts_what_it_removed(queue):
    queue.put({"n": 1})
    queue.put({"n": 2})

    assert queue.clear() == 2
    assert queue.qsize() == 0


def test_what_killed_processes_left_is_cleared_and_what_is_in_work_is_kept(folder):
    old, new = folder / ".old.taken", folder / ".new.part"
    for path in (old, new):
        path.touch()
    os.utime(old, (1, 1))

    broker.prepare(folder)

    assert not old.exists()
    assert new.exists()


TAKE_ALL = """
import sys, queue
from pathlib import Path
from smartdialog_admin.tests.test_broker import connection, broker
broker.register()
with connection(Path(sys.argv[1])) as opened, opened.SimpleQueue("work") as work:
    try:
        while True:
            message = work.get(timeout=1)
            message.ack()
            print(message.payload["n"])
    except queue.Empty:
        pass
"""


def test_three_readers_share_the_messages_and_none_is_taken_twice(queue, folder):
    readers = [
        subprocess.Popen([sys.executable, "-c", TAKE_ALL, str(folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for number in range(300):
        queue.put({"n": number})
    taken = [int(line) for reader in readers for line in reader.communicate(timeout=30)[0].split()]

    assert sorted(taken) == list(range(300))
    assert [reader.returncode for reader in readers] == [0, 0, 0]
