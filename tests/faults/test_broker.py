"""F20 and F21: the broker away, its messages damaged. It carries wake-ups, and nothing else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from smartdialog_admin.tests.test_broker import DAMAGE
from tests.faults import invariants, workloads
from tests.faults.broker_faults import (
    broker_folder,
    missing_broker_folder,
    stack_with_a_broker_that_breaks,
)
from tests.faults.stack import Stack, running_stack, wait_until
from tests.faults.web_client import WebClient

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(240)]

USUAL = 3.0  # seconds for a page that wakes a worker, with nobody to hear it
FOUND = 10.0  # seconds until a worker has found by itself what no wake-up told of
SWEPT = 60.0  # seconds until all is as before


@pytest.mark.parametrize("silently", [False, pytest.param(True, marks=pytest.mark.only_on("postgresql"))])
def test_with_the_broker_away_pages_answer_and_workers_do_its_work_by_themselves(tmp_path, silently):
    """Or with one that takes all that is sent, and answers nothing."""
    with stack_with_a_broker_that_breaks(tmp_path, silently=silently) as (stack, broken):
        mikko = workloads.sign_in(stack)
        *meanwhile, after = workloads.make_rows(4)
        with broken():
            for count, row in enumerate(meanwhile, start=1):
                began = time.monotonic()
                assert write_in_the_form(stack, mikko, row) < USUAL
                assert not is_well(stack, "broker")
                wait_until(lambda: len(at_the_platform(stack)) == count, "a worker's look", patience=FOUND)  # noqa: B023
                print(f"called after {time.monotonic() - began:.1f} s")
        wait_until(lambda: is_well(stack, "broker"), "the broker to be seen again", patience=FOUND)

        write_in_the_form(stack, mikko, after)
        wait_until(lambda: len(at_the_platform(stack)) == 4, "work to go on as usual", patience=SWEPT)
        assert {one["created_count"] for one in invariants.contacts_at(stack, workloads.GROUP)} == {1}


def test_three_workers_outlive_every_damaged_message_and_a_folder_that_goes_away(tmp_path):
    with running_stack(tmp_path, CELERY_BROKER_URL="filesystem://") as stack, two_more(stack) as workers:
        mikko = workloads.sign_in(stack)
        rows = workloads.make_rows(len(DAMAGE) + 1)
        for number, (damage, row) in enumerate(zip(DAMAGE, rows, strict=False)):
            (broker_folder(stack) / f"{number:020d}-damaged.celery.msg").write_bytes(damage)
            write_in_the_form(stack, mikko, row)
        wait_until(lambda: len(at_the_platform(stack)) == len(DAMAGE), "each to be carried all the same")
        assert len(list((broker_folder(stack) / "damaged").iterdir())) == len(DAMAGE)

        with missing_broker_folder(stack):
            write_in_the_form(stack, mikko, rows[-1])
            assert not is_well(stack, "broker")
            wait_until(lambda: len(at_the_platform(stack)) == len(rows), "a worker's look", patience=FOUND)
        wait_until(lambda: is_well(stack, "broker"), "the broker to be seen again", patience=FOUND)
        assert [worker.is_alive for worker in workers] == [True] * 3
        assert {one["created_count"] for one in invariants.contacts_at(stack, workloads.GROUP)} == {1}


@contextmanager
def two_more(stack: Stack) -> Iterator[list[ChildProcess]]:
    """Workers, with the one that the stack has."""
    more = [
        ChildProcess(
            f"worker-{n}",
            *processes.CELERY,
            *processes.WORKER,
            *processes.ALONE,
            "-n",
            f"{n}@%h",
            logs=stack.logs,
            environment=stack.environment,
        )
        for n in (2, 3)
    ]
    for worker in more:
        worker.start()
    try:
        yield [stack.worker, *more]
    finally:
        for worker in more:
            worker.kill()


def write_in_the_form(stack: Stack, web_client: WebClient, row: workloads.Row) -> float:
    """As a person adds a contact; how many seconds the page took to answer."""
    path = f"/contacts/{stack.pk_of('gateway.models', 'Service', name=workloads.GROUP)}/new/"
    form = {"phone": row.phone, "first_name": row.first_name, "last_name": row.last_name, "active": "on"}
    began = time.monotonic()
    web_client.post(path, form)
    return time.monotonic() - began


def is_well(stack: Stack, part: str) -> bool:
    return bool(requests.get(f"{stack.url}/healthz", timeout=10).json()["parts"][part])


def at_the_platform(stack: Stack) -> list[str]:
    return [one["phone"] for one in invariants.contacts_at(stack, workloads.GROUP)]
