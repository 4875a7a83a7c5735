"""ENOSPC on every log: each line that web, worker, beat and sandbox write is refused, and all goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import invariants, workloads
from tests.faults.stack import Stack, running_stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(200)]

FULL = Path("/dev/full")  # takes no byte: "No space left on device"
PROCESSES = ["sandbox", "web", "worker", "beat"]


@pytest.fixture
def stack(tmp_path) -> Iterator[Stack]:
    (tmp_path / "log").mkdir()
    for name in PROCESSES:
        (tmp_path / "log" / f"{name}.log").symlink_to(FULL)
    with running_stack(tmp_path, LOG_LEVEL="DEBUG") as running:
        yield running


def test_an_import_is_saved_and_sent_while_the_logs_have_no_room(stack):
    rows = workloads.make_rows(20)
    assert [child.log.resolve() for child in stack.children] == [FULL] * len(PROCESSES)

    workloads.start_import(stack, workloads.sign_in(stack), rows)
    wait_until(lambda: invariants.import_of(stack)["state"] == "done", "the import to be done", pause=1)
    wait_until(lambda: not invariants.outbox_of(stack).left, "what the clock began meanwhile", pause=1)

    invariants.check_import(stack, workloads.GROUP, rows)
    assert all(child.is_alive for child in stack.children)
