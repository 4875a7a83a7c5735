"""Whatever happens while a campaign is under way, each person gets it once, or has one reason why not."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource
from gateway import clock, outbox
from gateway.models import Connection, Operation, OperationState, Service
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.rate_limit import ledger
from gateway.smartdialog import quirks
from gateway.smartdialog.errors import Refused
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, planner, sending
from messaging.campaigns.models import UNDER_WAY, Campaign, RecipientState
from messaging.campaigns.tests.conftest import answer, make_scheduled
from messaging.campaigns.tests.test_last_look import MAYBE_TAKEN, NOT_TAKEN, claimed, numbers, tried
from tests.factories import make_contact

PEOPLE, SIZE = 14, 4
IN_DOUBT = "lost"
STEPS = st.one_of(
    st.sampled_from(["take", "take", IN_DOUBT, *NOT_TAKEN, "advance", "pause", "resume", "try again"]),
    st.tuples(st.just("opt out"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("later"), st.sampled_from([1, 14, 16, 50])),  # minutes
)


class Run:
    """A campaign under way, a SmartDialog that remembers RequestIds, and what must hold at each step."""

    def __init__(
        self, group: Service, connection: Connection, by: User, bad: set[int], ahead: int, **fields: Any
    ) -> None:
        self.ahead = timedelta()
        self.connection, self.by = connection, by
        self.phones = [make_contact(group, first_name=f"Matti{n % 3}").phone for n in range(PEOPLE)]
        self.bad = {self.phones[index] for index in bad}
        self.stopped: set[str] = set()
        self.taken: dict[str, list[str]] = {}  # by RequestId
        send_at = self.now() + timedelta(minutes=ahead) if ahead else None
        self.campaign = make_scheduled(group, by, send_at=send_at, **fields)
        due = {"begins_at": self.now(), "carries_time": bool(ahead), "calls": PEOPLE}
        Campaign.objects.filter(pk=self.campaign.pk).update(**due)
        quirks.has_taken(self.campaign.customer, SIZE)  # what is refused is no matter of size

    def now(self):
        return timezone.now() + self.ahead

    def count(self) -> Counter[str]:
        return Counter(phone for phones in self.taken.values() for phone in phones)

    def step(self, what) -> None:
        name, value = what if isinstance(what, tuple) else (what, None)
        campaign = Campaign.objects.get(pk=self.campaign.pk)
        verbs: dict[str, Callable[[], object]] = {
            "advance": sending.advance_campaigns,
            "pause": lambda: pausing.pause(campaign, by=self.by),
            "resume": lambda: pausing.resume(campaign, by=self.by),
            "try again": lambda: lifecycle.retry_failed(campaign, by=self.by),
            "opt out": lambda: self.opt_out(self.phones[value or 0]),
            "later": lambda: self.later(value),
        }
        verbs.get(name, lambda: self.call(name))()

    def later(self, minutes: int) -> None:
        self.ahead += timedelta(minutes=minutes)

    def opt_out(self, phone: str) -> None:
        self.stopped.add(phone)
        opt_out(self.campaign.customer, phone, Evidence(ConsentSource.MESSAGE))

    def call(self, outcome: str) -> bool:
        """Whether one left."""
        operation = claimed(self.connection)
        if operation is None:
            return False
        if not self.is_ours(operation):  # that somebody has opted out
            Operation.objects.filter(pk=operation.pk).update(state=OperationState.DONE)
            return True
        self.check(operation)
        if outcome in NOT_TAKEN:
            tried(operation, **NOT_TAKEN[outcome])
        else:
            self.reach(operation, is_lost=outcome == IN_DOUBT)
        return True

    def is_ours(self, operation: Operation) -> bool:
        return operation.batch == self.campaign.batch

    def check(self, operation: Operation) -> None:
        assert not Campaign.objects.get(pk=self.campaign.pk).is_paused
        assert len(numbers(operation)) <= SIZE
        if not operation.possibly_accepted:
            assert self.stopped.isdisjoint(numbers(operation))
            assert not self.is_near(operation)

    def is_near(self, operation: Operation) -> bool:
        send_at = self.campaign.send_at
        named = bool(operation.payload["message"]["send_at"])
        return named and not planner.may_be_named(send_at, now=self.now())

    def reach(self, operation: Operation, *, is_lost: bool) -> None:
        is_known, phones = operation.request_id in self.taken, numbers(operation)
        if not is_known and self.is_refused(operation):
            self.refuse(operation)
            return
        self.taken.setdefault(operation.request_id, phones)
        if is_lost:
            tried(operation, **MAYBE_TAKEN)
        else:
            ledger.record_answer(operation.calls.latest("pk"), status=200)
            answer(operation)

    def is_refused(self, operation: Operation) -> bool:
        return not self.bad.isdisjoint(numbers(operation)) or self.is_near(operation)

    def refuse(self, operation: Operation) -> None:
        """A refusal of what may have been taken before proves nothing."""
        state = OperationState.UNKNOWN if operation.possibly_accepted else OperationState.FAILED
        Operation.objects.filter(pk=operation.pk).update(state=state)
        operation.refresh_from_db()
        if operation.possibly_accepted:
            handler_of(operation).uncertain(QueuedCall(operation))
        else:
            handler_of(operation).refused(QueuedCall(operation), Refused("", status=400))

    def finish(self) -> None:
        for _ in range(20 * PEOPLE):
            self.step("resume")
            self.step("advance")
            if not self.call("take"):
                if not Campaign.objects.filter(pk=self.campaign.pk, state__in=UNDER_WAY).exists():
                    return
                self.later(20)
        raise AssertionError("it never ends")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=30,
    derandomize=True,  # times of a busy machine would shift what a seed means
    deadline=None,
    phases=(Phase.generate,),
)
@given(
    steps=st.lists(STEPS, max_size=25),
    bad=st.sets(st.integers(0, PEOPLE - 1), max_size=2),
    ahead=st.sampled_from([0, 45]),
)
def test_each_person_gets_it_once_or_has_one_reason(group, connected, mikko, steps, bad, ahead):
    size, much = {"SMARTDIALOG_BATCH_SIZE": SIZE}, {"SMARTDIALOG_CALLS_PER_MINUTE": 600_000}
    with transaction.atomic(), override_settings(**size, **much):
        run = Run(group, connected, mikko, bad, ahead)
        with mock.patch.object(clock, "now", run.now):
            for step in ["advance", *steps]:
                run.step(step)
                assert set(run.count().values()) <= {1}
            run.finish()
        assert set(run.count().values()) <= {1}
        states = dict(run.campaign.recipients.values_list("phone", "state"))
        assert set(states) == set(run.phones)
        expected = {
            RecipientState.ACCEPTED: {1},
            RecipientState.SKIPPED: {0},
            RecipientState.FAILED: {0},
            RecipientState.UNCERTAIN: {0, 1},
        }
        for phone, state in states.items():
            assert run.count()[phone] in expected[state], (phone, state)
            assert state != RecipientState.FAILED or phone in run.bad
            assert state != RecipientState.SKIPPED or phone in run.stopped
        assert not outbox.is_underway(batch=run.campaign.batch)
        transaction.set_rollback(True)
