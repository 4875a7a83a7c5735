"""Campaigns whose calls are written a few ahead, side by side and by two sign-ins, whatever happens between.

Nobody twice, nobody lost, nobody who said no, was erased or is there no more; each in its turn.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from accounts.models import User
from contacts.erasure import erasing
from contacts.models import Contact
from gateway import clock, outbox
from gateway.models import Connection, ConnectionState, Operation, Service
from gateway.sign_in.connections import NotConnected
from gateway.smartdialog import quirks
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import next_calls, pausing, resending, sending, stages
from messaging.campaigns.dispatch.resending import Missed, StillUnderWay
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignState, RecipientState
from messaging.campaigns.outcome.delivery_stats import stats_of
from messaging.campaigns.tests.conftest import make_scheduled, make_template
from messaging.campaigns.tests.test_last_look import NOT_TAKEN, numbers
from messaging.campaigns.tests.test_promise import IN_DOUBT, Run
from tests.factories import make_connection, make_contact

PEOPLE, AHEAD = 5, 2  # AHEAD: calls, and how many may be made in a minute
OUTCOMES = ["take", "take", "take", IN_DOUBT, *NOT_TAKEN]
DECISIONS = ["pause", "resume", "cancel", "resend", "try again", "own task"]
CHANGES = ["opt out", "erase", "deactivate", "delete", "move"]
STEPS = st.one_of(
    st.tuples(st.sampled_from(OUTCOMES), st.integers(0, 1)),
    st.just(("advance", 0)),
    st.tuples(st.sampled_from(DECISIONS), st.integers(0, 2)),
    st.tuples(st.sampled_from(CHANGES), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("later"), st.sampled_from([1, 14, 16, 50])),  # minutes
    st.tuples(st.just("reconnect"), st.integers(0, 1)),
    st.tuples(st.just("limit"), st.just(1)),
)
UNDER_WAY = [CampaignState.SCHEDULED, CampaignState.PLANNING, CampaignState.SENDING]


class AheadRun(Run):
    """Three campaigns to the same people: one for now and one for later by one sign-in, one by another.

    `lead`: minutes by which SmartDialog wants a time to be ahead, of which we know nothing.
    """

    def __init__(self, group: Service, by: User, other: User, bad: set[int], lead: int, **own: Any) -> None:
        self.began, self.ahead, self.lead = timezone.now(), timedelta(), timedelta(minutes=lead)
        self.by, self.people, self.size = by, {}, settings.SMARTDIALOG_BATCH_SIZE
        self.phones = [make_contact(group, first_name=f"Matti{n % 3}").phone for n in range(PEOPLE)]
        self.contacts = list(Contact.objects.filter(group=group).order_by("pk").values_list("pk", flat=True))
        self.bad = {self.phones[index] for index in bad}
        self.stopped, self.taken, self.named = set(), {}, set()
        quirks.has_taken(group.customer, 2)
        template = make_template(group.customer, body="Hei {{1}}")
        words = {"template": template, "parameters": [{"field": "firstName", "fallback": "sinä"}]}
        soon = self.now() + timedelta(minutes=40)
        self.campaigns = [
            make_scheduled(group, by, **own),
            make_scheduled(group, by, channel="whatsapp", content="", send_at=soon, **words),
            make_scheduled(group, other),
        ]
        self.connections = [by.connection, other.connection]
        Campaign.objects.update(calls=4 * PEOPLE)
        early = Campaign.objects.filter(pk=self.campaigns[1].pk)
        early.update(begins_at=self.now(), carries_time=True)
        self.campaign = self.campaigns[0]

    def now(self) -> datetime:
        return self.began + self.ahead

    def step(self, what: Any) -> None:
        name, value = what
        last = Operation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.verbs(value).get(name, lambda: self.made(name, value))()
        if name in ("advance", "own task"):
            self.assert_in_turn(last)
        self.look()

    def verbs(self, value: int) -> dict[str, Callable[[], object]]:
        campaign = Campaign.objects.get(pk=self.campaigns[value % 3].pk)
        person = value % PEOPLE
        return {
            "advance": sending.advance_campaigns,
            "own task": lambda: sending.send_now(campaign.pk),
            "pause": lambda: pausing.pause(campaign, by=self.by),
            "resume": lambda: pausing.resume(campaign, by=self.by),
            "cancel": lambda: tried_to(lambda: lifecycle.cancel(campaign, by=self.by)),
            "resend": lambda: tried_to(
                lambda: resending.resend(campaign, [Missed.REST, Missed.FAILED], by=campaign.connection.user)
            ),
            "try again": lambda: lifecycle.retry_failed(campaign, by=self.by),
            "later": lambda: self.later(value),
            "limit": lambda: quirks.learn(campaign.customer, recipients_limit=1),
            "reconnect": lambda: self.reconnect(self.connections[value % 2]),
            "opt out": lambda: self.opt_out(self.phones[person]),
            "erase": lambda: self.leave(
                person, lambda: erasing.erase([campaign.customer], self.phones[person], by=self.by)
            ),
            "deactivate": lambda: self.leave(person, lambda: self.contact(person).update(active=False)),
            "delete": lambda: self.leave(person, lambda: self.contact(person).delete()),
            "move": lambda: self.leave(
                person, lambda: self.contact(person).update(phone=f"+35845000000{person}")
            ),
        }

    def contact(self, person: int) -> Any:
        return Contact.objects.filter(pk=self.contacts[person])

    def leave(self, person: int, verb: Callable[[], object]) -> None:
        self.look()
        self.stopped.add(self.phones[person])
        verb()

    def reconnect(self, connection: Connection) -> None:
        connection.refresh_from_db()
        is_active = connection.state == ConnectionState.ACTIVE
        state = ConnectionState.RECONNECT if is_active else ConnectionState.ACTIVE
        Connection.objects.filter(pk=connection.pk).update(state=state)
        connection.refresh_from_db()

    def made(self, outcome: str, value: int) -> bool:
        """The next call of one of the two sign-ins."""
        self.ahead += timedelta(seconds=60 / AHEAD + 1)
        self.connection = self.connections[value]
        self.connection.refresh_from_db()
        return self.connection.is_active and self.call(outcome)

    def is_refused(self, operation: Operation) -> bool:
        named = operation.payload["message"]["send_at"]
        is_too_near = bool(named) and datetime.fromisoformat(named) < self.now() + self.lead
        return is_too_near or super().is_refused(operation)

    def is_ours(self, operation: Operation) -> bool:
        found = [each for each in self.campaigns if each.batch == operation.batch]
        self.campaign = Campaign.objects.get(pk=found[0].pk) if found else self.campaign
        return bool(found)

    def check(self, operation: Operation) -> None:
        super().check(operation)
        self.named |= {(operation.batch, phone) for phone in numbers(operation)}

    def look(self) -> None:
        """Nobody has any of them twice, and counts add up, while part of the calls is unwritten."""
        for campaign in map(self.as_it_is, self.campaigns):
            assert set(self.had(campaign).values()) <= {1}
            found = dict(campaign.recipients.values_list("pk", "phone"))
            self.people |= {key: phone for key, phone in found.items() if not phone.startswith("erased")}
            assert stats_of(campaign).total == len(found)
            if campaign.state == CampaignState.PLANNING and campaign.listed_at:
                uncalled = campaign.recipients.uncalled().to_come(campaign.stage)
                assert uncalled.count() <= campaign.calls_to_come * self.size

    def assert_in_turn(self, last: int) -> None:
        """Whose calls were written now has nobody before it who still has some to write."""
        new = Operation.objects.filter(pk__gt=last, batch__startswith="campaign:")
        batches = set(new.values_list("batch", flat=True))
        for campaign in map(self.as_it_is, self.campaigns):
            if campaign.batch in batches:
                for each in campaign.planned_before():
                    goes_on = each.moved_at > self.now() - timedelta(minutes=15)
                    assert not (goes_on and next_calls.numbering.of_no_call_yet(each).exists()), each

    def as_it_is(self, campaign: Campaign) -> Campaign:
        return Campaign.objects.select_related("customer", "connection").get(pk=campaign.pk)

    def had(self, campaign: Campaign) -> Counter[str]:
        own = (phones for name, phones in self.taken.items() if name.startswith(str(campaign.uuid)))
        return Counter(phone for phones in own for phone in phones)

    def finish(self) -> None:
        Connection.objects.update(state=ConnectionState.ACTIVE)
        for _ in range(20 * PEOPLE):
            for campaign in Campaign.objects.under_way().exclude(paused_at=None):
                pausing.resume(campaign, by=self.by)
            for campaign in Campaign.objects.to_decide_on_rest():
                stages.begin_rest(campaign, winner=0, by=campaign.connection.user)
            self.step(("advance", 0))
            if not [0 for number in (0, 1, 0, 1, 0) if self.made("take", number)]:
                if not Campaign.objects.filter(state__in=UNDER_WAY).exists():
                    return
                self.later(20)
        raise AssertionError("it never ends")

    def judge(self, campaign: Campaign) -> None:
        """Who has it and who has not is as SmartDialog has them; whoever was left out has a reason."""
        if campaign.state == CampaignState.HELD:
            assert not campaign.recipients.exists()
            return
        had, is_cancelled = self.had(campaign), campaign.state == CampaignState.CANCELLED
        listed = {self.people[each.pk] for each in campaign.recipients.all()}
        assert is_cancelled or set(self.phones) - listed <= self.stopped
        for each in campaign.recipients.all():
            phone = self.people[each.pk]
            if not each.phone.startswith("erased"):
                assert had[phone] in EXPECTED[RecipientState(each.state)], (phone, each.state)
                is_named = (campaign.batch, phone) in self.named
                assert is_named or each.state == RecipientState.SKIPPED, (phone, each.state)
            assert each.state != RecipientState.FAILED or phone in self.bad
            left_out = is_cancelled or phone in self.stopped
            assert each.state != RecipientState.SKIPPED or left_out, (phone, each.reason)


EXPECTED = {
    RecipientState.ACCEPTED: {1},
    RecipientState.SKIPPED: {0},
    RecipientState.FAILED: {0},
    RecipientState.UNCERTAIN: {0, 1},
}


def tried_to(verb: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            verb()
    except (CampaignChanged, StillUnderWay, NotConnected):
        pass


@examples(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=6,
    derandomize=True,  # times of a busy machine would shift what a seed means
    deadline=None,
    phases=(Phase.generate,),
)
@given(
    steps=st.lists(STEPS, max_size=30),
    bad=st.sampled_from([set(), {0}, {0, 3}, {1}]),
    at_once=st.sampled_from([2, 4, 10_000]),
    share=st.sampled_from([None, None, 40]),
    size=st.sampled_from([1, 1, 2]),
    lead=st.sampled_from([0, 60]),
)
def test_written_ahead_each_person_gets_each_once_or_has_one_reason(
    group, connected, mikko, aino, steps, bad, at_once, share, size, lead
):
    limits = {"SMARTDIALOG_BATCH_SIZE": size, "SMARTDIALOG_CALLS_PER_MINUTE": AHEAD}
    with transaction.atomic(), override_settings(**limits):
        make_connection(aino)
        stages_of = {"first_share": share, "wait_minutes": 15 if share else None}
        run = AheadRun(group, mikko, aino, bad, lead, **stages_of)
        with (
            mock.patch.object(clock, "now", run.now),
            mock.patch.object(next_calls, "MINUTES_AHEAD", 1),
            mock.patch.object(sending, "AT_ONCE", at_once),
        ):
            for step in [("advance", 0), *steps]:
                run.step(step)
            run.finish()
            for campaign in map(run.as_it_is, run.campaigns):
                run.judge(campaign)
                assert not outbox.is_underway(batch=campaign.batch)
        transaction.set_rollback(True)
