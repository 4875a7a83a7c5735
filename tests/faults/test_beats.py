"""No Celery beat, three at once, and one in a crash loop. Intervals are five seconds."""

import time

import pytest

from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from tests.faults import invariants, workloads
from tests.faults.broker_faults import queued_tasks
from tests.faults.stack import Stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(300)]

FOUND = 10.0  # seconds without a beat until a worker has found what is due by itself
BACK = 60.0  # seconds after the beat is back
CAMPAIGNS = 2  # each wakes a worker once as it begins, as each sweep does
DRAIN = "gateway.tasks.drain"
BEGUN = """
from accounts.models import AuditEvent
answer = AuditEvent.objects.filter(verb="campaign.begun").count()
"""


def test_without_a_beat_the_worker_looks_and_three_do_all_once_and_so_does_one_that_dies(stack):
    workloads.sign_in(stack)
    *others, last = workloads.make_rows(6)
    workloads.add_contacts(stack, others)
    workloads.add_template(stack)
    stack.beat.kill()
    (alone,) = workloads.make_rows(1, prefix="+35845")
    workloads.write_contact(stack, alone, wake=False)
    wait_until(lambda: is_at_the_platform(stack, alone.phone), "a worker's own look", patience=FOUND)

    others.append(alone)
    workloads.send_campaigns(stack, others, wake=False)
    beats = [beat(stack, number) for number in range(3)]
    for each in beats:
        each.start()
    most = 0
    began = time.monotonic()
    while not stack.ask(invariants.ALL_CAMPAIGNS_SENT):
        assert time.monotonic() - began < BACK, "due work was not done"
        most = max(most, queued_tasks(stack).count(DRAIN))
    assert most <= len(beats) + CAMPAIGNS, "wake-ups pile up"
    assert stack.ask(BEGUN) == CAMPAIGNS
    invariants.check_campaigns(stack, others, [workloads.SMS, workloads.WHATSAPP])
    for each in beats:
        each.kill()

    stack.beat.start()
    for row in (last, *workloads.make_rows(2, prefix="+35844")):
        workloads.write_contact(stack, row, wake=False)
        wait_until(
            lambda phone=row.phone: is_at_the_platform(stack, phone),
            "the sweep of a beat that was killed before",
            patience=BACK,
        )
        stack.beat.kill()
        stack.beat.start()
    assert {one["created_count"] for one in invariants.contacts_at(stack, workloads.GROUP)} == {1}
    assert queued_tasks(stack).count(DRAIN) <= 1


def is_at_the_platform(stack: Stack, phone: str) -> bool:
    return phone in {one["phone"] for one in invariants.contacts_at(stack, workloads.GROUP)}


def beat(stack: Stack, number: int) -> ChildProcess:
    """As on another host: with a schedule file of its own."""
    file = str(stack.logs.parent / f"schedule-{number}")
    command = (*processes.CELERY, "beat", "--loglevel", "WARNING", "-s", file)
    return ChildProcess(f"beat-{number}", *command, logs=stack.logs, environment=stack.environment)
