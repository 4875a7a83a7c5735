"""Two campaigns at one hour, one by WhatsApp, with hours and times of people's own, in stages, and a limit.

Nobody twice, nobody lost, nobody who said no, nobody outside the hours, never more calls than may be.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gateway import clock, outbox
from gateway.models import Call, Connection, Operation, Service
from gateway.smartdialog import quirks
from messaging.campaigns.dispatch import own_moments, planner, stages
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from messaging.campaigns.rules import own_times, sending_hours
from messaging.campaigns.tests.conftest import make_scheduled, make_template
from messaging.campaigns.tests.test_last_look import NOT_TAKEN, numbers
from messaging.campaigns.tests.test_promise import IN_DOUBT, SIZE, Run
from messaging.campaigns.tests.test_sending_hours import keep
from tests.factories import make_contact

LIMIT = 20  # calls in any minute
COUNTRIES = {
    "+3584000000": 6,
    "+3933312345": 2,
    "+8190123456": 2,
}  # beginnings of numbers, and how many have it
PEOPLE = sum(COUNTRIES.values())
UNDER_WAY = [CampaignState.SCHEDULED, CampaignState.PLANNING, CampaignState.SENDING]
STEPS = st.one_of(
    st.sampled_from(
        ["take", "take", "take", IN_DOUBT, *NOT_TAKEN, "advance", "pause", "resume", "try again"]
    ),
    st.tuples(st.just("opt out"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("later"), st.sampled_from([1, 14, 16, 50, 400])),  # minutes
)


class BesideRun(Run):
    """`campaigns`: to the same people; each step of a person is about the one and the other in turn."""

    def __init__(
        self, group: Service, connection: Connection, by: User, bad: set[int], ahead: int, **own: Any
    ):
        self.began, self.ahead, self.turn = timezone.now(), timedelta(), 0
        self.connection, self.by = connection, by
        people = [f"{start}{n:02}" for start, number in COUNTRIES.items() for n in range(number)]
        self.phones = [
            make_contact(group, phone=each, first_name=f"Matti{each[-1]}").phone for each in people
        ]
        self.bad = {self.phones[index] for index in bad}
        self.stopped, self.taken = set(), {}
        quirks.has_taken(group.customer, SIZE)
        template = make_template(group.customer, body="Hei {{1}}")
        words = {"template": template, "parameters": [{"field": "firstName", "fallback": "sinä"}]}
        send_at = self.now() + timedelta(minutes=ahead) if ahead else None
        times = {"send_at": send_at, "zone": "Europe/Helsinki", **own}
        self.campaigns = [
            make_scheduled(group, by, **times),
            make_scheduled(group, by, channel="whatsapp", content="", **words, **times),
        ]
        self.campaign = self.campaigns[0]
        self.idle = 60 if own.get("first_share") else 20  # minutes; a rest may wait for the next day
        Campaign.objects.update(begins_at=self.now(), carries_time=bool(ahead), calls=2 * PEOPLE)

    def now(self) -> datetime:
        """It stands still in between, however busy the machine is."""
        return self.began + self.ahead

    def step(self, what: Any) -> None:
        self.turn += 1
        self.campaign = self.campaigns[self.turn % 2]
        super().step(what)

    def call(self, outcome: str) -> bool:
        self.ahead += timedelta(seconds=60 / LIMIT + 1)
        return super().call(outcome)

    def is_ours(self, operation: Operation) -> bool:
        found = [each for each in self.campaigns if each.batch == operation.batch]
        self.campaign = Campaign.objects.get(pk=found[0].pk) if found else self.campaign
        return bool(found)

    def check(self, operation: Operation) -> None:
        super().check(operation)
        recent = Call.objects.filter(reserved_at__gt=self.now() - timedelta(seconds=60))
        assert recent.count() <= LIMIT
        if not operation.possibly_accepted:
            arrives_at = self.arrival(operation)
            assert sending_hours.opening(self.campaign, numbers(operation), at=arrives_at) == arrives_at

    def arrival(self, operation: Operation) -> datetime:
        at = own_moments.of_call(self.campaign, operation.payload)
        named = bool(operation.payload["message"]["send_at"])
        return at if named and at else self.now()

    def is_near(self, operation: Operation) -> bool:
        at = own_moments.of_call(self.campaign, operation.payload)
        named = bool(operation.payload["message"]["send_at"])
        return bool(named and at and not planner.may_be_named(at, now=self.now()))

    def finish(self) -> None:
        for _ in range(40 * PEOPLE):
            for _ in self.campaigns:
                self.step("resume")
            for campaign in Campaign.objects.to_decide_on_rest():
                stages.begin_rest(campaign, winner=0, by=self.by)
            self.step("advance")
            if not self.call("take"):
                if not Campaign.objects.filter(state__in=UNDER_WAY).exists():
                    return
                self.later(self.idle)
        raise AssertionError("it never ends")

    def judge(self, campaign: Campaign) -> None:
        """Who has it and who has not is as SmartDialog has them; whoever was left out has a reason."""
        if Campaign.objects.get(pk=campaign.pk).state == CampaignState.HELD:  # a person decides
            assert not campaign.recipients.exists()
            return
        people = {each.phone: each for each in campaign.recipients.all()}
        assert set(people) == set(self.phones)
        had = self.had(campaign)
        for phone, each in people.items():
            assert had[phone] in EXPECTED[RecipientState(each.state)], (phone, each.state)
            assert each.state != RecipientState.FAILED or phone in self.bad
            assert each.state != RecipientState.SKIPPED or self.has_reason(campaign, each)

    def had(self, campaign: Campaign) -> Counter[str]:
        own = (phones for name, phones in self.taken.items() if name.startswith(str(campaign.uuid)))
        return Counter(phone for phones in own for phone in phones)

    def has_reason(self, campaign: Campaign, recipient: Recipient) -> bool:
        if recipient.reason == own_times.PASSED:
            return campaign.own_time
        if recipient.reason == sending_hours.OUTSIDE:
            return campaign.outside_hours == "leave_out"
        return recipient.phone in self.stopped


EXPECTED = {
    RecipientState.ACCEPTED: {1},
    RecipientState.SKIPPED: {0},
    RecipientState.FAILED: {0},
    RecipientState.UNCERTAIN: {0, 1},
}


def hours_of(country: str, opens_in: int, customer: Any) -> None:
    """From so many hours on, for five of each day, in a zone where that is in the middle of a day."""
    opens = (timezone.now() + timedelta(hours=opens_in)).astimezone(UTC)
    zone = f"Etc/GMT{opens.hour - 12:+d}"
    day = [f"{opens.astimezone(ZoneInfo(zone)):%H}:00", "18:00"]
    keep(customer, country=country, zone=zone, days=[day] * 7)


EXAMPLES = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "derandomize": True,  # times of a busy machine would shift what a seed means
    "deadline": None,
    "phases": (Phase.generate,),
}
HOURS = st.dictionaries(st.sampled_from(["", "IT", "JP"]), st.sampled_from([-2, 1, 3]), max_size=2)


@settings(max_examples=10, **EXAMPLES)
@given(
    steps=st.lists(STEPS, max_size=25),
    bad=st.sets(st.integers(0, PEOPLE - 1), max_size=2),
    ahead=st.sampled_from([0, 45, 180]),
    hours=HOURS,
    outside=st.sampled_from(["wait", "leave_out"]),
    own_time=st.booleans(),
)
def test_beside_another_each_person_gets_each_once_or_has_one_reason(
    group, connected, mikko, steps, bad, ahead, hours, outside, own_time
):
    own = {"own_time": own_time and bool(ahead), "outside_hours": outside}
    runs_well((group, connected, mikko, bad, ahead), hours, steps, own)


@settings(max_examples=5, **EXAMPLES)
@given(
    steps=st.lists(STEPS, max_size=15),
    bad=st.sets(st.integers(0, PEOPLE - 1), max_size=1),
    hours=HOURS,
    wait=st.sampled_from([15, 1440]),
)
def test_at_own_times_and_in_stages_each_person_gets_each_once_or_has_one_reason(
    group, connected, mikko, steps, bad, hours, wait
):
    own = {"own_time": True, "first_share": 40, "wait_minutes": wait}
    runs_well((group, connected, mikko, bad, 180), hours, steps, own)


def runs_well(what: Any, hours: dict[str, int], steps: list[Any], own: dict[str, Any]) -> None:
    group = what[0]
    limits = {"SMARTDIALOG_BATCH_SIZE": SIZE, "SMARTDIALOG_CALLS_PER_MINUTE": LIMIT}
    with transaction.atomic(), override_settings(**limits):
        for country, opens_in in hours.items():
            hours_of(country, opens_in, group.customer)
        run = BesideRun(*what, **own)
        with mock.patch.object(clock, "now", run.now):
            for step in ["advance", *steps]:
                run.step(step)
            run.finish()
        for campaign in run.campaigns:
            run.judge(campaign)
            assert not outbox.is_underway(batch=campaign.batch)
        transaction.set_rollback(True)
