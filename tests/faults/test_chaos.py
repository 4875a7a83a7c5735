"""Everything at once: kills of worker, beat and web, a broker that comes and goes, one call in ten astray,
hooks twice and out of order, slow senders, hostile files, and a platform that is otherwise than we guess.

A contact sync, a campaign and answers run through it; the sandbox's own log is the judge. CHAOS=long is the
size of a busy day, and takes a quarter of an hour; without it, it is the same in small.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from smartdialog_admin.launcher.child_process import ChildProcess
from tests.faults import inbox_workload, invariants, poison_imports, workloads
from tests.faults.broker_faults import stack_with_a_broker_that_breaks
from tests.faults.inbox_workload import InboundMessage
from tests.faults.nuisances import NOTIFICATION_IDS, ChangingPlatform, guesses, slow_senders
from tests.faults.stack import Stack, wait_until
from tests.faults.workloads import Row

Breaking = Callable[[], AbstractContextManager[None]]

CALL_TIMEOUT = 2  # seconds, of the stack
FAULTS = [
    {"do": "429", "retry_after": 1},
    {"do": "500"},
    {"do": "503"},
    {"do": "html"},
    {"do": "reset_before"},
    {"do": "slow", "ms": 500},
    {"do": "hold_after_accept", "ms": 1000 * CALL_TIMEOUT + 1000},  # taken, and answered too late
    {"do": "reset_after"},
    {"do": "truncate"},
    {"do": "malformed"},
    {"do": "empty"},
    {"do": "wrong_shape"},
    {"do": "redirect"},
    {"do": "deep"},
    {"do": "bomb"},
]
AWAY = 8.0  # seconds, at most, that the broker is away
CHANCE = 0.1  # that a call meets one of them


@dataclass(frozen=True)
class Size:
    contacts: int
    recipients: int
    answers: int
    kills: int
    pause: float  # seconds of work, at most, before a kill
    limit: int  # calls a minute
    batch: int  # recipients in a call
    patience: float  # seconds for the last call after the last kill


SIZES = {
    "short": Size(100, 300, 20, kills=6, pause=5, limit=300, batch=10, patience=90),
    "long": Size(2000, 5000, 200, kills=60, pause=8, limit=600, batch=50, patience=900),
}
SIZE = SIZES[os.environ.get("CHAOS") or "short"]

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(400 if SIZE.kills < 10 else 3600)]


@pytest.fixture
def breaking(tmp_path) -> Iterator[tuple[Stack, Breaking]]:
    variables = {
        "SMARTDIALOG_CALLS_PER_MINUTE": str(SIZE.limit),
        "SMARTDIALOG_BATCH_SIZE": str(SIZE.batch),
        "SMARTDIALOG_CALL_TIMEOUT": str(CALL_TIMEOUT),
    }
    with stack_with_a_broker_that_breaks(tmp_path, **variables) as running:
        yield running


def test_chaos_loses_nothing_and_sends_nothing_twice(breaking, rng, tmp_path):
    stack, broken = breaking
    platform = ChangingPlatform(stack, rng, sign_in=lambda: workloads.sign_in_again(stack))
    mikko = workloads.sign_in(stack)
    inbox_workload.open_inbox(stack)
    contacts = workloads.make_rows(SIZE.contacts)
    readers = workloads.make_rows(SIZE.recipients, prefix="+35844")
    begin_faults(stack, rng)
    workloads.start_import(stack, mikko, contacts)
    hostile = poison_imports.start(stack, poison_imports.hostile_files(), tmp_path)
    inbox_workload.send_news(stack, readers)
    phones = [f"+35845{7654300 + number}" for number in range(SIZE.answers)]
    can_answer = name_messages(stack, rng) == "message"
    writers = inbox_workload.receive_questions(stack, phones, [rng.uniform(0, 20) for _ in phones])

    with slow_senders(stack):
        answered = kill_each_process(stack, broken, platform, rng, can_answer=can_answer)
    while can_answer and answered < len(writers):
        answered += inbox_workload.answer_all(stack)
    wait_for_the_end(stack, platform, "the last call to be settled")
    if platform.try_again():
        wait_for_the_end(stack, platform, "what was tried again")
    tell(stack)

    invariants.check_import(stack, workloads.GROUP, contacts)
    check_campaign(stack, readers)
    check_conversations(stack, writers, answered=can_answer)
    assert {state for state, _ in poison_imports.states(stack, hostile).values()} == {"refused"}
    invariants.check_windows(stack, limit=SIZE.limit)
    invariants.check_same_bytes(stack)


def begin_faults(stack: Stack, rng: random.Random) -> None:
    often = {"report_copies": 2, "callback_tries": 100}
    stack.sandbox.post("/_switches", often).raise_for_status()
    rules = [fault | {"op": "*", "when": "p", "n": CHANCE / len(FAULTS)} for fault in FAULTS]
    stack.sandbox.post("/_faults", {"faults": rules, "seed": rng.randrange(10**6)}).raise_for_status()


def name_messages(stack: Stack, rng: random.Random) -> str:
    """By what notifications name them, in this run."""
    kind = rng.choice(NOTIFICATION_IDS)
    stack.sandbox.post("/_switches", {"notification_ids": kind}).raise_for_status()
    print(f"notifications name messages by: {kind}")
    return kind


def kill_each_process(
    stack: Stack, broken: Breaking, platform: ChangingPlatform, rng: random.Random, *, can_answer: bool
) -> int:
    """Now and then a token ends, or somebody answers; how many were answered.

    Until the next kill, the platform is otherwise in some things.
    """
    victims, answered = [stack.worker, stack.web, stack.worker, stack.beat], 0
    rng.shuffle(victims)
    for number in range(1, SIZE.kills + 1):
        wait_for_work(stack, platform)
        time.sleep(rng.uniform(0, SIZE.pause))
        if number % 3 == 1:
            said = everything_at_one_moment(stack, broken, platform, rng)
        else:
            said = kill_and_start(victims[number % len(victims)], platform)
        print(f"kill {number:2}: {said} after {calls_of(stack)} calls")
        if number % 3 == 0:
            event = {"type": "sign_in", "person": "mikko", "action": "expire"}
            stack.sandbox.post("/_events", event).raise_for_status()
            if can_answer:
                answered += inbox_workload.answer_all(stack)
    platform.be_as_usual()
    return answered


def kill_and_start(victim: ChildProcess, platform: ChangingPlatform) -> str:
    victim.kill()
    victim.start()
    said = platform.be_otherwise()
    platform.show_at_a_sign_in()
    return f"{victim.name}; {said}"


def everything_at_one_moment(
    stack: Stack, broken: Breaking, platform: ChangingPlatform, rng: random.Random
) -> str:
    """All processes end and begin anew while the broker is away, guesses of hooks come, and the platform is
    otherwise: none of them has another that still knows.
    """
    with broken(), guesses(stack):
        for victim in (stack.worker, stack.web, stack.beat):
            victim.kill()
        said = platform.be_otherwise()
        for victim in (stack.worker, stack.web, stack.beat):
            victim.start()
        time.sleep(rng.uniform(0, AWAY))
    platform.show_at_a_sign_in()
    return f"all of it at one moment; {said}"


def wait_for_work(stack: Stack, platform: ChangingPlatform) -> None:
    before = calls_of(stack)

    def goes_on() -> bool:
        platform.do_what_is_asked()
        return calls_of(stack) > before

    wait_until(goes_on, "work to go on after a kill", patience=180)


def wait_for_the_end(stack: Stack, platform: ChangingPlatform, what: str) -> None:
    def ends() -> bool:
        platform.do_what_is_asked()
        return is_over(stack)

    try:
        wait_until(ends, what, patience=SIZE.patience, pause=3)
    except AssertionError:
        print(f"left: {invariants.what_is_left(stack)}")
        raise


def calls_of(stack: Stack) -> int:
    return int(stack.sandbox.ledger(limit=1)["summary"]["calls"])


def is_over(stack: Stack) -> bool:
    return (
        not invariants.outbox_of(stack).left
        and invariants.import_of(stack)["state"] == "done"
        and bool(stack.ask(invariants.ALL_CAMPAIGNS_SENT))
        and not any(each["state"] == "waiting" for each in stack.sandbox.state(only="callbacks")["callbacks"])
        and not stack.ask(invariants.HOOKS_LEFT)
    )


def tell(stack: Stack) -> None:
    """The figures of this run, for whoever runs it with -s."""
    summary = stack.sandbox.ledger(limit=1)["summary"]
    met = Counter({each["do"]: each["fired"] for each in stack.sandbox.get("/_faults")["faults"]})
    print(f"{SIZE}\ncalls {summary}\nfaults met {met.total()}: {dict(met)}")
    print(f"the dashboard found {stack.ask(invariants.QUIRKS)}")


def check_campaign(stack: Stack, readers: list[Row]) -> None:
    """Everybody's phone has it once; planned = accepted + failed + skipped + uncertain, here all accepted."""
    texts = (
        (one["address"], one["text"])
        for message in stack.sandbox.state(only="messages")["messages"]
        for one in message["recipients"]
        if message["operation"] == "SendMessage"
    )
    wanted = {(row.phone, inbox_workload.NEWS.replace("$(firstName)", row.first_name)): 1 for row in readers}
    assert Counter(texts) == wanted
    [told] = stack.ask(invariants.CAMPAIGNS)
    assert told.pop("calls") >= -(-len(readers) // SIZE.batch)  # more where the platform takes smaller ones
    assert told.pop("accepted") + told.pop("delivered") == len(readers)
    assert told == {"state": "sent", "waiting": 0, "failed": 0, "skipped": 0, "uncertain": 0, "unknown": 0}


def check_conversations(stack: Stack, writers: list[InboundMessage], *, answered: bool) -> None:
    """Each question is in its thread once, and each phone has its answer once, where one could be given."""
    threads = inbox_workload.threads(stack)
    assert sorted(threads) == sorted(writer.phone for writer in writers)
    for writer in writers:
        (direction, message_id), *answers = sorted(threads[writer.phone])
        assert direction == "in"
        assert not answered or message_id == writer.message_id
        assert [(way, state in {"sent", "delivered"}) for way, state in answers] == [("out", True)] * answered
    messages = stack.sandbox.state(only="messages")["messages"]
    got = Counter(
        (one["address"], one["text"])
        for message in messages
        for one in message["recipients"]
        if message["operation"] == "SendReplyMessage"
    )
    wanted = {(each.phone, inbox_workload.ANSWER.format(phone=each.phone)): 1 for each in writers}
    assert got == (wanted if answered else {})
