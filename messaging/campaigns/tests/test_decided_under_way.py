"""Of a campaign under way, each thing that may happen at the moment at which another does.

However the two come out, nothing leaves that somebody has stopped, and in the end each person has got it once
or has one reason why not.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.people import user_admin
from contacts.models import Contact
from gateway import outbox
from gateway.models import Connection, ConnectionState, Operation
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, resending, sending
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import UNDER_WAY, Campaign, CampaignState, RecipientState
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, refuse
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_last_look import claimed, numbers
from messaging.campaigns.tests.test_two_at_once import both, seven, small
from tests.factories import suppress

__all__ = ["seven", "small"]
pytestmark = pytest.mark.django_db(transaction=True)
STOPS, IS_DELETED = 5, 6  # of the seven people, by their places
REFUSED = "a refused call"


class Course:
    """Seven calls of one person: the first was taken, the second was refused, the others wait."""

    def __init__(self, campaign: Campaign, connection: Connection, by: User, admin: User, phones: list[str]):
        self.campaign, self.connection, self.by, self.admin = campaign, connection, by, admin
        self.phones = phones
        self.reached: Counter[str] = Counter()
        self.call()
        refuse(claimed(connection), REFUSED)

    @property
    def now(self) -> Campaign:
        return now_of(self.campaign)

    def call(self) -> bool:
        """SmartDialog takes the next one, if one may leave."""
        call = claimed(self.connection)
        if call is None:
            return False
        if call.batch == self.campaign.batch:
            self.reached.update(numbers(call))
            answer(call)
        else:
            Operation.objects.filter(pk=call.pk).update(state="done")
        return True

    @property
    def verbs(self) -> dict[str, Callable[[], Any]]:
        return {
            "pause": lambda: pausing.pause(self.now, by=self.by),
            "go on": lambda: pausing.resume(self.now, by=self.by),
            "cancel": lambda: lifecycle.cancel(self.now, by=self.by),
            "retry": lambda: lifecycle.retry_failed(self.now, by=self.by) > 0,
            "call": self.call,
            "tick": sending.advance_campaigns,
            "stop": lambda: suppress(self.now.customer, phone=self.phones[STOPS]),
            "delete": lambda: Contact.objects.filter(phone=self.phones[IS_DELETED]).delete(),
            "deactivate": lambda: user_admin.set_active(self.by, active=False, by=self.admin),
        }

    def finish(self) -> None:
        Connection.objects.update(state=ConnectionState.ACTIVE)
        for _ in range(40):
            pausing.resume(self.now, by=self.by)
            sending.advance_campaigns()
            if not self.call() and self.now.state not in UNDER_WAY:
                return
        raise AssertionError("it never ends")

    def judge(self) -> None:
        for each in self.campaign.recipients.all():
            number = self.reached[each.phone]
            assert number == (each.state == RecipientState.ACCEPTED), (each.phone, each.state)
            left = [self.phones[place] for place in (STOPS, IS_DELETED)]
            stopped = self.now.state == CampaignState.CANCELLED or each.phone in left
            assert each.state != RecipientState.SKIPPED or stopped
            assert each.state != RecipientState.FAILED or REFUSED in each.reason
            assert each.state in ("accepted", "skipped", "failed")


@pytest.fixture
def course(group, seven, connected, mikko, aino) -> Course:
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    return Course(campaign, connected, mikko, aino, seven)


PAIRS = [
    *(("pause", other) for other in ("cancel", "retry", "call", "tick", "deactivate")),
    *(("go on", other) for other in ("cancel", "retry", "call", "deactivate")),
    *(("cancel", other) for other in ("retry", "call", "tick", "deactivate")),
    *(("call", other) for other in ("retry", "stop", "delete", "deactivate")),
    ("tick", "stop"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_of_one_under_way_two_things_at_once_lose_nobody_and_reach_nobody_twice(course, one, other):
    if "go on" in (one, other):
        pausing.pause(course.now, by=course.by)

    both(course.verbs[one], course.verbs[other])

    if course.now.is_paused or course.now.state == CampaignState.CANCELLED:
        assert not course.call()
    course.finish()
    course.judge()
    assert not outbox.is_underway(batch=course.campaign.batch)


@pytest.mark.parametrize("again", ["retry", "resend"])
@pytest.mark.parametrize("other", ["stop", "tick", "pause"])
def test_of_one_that_is_over_sent_again_as_another_thing_happens_it_is_the_same(course, again, other):
    course.finish()
    verbs = {
        **course.verbs,
        "resend": lambda: resending.resend(course.now, [Missed.FAILED], by=course.by) > 0,
    }
    assert course.now.state == CampaignState.SENT

    both(verbs[again], verbs[other])

    course.finish()
    course.judge()
    live = [call for call in calls_of(course.campaign) if call.state not in ("cancelled", "failed")]
    assert set(Counter(phone for call in live for phone in numbers(call)).values()) == {1}
