"""Calls changed before they leave, and groups of calls held and released as one."""

import pytest

from gateway import outbox
from gateway.models import Lane, Operation, OperationState
from gateway.outbox import NewBytes, Rebuilt
from gateway.outbox.claiming import Claim, claim_next, due_operations
from gateway.workers import leases
from tests.factories import make_operation

pytestmark = pytest.mark.django_db

BATCH = "campaign:1"


@pytest.fixture
def queued(connection):
    """Makes a call of the batch."""

    def make(**fields) -> Operation:
        return make_operation(
            connection, **({"batch": BATCH, "payload": {"text": "old"}, "request_id": "old"} | fields)
        )

    return make


def renewed(call) -> NewBytes:
    return NewBytes({**call.payload, "text": "new"}, request_id=f"new-{call.id}")


def bytes_of(operation: Operation) -> tuple[str, str]:
    operation.refresh_from_db()
    return operation.payload["text"], operation.request_id


def test_calls_that_were_never_tried_take_new_bytes_and_a_new_key(queued):
    waiting, held = queued(), queued(state=OperationState.HELD)
    other = queued(batch="campaign:2")

    assert outbox.rebuild(renewed, batch=BATCH) == Rebuilt(rebuilt=2)

    assert bytes_of(waiting) == ("new", f"new-{waiting.pk}")
    assert bytes_of(held) == ("new", f"new-{held.pk}")
    assert (held.state, bytes_of(other)) == (OperationState.HELD, ("old", "old"))


def test_a_tried_call_keeps_its_bytes_and_is_counted(queued):
    tried = queued(attempts=1, possibly_accepted=True)
    in_flight = queued(attempts=1, state=OperationState.INFLIGHT)
    done = queued(attempts=1, state=OperationState.DONE)

    assert outbox.rebuild(renewed, batch=BATCH) == Rebuilt(kept=2)

    assert {bytes_of(each) for each in (tried, in_flight, done)} == {("old", "old")}


def test_calls_without_a_successor_are_dropped(queued):
    kept, dropped = queued(payload={"text": "old", "to": "Aino"}), queued(payload={"text": "old", "to": ""})

    told = outbox.rebuild(lambda call: renewed(call) if call.payload["to"] else None, batch=BATCH)

    dropped.refresh_from_db()
    assert told == Rebuilt(rebuilt=1, dropped=1)
    assert (bytes_of(kept)[0], dropped.state) == ("new", OperationState.CANCELLED)
    assert dropped.settled_at is not None


def test_a_fault_while_rebuilding_changes_no_call(queued):
    first, second = queued(), queued()

    def broken(call):
        if call.id == second.pk:
            raise LookupError
        return renewed(call)

    with pytest.raises(LookupError):
        outbox.rebuild(broken, batch=BATCH)

    assert bytes_of(first) == bytes_of(second) == ("old", "old")


def test_a_claim_made_meanwhile_keeps_the_old_bytes(queued):
    operation = queued()

    def claimed_meanwhile(call):
        Operation.objects.filter(pk=call.id).update(state=OperationState.INFLIGHT, attempts=1)
        return renewed(call)

    assert outbox.rebuild(claimed_meanwhile, batch=BATCH) == Rebuilt(kept=1)
    assert bytes_of(operation) == ("old", "old")


def test_a_claim_that_looked_before_the_rebuild_sends_the_new_bytes(queued, connection, monkeypatch):
    queued()
    lease = leases.take_connection(connection.pk)
    renew = leases.Lease.renew

    def rebuilt_meanwhile(self) -> bool:
        outbox.rebuild(renewed, batch=BATCH)
        return renew(self)

    monkeypatch.setattr(leases.Lease, "renew", rebuilt_meanwhile)
    claim = claim_next(connection, lease)

    assert isinstance(claim, Claim)
    assert claim.operation.payload == {"text": "new"}
    assert claim.operation.request_id == f"new-{claim.operation.pk}"


def test_a_group_of_calls_is_held_and_released_as_one(queued, connection, django_assert_num_queries):
    calls = [queued(subject=f"contact:{number}", lane=Lane.BULK) for number in range(3)]
    left = queued(possibly_accepted=True)

    with django_assert_num_queries(1):
        assert outbox.hold(batch=BATCH) == 3
    assert list(due_operations(connection)) == [left]

    assert outbox.release(batch=BATCH) == 3
    assert list(due_operations(connection)) == [left, *calls]


def test_a_held_call_keeps_its_place_before_later_ones_of_its_subject(queued, connection, mikko):
    queued(subject="contact:1", state=OperationState.HELD)
    later = queued(subject="contact:1", kind="hooks.unsubscribe")

    assert not due_operations(connection).exists()
    assert outbox.cancel_held(subject="contact:1") == 1
    assert due_operations(connection).get() == later


def test_a_held_call_takes_in_a_later_edit(queued, connection):
    held = queued(subject="contact:1", state=OperationState.HELD)

    outbox.add(
        connection=connection, kind=held.kind, subject="contact:1", payload={"text": "new"}, coalesce=True
    )

    assert (bytes_of(held)[0], Operation.objects.count()) == ("new", 1)


def test_a_held_call_still_counts_as_waiting(queued):
    queued(state=OperationState.HELD)

    assert outbox.progress_of(BATCH).waiting == 1
    assert outbox.is_underway(batch=BATCH)
    assert not outbox.may_leave(batch=BATCH)


def test_calls_that_nobody_named_are_not_chosen(queued):
    for verb in (outbox.hold, outbox.release, outbox.cancel_waiting, outbox.is_underway):
        with pytest.raises(ValueError, match="name a subject"):
            verb()
        with pytest.raises(ValueError, match="name a subject"):
            verb(batch="")
