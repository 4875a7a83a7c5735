"""Every message of the broker lost, and no beat: the worker finds the work in the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import invariants, workloads
from tests.faults.stack import Stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(200)]


def test_work_whose_every_wake_up_is_lost_is_done_all_the_same(stack):
    workloads.sign_in(stack)
    first, *others = rows = workloads.make_rows(6)
    stack.beat.kill()

    with lost_wake_ups(stack):
        workloads.write_contact(stack, first)
    wait_until(lambda: len(invariants.contacts_at(stack, workloads.GROUP)) == 1, "the contact to arrive")

    workloads.add_contacts(stack, others)
    workloads.add_template(stack)
    with lost_wake_ups(stack):
        workloads.send_campaigns(stack, rows)
    wait_until(lambda: stack.ask(invariants.ALL_CAMPAIGNS_SENT), "both campaigns to be sent", pause=1)
    invariants.check_campaigns(stack, rows, [workloads.SMS, workloads.WHATSAPP])


@contextmanager
def lost_wake_ups(stack: Stack) -> Iterator[None]:
    """While no worker runs; what the broker holds when one starts again is gone."""
    stack.worker.kill()
    yield
    stack.purge_broker()
    stack.worker.start()
