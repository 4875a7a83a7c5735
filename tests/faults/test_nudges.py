"""Every message of the broker lost: the database is the truth, and the sweep finds what it says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import oracle, work
from tests.faults.stack import Stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(200)]


def test_f20_work_whose_every_nudge_is_lost_is_done_all_the_same(stack):
    work.sign_in(stack)
    first, *others = rows = work.make_rows(6)
    stack.beat.kill()

    with lost_nudges(stack):
        work.write_contact(stack, first)
    stack.run_task("gateway.tasks.sweep")
    wait_until(lambda: len(oracle.contacts_at(stack, work.GROUP)) == 1, "the contact to arrive")

    work.add_contacts(stack, others)
    work.add_template(stack)
    with lost_nudges(stack):
        work.send_campaigns(stack, rows)
    stack.run_task("messaging.campaigns.tasks.advance_campaigns")
    wait_until(lambda: stack.ask(oracle.ENDED), "both campaigns to be sent", pause=1)
    oracle.check_campaigns(stack, rows, [work.SMS, work.WHATSAPP])


@contextmanager
def lost_nudges(stack: Stack) -> Iterator[None]:
    """While no worker runs; what the broker holds when one starts again is gone."""
    stack.worker.kill()
    yield
    stack.lose_messages()
    stack.worker.start()
