"""F19: no beat, three at once, and one that keeps dying. Intervals are five seconds."""

import time

import pytest

from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from tests.faults import oracle, work
from tests.faults.stack import Stack, wait_until
from tests.faults.waiting import waiting

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(300)]

NO_BEAT = 12.0  # seconds: two intervals, and no call in them
BACK = 60.0  # seconds after the beat is back
CAMPAIGNS = 2  # each nudges once as it begins, as each sweep does
DRAIN = "gateway.tasks.drain"
BEGUN = """
from accounts.models import AuditEvent
answer = AuditEvent.objects.filter(verb="campaign.begun").count()
"""


def test_f19_without_a_beat_nothing_is_lost_and_three_do_all_once_and_so_does_one_that_dies(stack):
    work.sign_in(stack)
    *others, last = work.make_rows(6)
    work.add_contacts(stack, others)
    work.add_template(stack)
    stack.beat.kill()
    work.send_campaigns(stack, others, nudge=False)
    time.sleep(NO_BEAT)
    assert stack.sandbox.ledger()["summary"]["by_operation"].get("SendMessage", 0) == 0

    beats = [beat(stack, number) for number in range(3)]
    for each in beats:
        each.start()
    most = 0
    began = time.monotonic()
    while not stack.ask(oracle.ENDED):
        assert time.monotonic() - began < BACK, "due work was not done"
        most = max(most, waiting(stack).count(DRAIN))
    assert most <= len(beats) + CAMPAIGNS, "nudges pile up"
    assert stack.ask(BEGUN) == CAMPAIGNS
    oracle.check_campaigns(stack, others, [work.SMS, work.WHATSAPP])
    for each in beats:
        each.kill()

    stack.beat.start()
    for row in (last, *work.make_rows(2, prefix="+35844")):
        work.write_contact(stack, row, nudge=False)
        wait_until(
            lambda phone=row.phone: phone in {one["phone"] for one in oracle.contacts_at(stack, work.GROUP)},
            "the sweep of a beat that was killed before",
            patience=BACK,
        )
        stack.beat.kill()
        stack.beat.start()
    assert {one["created_count"] for one in oracle.contacts_at(stack, work.GROUP)} == {1}
    assert waiting(stack).count(DRAIN) <= 1


def beat(stack: Stack, number: int) -> ChildProcess:
    """As on another host: with a schedule file of its own."""
    file = str(stack.logs.parent / f"schedule-{number}")
    command = (*processes.CELERY, "beat", "--loglevel", "WARNING", "-s", file)
    return ChildProcess(f"beat-{number}", *command, logs=stack.logs, environment=stack.environment)
