"""kill -9 of the worker in the middle of everything it does; the sandbox's own log is the judge."""

import random
import time
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.faults import invariants, workloads
from tests.faults.stack import Stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(400)]

KILLS, FEWER_KILLS = 10, 6
CONTACTS = 200  # more than fit into a window
RENUMBERED = 20  # two calls for each
RECIPIENTS = 80  # of an SMS and of a WhatsApp message, two in a call
# Answers come late by up to this, so that many a kill finds a call that was taken and not yet recorded.
LATE = {"do": "hold_after_accept", "ms": 0, "jitter": 400}
FORMER_NUMBERS = """
from contacts.models import Contact
answer = Contact.objects.exclude(former_phone="").count()
"""
MAX_WAIT = 0.5  # seconds from a call's arrival to the kill


def test_ten_kills_during_an_import_leave_every_contact_at_the_platform_once(stack, rng):
    mikko = workloads.sign_in(stack)
    rows = workloads.make_rows(CONTACTS)
    workloads.start_import(stack, mikko, rows)

    kill_while_it_works(stack, rng, "CreateGroupContact")
    wait_until_settled(stack)
    # The next tick after the last call says so.
    wait_until(lambda: invariants.import_of(stack)["state"] != "syncing", "the import to end", pause=1)

    invariants.check_import(stack, workloads.GROUP, rows)
    invariants.check_calls(stack, kills=KILLS, limit=stack.limit)


def test_ten_kills_during_two_sends_leave_everybody_with_each_message_once(stack, rng):
    workloads.sign_in(stack)
    rows = workloads.make_rows(RECIPIENTS)
    workloads.add_contacts(stack, rows)
    workloads.add_template(stack)
    workloads.send_campaigns(stack, rows)

    kill_while_it_works(stack, rng, "SendMessage", "SendWhatsappTemplateMessage")
    wait_until_settled(stack)

    invariants.check_campaigns(stack, rows, [workloads.SMS, workloads.WHATSAPP])
    invariants.check_calls(stack, kills=KILLS, limit=stack.limit)


def test_kills_while_numbers_change_leave_everybody_by_the_new_number_alone(stack, rng):
    mikko = workloads.sign_in(stack)
    rows = workloads.make_rows(RENUMBERED)
    workloads.start_import(stack, mikko, rows)
    wait_until(lambda: invariants.import_of(stack)["state"] == "done", "everybody to be there", pause=1)
    renumbered = [replace(row, phone=row.phone.replace("+35840", "+35850")) for row in rows]
    workloads.change_numbers(stack, {row.phone: new.phone for row, new in zip(rows, renumbered, strict=True)})

    kill_while_it_works(stack, rng, "CreateGroupContact", "DeleteGroupContact", kills=FEWER_KILLS)
    wait_until_settled(stack)

    invariants.check_import(stack, workloads.GROUP, renumbered)
    assert stack.ask(FORMER_NUMBERS) == 0
    invariants.check_calls(stack, kills=FEWER_KILLS, limit=stack.limit)


def kill_while_it_works(stack: Stack, rng: random.Random, *operations: str, kills: int = KILLS) -> None:
    """Each kill at a random moment after one more call has arrived. At least one must catch a call."""
    stack.sandbox.post("/_faults", {"faults": [LATE], "seed": rng.randrange(10**6)}).raise_for_status()
    caught, settled = 0, 0
    for number in range(1, kills + 1):
        before = calls_of(stack, operations)
        wait_until(lambda before=before: calls_of(stack, operations) > before, f"work before kill {number}")
        moment = rng.uniform(0, MAX_WAIT)
        time.sleep(moment)
        stack.worker.kill()
        outbox = invariants.outbox_of(stack)
        stack.worker.start()
        print(f"kill {number:2}: {moment:.3f} s after call {before + 1}; {outbox}")
        assert outbox.settled >= settled, "progress went back"
        caught, settled = caught + outbox.inflight, outbox.settled
        if not outbox.left:
            assert number > kills // 2, f"it was over before kill {number}"
            break
    stack.sandbox.post("/_faults", []).raise_for_status()
    assert caught, "no kill caught a call: they prove nothing"


def wait_until_settled(stack: Stack) -> None:
    wait_until(
        lambda: not invariants.outbox_of(stack).left, "the last call to be settled", patience=180, pause=2
    )


def calls_of(stack: Stack, operations: Iterable[str]) -> int:
    counts = stack.sandbox.ledger(limit=1)["summary"]["by_operation"]
    return sum(counts.get(operation, 0) for operation in operations)
