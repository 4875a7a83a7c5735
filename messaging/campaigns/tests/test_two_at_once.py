"""Two decide at the same moment, each on a connection of their own, or one and a worker: one of them counts.

However it comes out, nothing leaves that somebody has stopped, and nobody is in two calls.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from gateway.models import Operation
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import approval, lifecycle
from messaging.campaigns.approval import CannotApprove
from messaging.campaigns.dispatch import pausing, resending, sending, stages, taking_back
from messaging.campaigns.dispatch.resending import Missed, StillUnderWay
from messaging.campaigns.dispatch.stages import RestDecided
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import UNDER_WAY, Campaign, CampaignRules, CampaignState
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, refuse
from messaging.campaigns.tests.stages import advance, now_of
from messaging.campaigns.tests.test_last_look import claimed, numbers
from messaging.campaigns.tests.test_opting_out_meanwhile import at_once
from tests.factories import make_connection, make_contact

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(3)
DECIDED = (CampaignChanged, CannotApprove, RestDecided, StillUnderWay, NotConnected)


@pytest.fixture(autouse=True)
def small(settings, monkeypatch) -> None:
    settings.SMARTDIALOG_BATCH_SIZE = 1
    monkeypatch.setattr(sending, "AT_ONCE", 2)


@pytest.fixture
def seven(group, service, connected) -> list[str]:
    return [make_contact(group, first_name=f"Matti{n}").phone for n in range(7)]


def tried(what: Callable[[], Any], came_to: list[bool]) -> None:
    try:
        came_to.append(what() is not False)
    except DECIDED:
        came_to.append(False)


def both(*works: Callable[[], Any]) -> list[bool]:
    """Whether each was the one that counted, in no order."""
    came_to: list[bool] = []
    at_once(*(partial(tried, work, came_to) for work in works))
    return came_to


def waiting(campaign: Campaign) -> list[Operation]:
    return [call for call in calls_of(campaign) if call.state == "waiting"]


def called(campaign: Campaign) -> Counter[str]:
    """By calls that were not given up."""
    live = [call for call in calls_of(campaign) if call.state not in ("cancelled", "failed")]
    return Counter(phone for call in live for phone in numbers(call))


@pytest.mark.parametrize("_", ROUNDS)
def test_paused_as_it_is_planned_nothing_waits_to_leave_and_going_on_everybody_has_one_call(
    group, seven, mikko, _
):
    campaign = make_scheduled(group, mikko)
    sending.begin(campaign)

    work = partial(sending.enqueue_batches, campaign.pk)
    both(lambda: pausing.pause(now_of(campaign), by=mikko), work, work)

    assert (now_of(campaign).is_paused, waiting(campaign)) == (True, [])
    pausing.resume(now_of(campaign), by=mikko)
    sending.advance_campaigns()
    assert called(campaign) == Counter(seven)
    assert len(waiting(campaign)) == len(seven)


@pytest.mark.parametrize("_", ROUNDS)
def test_cancelled_as_it_is_planned_nothing_is_left_to_leave(group, seven, mikko, _):
    campaign = make_scheduled(group, mikko)
    sending.begin(campaign)

    work = partial(sending.enqueue_batches, campaign.pk)
    both(lambda: lifecycle.cancel(now_of(campaign), by=mikko), work, work)

    sending.advance_campaigns()
    assert (now_of(campaign).state, waiting(campaign)) == (CampaignState.CANCELLED, [])
    assert set(campaign.recipients.values_list("state", flat=True)) <= {"skipped"}


@pytest.mark.parametrize("_", ROUNDS)
@pytest.mark.parametrize("how", ["edited", "taken back", "cancelled"])
def test_changed_as_it_begins_it_goes_out_or_is_changed(group, seven, mikko, how, _):
    campaign = make_scheduled(group, mikko)
    revision = now_of(campaign).revision
    verbs: dict[str, Callable[[], Any]] = {
        "edited": lambda: lifecycle.edit(
            now_of(campaign), revision=revision, fields={"content": "Hei hei"}, by=mikko
        ),
        "taken back": lambda: taking_back.take_back(now_of(campaign), by=mikko),
        "cancelled": lambda: lifecycle.cancel(now_of(campaign), by=mikko),
    }

    both(verbs[how], partial(sending.advance_campaigns))

    sending.advance_campaigns()
    found = now_of(campaign)
    if found.state in UNDER_WAY:
        assert called(campaign) == Counter(seven)
        assert {call.payload["message"]["content"] for call in calls_of(campaign)} == {campaign.content}
    else:
        assert waiting(campaign) == []
        assert not campaign.recipients.filter(state="planned").exists()


@pytest.mark.parametrize("_", ROUNDS)
@pytest.mark.parametrize("how", ["approved", "edited", "cancelled", "refused"])
def test_approved_as_another_decides_one_of_the_two_counts(group, seven, kahvila, mikko, liisa, aino, how, _):
    CampaignRules.objects.create(customer=kahvila, approved_above=1)
    make_connection(aino)
    campaign = make_scheduled(group, mikko)
    seen = now_of(campaign)
    verbs: dict[str, Callable[[], Any]] = {
        "approved": lambda: approval.approve(now_of(campaign), revision=seen.revision, by=aino),
        "edited": lambda: lifecycle.edit(
            now_of(campaign), revision=seen.revision, fields={"content": "Hei hei"}, by=mikko
        ),
        "cancelled": lambda: lifecycle.cancel(now_of(campaign), by=mikko),
        "refused": lambda: approval.refuse(now_of(campaign), revision=seen.revision, words="", by=aino),
    }

    came_to = both(verbs[how], lambda: approval.approve(now_of(campaign), revision=seen.revision, by=liisa))

    found = now_of(campaign)
    if how == "cancelled":  # also of what was approved a moment before
        assert found.state == CampaignState.CANCELLED
    else:
        assert came_to.count(True) == 1
        assert (found.state == CampaignState.SCHEDULED) == bool(found.approved_by)
    assert found.content == campaign.content or found.state == CampaignState.DRAFT


@pytest.mark.parametrize("_", ROUNDS)
@pytest.mark.parametrize("other", ["resend", "retry"])
def test_sent_again_by_two_at_once_everybody_has_one_call(group, seven, mikko, aino, other, _):
    make_connection(aino)
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    for call in calls_of(campaign):
        refuse(call)
    assert now_of(campaign).state == CampaignState.SENT
    again = {
        "resend": lambda: resending.resend(now_of(campaign), [Missed.FAILED], by=aino),
        "retry": lambda: lifecycle.retry_failed(now_of(campaign), by=aino) > 0,
    }

    came_to = both(again[other], lambda: resending.resend(now_of(campaign), [Missed.FAILED], by=mikko))

    sending.advance_campaigns()
    assert came_to.count(True) == 1
    assert called(campaign) == Counter(seven)


@pytest.mark.parametrize("_", ROUNDS)
def test_refused_calls_that_two_try_again_are_each_made_once(group, seven, mikko, aino, _):
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    for call in calls_of(campaign):
        refuse(call)

    both(*(partial(lifecycle.retry_failed, now_of(campaign), by=each) for each in (mikko, aino)))

    assert called(campaign) == Counter(seven)
    assert len(waiting(campaign)) == len(seven)
    assert now_of(campaign).state == CampaignState.SENDING


@pytest.mark.parametrize("_", ROUNDS)
@pytest.mark.parametrize("other", ["another text", "stop", "by the clock"])
def test_of_two_who_decide_about_the_rest_one_does(group, twenty, connected, mikko, aino, other, _):
    make_connection(aino)
    texts = {"content": "Hei", "more_texts": [further("Moi!")], "first_if_unclear": True}
    campaign = make_scheduled(group, mikko, **texts, first_share=50, wait_minutes=60)
    advance(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(rest_due_at=now_of(campaign).first_done_at)
    verbs: dict[str, Callable[[], Any]] = {
        "another text": lambda: stages.begin_rest(now_of(campaign), winner=1, by=aino),
        "stop": lambda: stages.stop_here(now_of(campaign), by=aino),
        "by the clock": lambda: stages.go_on_when_due(now_of(campaign)),
    }

    both(verbs[other], lambda: stages.begin_rest(now_of(campaign), winner=0, by=mikko))

    sending.advance_campaigns()
    rest = campaign.recipients.filter(stage=1)
    assert len(set(rest.values_list("wording", "state"))) == 1
    assert set(called(campaign).values()) == {1}
    assert len(called(campaign)) == 10 if rest.filter(state="skipped").exists() else 20


def further(content: str) -> dict[str, Any]:
    return {"content": content, "fallbacks": {}, "template": None, "parameters": []}


@pytest.mark.parametrize("_", ROUNDS)
def test_of_two_campaigns_at_one_hour_each_person_gets_one_where_marketing_rests(
    group, seven, connected, mikko, settings, _
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 600_000
    campaigns = [make_scheduled(group, mikko, rest_days=1) for _ in range(2)]
    for each in campaigns:
        sending.begin(each)

    both(*(partial(sending.enqueue_batches, each.pk) for each in campaigns))

    reached: Counter[str] = Counter()
    for _ in range(6 * len(seven)):  # some are looked at in vain
        sending.advance_campaigns()
        if call := claimed(connected):
            reached.update(numbers(call))
            answer(call)
    assert reached == Counter(seven)
    assert {now_of(each).state for each in campaigns} == {CampaignState.SENT}
