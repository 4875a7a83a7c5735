"""A million changes are a push of a week, which outlives its tokens and every restart by construction.

In full (PUSH=week) the week is lived sixty times as fast: 6,000 calls a minute, tokens that end after a
minute and not an hour, ten restarts; it takes three hours or, on a slow disk, five. PUSH=long has the same
million rows, of which every tenth costs a call, and takes an hour; PUSH=medium takes seven minutes. Without
it, it is the same in small, with tokens that end sooner still and a limit that any machine reaches. Unchanged
rows of the list cost no call.
"""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.faults import invariants, push_probes, workloads
from tests.faults.import_dataset import ImportDataset
from tests.faults.push_probes import PlatformPush
from tests.faults.stack import Stack, running_stack, wait_until

MAX_MEMORY = 300  # MB
MAX_WAIT = 0.5  # seconds from the call that calls for a kill to the kill
ENDED = 401  # of a token that ended on its way
CUT_OFF = ""  # the phone of a request whose sender was killed before it had sent the body


@dataclass(frozen=True)
class Size:
    members: ImportDataset
    limit: int  # calls a minute
    token: int  # seconds that an access token lives
    renewals: int  # of tokens, at least
    kills: int
    patience: float  # seconds, at most, for each part of it


SIZES = {
    "short": Size(ImportDataset(18_000, new=1, changed=1), 1000, token=2, renewals=16, kills=5, patience=90),
    "medium": Size(
        ImportDataset(25_000, new=24, changed=8), 6000, token=2, renewals=160, kills=10, patience=300
    ),
    "long": Size(
        ImportDataset(1_000_000, new=3, changed=1), 6000, token=10, renewals=160, kills=10, patience=2400
    ),
    "week": Size(
        ImportDataset(1_000_000, new=32, changed=4), 6000, token=60, renewals=160, kills=10, patience=7200
    ),
}
SIZE = SIZES[os.environ.get("PUSH") or "short"]

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(4 * SIZE.patience)]


@pytest.fixture
def stack(tmp_path) -> Iterator[Stack]:
    limits = {name: str(SIZE.limit) for name in ("SMARTDIALOG_CALLS_PER_MINUTE", "SANDBOX_CALLS_PER_MINUTE")}
    with running_stack(tmp_path, **limits) as running:
        yield running


def test_a_push_of_days_outlives_tokens_and_restarts_with_one_call_a_row(stack, rng):
    stack.sandbox.post("/_switches", {"access_token_seconds": SIZE.token}).raise_for_status()
    mikko = workloads.sign_in(stack)
    push_probes.add_existing_members(stack, SIZE.members)
    since, before = push_probes.last_call(stack), push_probes.calls_made(stack)
    with push_probes.MemoryMonitor(stack) as memory:
        import_through_kills(stack, mikko)
        caught = kill_while_pushing(stack, rng, before)
        wait_until(lambda: is_over(stack), "the last call to be settled", patience=SIZE.patience, pause=2)
    taken = push_probes.platform_push(stack, SIZE.members, since=since)
    tell(taken, memory.most)

    check_rows(stack)
    check_calls(taken, caught)
    check_tokens(taken)
    assert memory.most <= MAX_MEMORY


def import_through_kills(stack: Stack, mikko: workloads.WebClient) -> None:
    """At half of checking, and at half of saving."""
    path = workloads.start_check(stack, mikko, SIZE.members.as_csv())
    push_probes.kill_at_half(stack, "checking", SIZE.members)
    workloads.confirm(mikko, path, patience=SIZE.patience)
    push_probes.kill_at_half(stack, "saving", SIZE.members)


def kill_while_pushing(stack: Stack, rng: random.Random, before: int) -> set[str]:
    """Spread over its calls, each at a random moment; the phones whose calls the kills caught."""
    caught = set()
    for number in range(1, SIZE.kills + 1):
        due = before + SIZE.members.calls * number // (SIZE.kills + 1)
        wait_until(
            lambda due=due: push_probes.calls_made(stack) >= due,
            f"call {due:,}, before kill {number}",
            patience=SIZE.patience,
        )
        time.sleep(rng.uniform(0, MAX_WAIT))
        stack.worker.kill()
        caught |= push_probes.in_flight(stack)
        stack.worker.start()
        print(f"kill {number:2} after call {due:,}; {len(caught)} calls caught so far")
    return caught


def is_over(stack: Stack) -> bool:
    return not invariants.outbox_of(stack).left and invariants.import_of(stack)["state"] == "done"


def tell(taken: PlatformPush, memory: float) -> None:
    """The figures of this run, for whoever runs it with -s."""
    print(
        f"{SIZE}\n"
        f"{taken.taken:,} calls taken, {len(taken.beside)} of them again, {len(taken.refused)} refused; "
        f"in {taken.seconds:.0f} s; at most {push_probes.fullest(taken.arrived, seconds=60):,} in 60 s; "
        f"{taken.renewed} tokens renewed; {memory:.0f} MB"
    )


def check_rows(stack: Stack) -> None:
    """As an undisturbed import leaves them, and all of them in step with the platform."""
    rows, kinds = SIZE.members.rows, SIZE.members.kinds()
    wanted = {"counts": kinds, "saved": SIZE.members.calls, "rows": rows, "people": rows, "others": []}
    assert push_probes.imported(stack, SIZE.members) == wanted
    assert push_probes.synced(stack) == rows
    assert stack.ask(invariants.NEEDING_A_PERSON) == []


def check_calls(taken: PlatformPush, caught: set[str]) -> None:
    """One for each new or changed row. What a kill caught is asked once more, and nothing else is."""
    assert taken.missing == []
    again = [phone for phone, _ in taken.beside]
    assert len(again) == len(set(again))
    assert set(again) <= caught
    assert taken.taken == SIZE.members.calls + len(again)
    refused = [phone for phone, _, status in taken.refused if status != ENDED]
    assert set(refused) <= caught | {CUT_OFF}
    assert refused.count(CUT_OFF) <= len(caught)
    assert (taken.people, taken.created_again, taken.others) == (SIZE.members.rows, 0, [])
    assert push_probes.fullest(taken.arrived, seconds=60) <= SIZE.limit
    # Spread evenly: in ten seconds no more than in fifteen, as it may make up for five.
    assert push_probes.fullest(taken.arrived, seconds=10) <= SIZE.limit / 4


def check_tokens(taken: PlatformPush) -> None:
    """Renewed before each ends, and no oftener; one in four at most ends on its way."""
    assert taken.renewed >= SIZE.renewals
    ended = [status for _, _, status in taken.refused].count(ENDED)
    assert ended <= taken.renewed / 4
    ends = taken.seconds / (SIZE.token * 0.9)
    assert taken.renewed <= ends + SIZE.kills + ended + 1
