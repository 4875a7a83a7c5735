"""Two are put on the schedule at the same moment: each is promised what the other leaves free."""

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from gateway import clock
from gateway.outbox import seconds_for
from messaging.campaigns import approval, lifecycle
from messaging.campaigns.dispatch import schedule
from messaging.campaigns.lifecycle import HourTaken
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState
from messaging.campaigns.tests.conftest import make_campaign, post
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_opting_out_meanwhile import at_once
from messaging.campaigns.tests.test_schedule import scheduled
from messaging.campaigns.views import compose
from messaging.campaigns.views.compose_page import ComposePage
from tests.factories import make_connection, make_contact

CALLS = 257


@pytest.fixture
def plans_meet(monkeypatch):
    """Each waits, with its plan made, for the other to make one; for a second, as it may not come to that."""
    made, plan = threading.Barrier(2), schedule.plan

    def planned(*args: Any, **fields: Any) -> schedule.Plan:
        found = plan(*args, **fields)
        with suppress(threading.BrokenBarrierError):
            made.wait(1)
        return found

    monkeypatch.setattr(lifecycle.planned, "plan", planned)


def put(campaign: Campaign, by: Any, came_to: list[bool], **seen: Any) -> None:
    """On the schedule, as if it had so many calls; whether it was."""
    try:
        lifecycle.schedule(campaign, revision=campaign.revision, people=2, calls=CALLS, by=by, **seen)
        came_to.append(True)
    except HourTaken:
        came_to.append(False)


def in_minutes(minutes: float) -> dict[str, Any]:
    return {"send_at": clock.now() + timedelta(minutes=minutes), "zone": "Europe/Helsinki"}


@pytest.mark.django_db(transaction=True)
def test_of_two_scheduled_at_once_for_one_hour_each_has_its_own_time_for_its_calls(
    group, people, connected, mikko, plans_meet
):
    both = [make_campaign(group, mikko, **in_minutes(60)) for _ in range(2)]

    at_once(*(partial(put, each, mikko, []) for each in both))

    first, second = sorted(now_of(each).begins_at for each in both)
    assert second - first >= timedelta(seconds=seconds_for(CALLS) - 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counts", ["connection", "customer", "client"])
def test_where_only_one_of_two_can_leave_by_its_time_only_one_is_promised_it(
    group, people, connected, mikko, liisa, settings, counts, plans_meet
):
    settings.SMARTDIALOG_LIMIT_COUNTS = counts
    make_connection(liisa)
    authors = [mikko, mikko if counts == "connection" else liisa]
    both = [make_campaign(group, by, **in_minutes(8.5)) for by in authors]
    came_to: list[bool] = []

    at_once(
        *(partial(put, each, by, came_to, keeps_time=True) for each, by in zip(both, authors, strict=True))
    )

    assert sorted(came_to) == [False, True]
    assert sorted(now_of(each).state for each in both) == [CampaignState.DRAFT, CampaignState.SCHEDULED]


@pytest.mark.django_db(transaction=True)
def test_approved_as_another_is_scheduled_only_one_is_promised_the_hour(
    group, people, connected, mikko, liisa, kahvila, plans_meet
):
    rules = CampaignRules.objects.create(customer=kahvila, approved_above=1)
    asked, other = (make_campaign(group, mikko, **in_minutes(8.5)) for _ in range(2))
    lifecycle.schedule(asked, revision=asked.revision, people=2, calls=CALLS, by=mikko)
    rules.delete()
    came_to: list[bool] = []

    def approve() -> None:
        try:
            approval.approve(now_of(asked), revision=now_of(asked).revision, by=liisa, keeps_time=True)
            came_to.append(True)
        except HourTaken:
            came_to.append(False)

    at_once(approve, partial(put, now_of(other), mikko, came_to, keeps_time=True))

    assert came_to.count(True) <= 1
    assert {now_of(asked).state, now_of(other).state} != {CampaignState.SCHEDULED}


@pytest.mark.django_db
def test_an_hour_that_was_taken_since_the_page_was_made_is_said_before_it_is_scheduled(
    filled, group, people, connected, mikko, settings
):
    settings.SMARTDIALOG_BATCH_SIZE, settings.SMARTDIALOG_CALLS_PER_MINUTE = 1, 2
    for _ in range(4):
        make_contact(group, first_name="Aino")
    at = (clock.now() + timedelta(minutes=10)).replace(second=0, microsecond=0)
    when = {"when": "later", "date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", "zone": "UTC"}
    seen = post(mikko, filled, **when).context["summary"]
    assert seen.keeps_time
    agreed = {"action": "send", "expected": seen.expected, "without": seen.left_out_count}
    scheduled(group, mikko, minutes=9.5, calls=6, name="Kevät")

    refused = post(mikko, filled, **when, **agreed)

    assert refused.status_code == 422
    assert "It cannot all leave by that time" in refused.content.decode()
    assert Campaign.objects.exclude(name="Kevät").count() == 0
    again = refused.context["summary"].expected
    assert post(mikko, filled, **when, **agreed | {"expected": again}).status_code == 302


@pytest.mark.django_db
def test_an_hour_that_is_taken_as_it_is_scheduled_is_said_on_the_page(
    filled, group, people, connected, mikko, monkeypatch, settings
):
    """Between what the page comes to and the transaction that keeps it."""
    settings.SMARTDIALOG_BATCH_SIZE, settings.SMARTDIALOG_CALLS_PER_MINUTE = 1, 2
    for _ in range(4):
        make_contact(group, first_name="Aino")
    at = (clock.now() + timedelta(minutes=10)).replace(second=0, microsecond=0)
    when = {"when": "later", "date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", "zone": "UTC"}
    seen = post(mikko, filled, **when).context["summary"]
    agreed = {"action": "send", "expected": seen.expected, "without": seen.left_out_count}
    schedules = compose._scheduled

    def after_another(page: ComposePage) -> Campaign:
        scheduled(group, mikko, minutes=9.5, calls=6, name="Kevät")
        return schedules(page)

    monkeypatch.setattr(compose, "_scheduled", after_another)
    refused = post(mikko, filled, **when, **agreed)

    assert refused.status_code == 409
    assert HourTaken.text in refused.content.decode()
    assert not refused.context["summary"].keeps_time


@pytest.mark.django_db
def test_who_approves_as_the_hour_is_taken_is_asked_once_more(
    group, people, connected, rules, mikko, liisa, client, monkeypatch
):
    asked = make_campaign(group, mikko, **in_minutes(8.5))
    lifecycle.schedule(asked, revision=asked.revision, people=2, calls=CALLS, by=mikko)
    asked = now_of(asked)
    approves = approval.approve

    def after_another(campaign: Campaign, **fields: Any) -> None:
        rules.delete()
        scheduled(group, mikko, minutes=8.5, calls=CALLS, name="Kevät")
        approves(campaign, **fields)

    monkeypatch.setattr(approval, "approve", after_another)
    client.force_login(liisa)
    address = reverse("campaigns:approval", args=[asked.pk])
    page = client.post(address, {"action": "approve", "revision": asked.revision})

    assert page.status_code == 422
    assert "It cannot all leave by its time any more" in page.content.decode()
    assert now_of(asked).state == CampaignState.AWAITING
