"""A campaign over real HTTP: composed on the page, taken by the sandbox, reported as delivered."""

import time
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from gateway import clock, outbox
from gateway.hooks.processing import process_due
from gateway.models import Lane, Service
from gateway.outbox import draining
from gateway.outbox.draining import drain
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState
from tests.factories import make_contact
from tests.integration.conftest import Browser
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

PATIENCE = 20  # seconds for the sandbox to report
SLOW = {"op": "SendMessage", "do": "slow", "when": "always", "ms": 1500}


@pytest.fixture
def group(mikko_signed_in: User) -> Service:
    group = Service.objects.groups().get(name="Jäsenet")
    make_contact(group, phone="+358401230001", first_name="Maija")
    make_contact(group, phone="+358401230002", first_name="$(lastName)")
    make_contact(group, phone="+358401230003", first_name="")
    return group


def send(browser: Browser, group: Service) -> Campaign:
    """As a person does: look at what it comes to, then press the button that says so."""
    form = {
        "uuid": str(uuid4()),
        "channel": "sms",
        "group": group.pk,
        "service": Service.objects.filter(customer=group.customer).one_way().first().pk,
        "sender": "Kahvila",
        "content": "Hei $(firstName), kahvi 1 e",
        "when": "now",
    }
    seen = browser.client.post("/campaigns/new/", form).context["summary"]
    agreed = {"expected": seen.expected, "without": seen.left_out_count}
    browser.client.post("/campaigns/new/", form | agreed | {"action": "send"})
    campaign = Campaign.objects.get()
    sending.send_now(campaign.pk)
    return campaign


def reports_of(sandbox: Sandbox, *, number: int, of: str = "") -> list[str]:
    """The addresses that the sandbox calls to report, once there are as many.

    `of`: what is in those that count: an earlier test may still be told of its own.
    """
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        callbacks: list[dict[str, Any]] = sandbox.state(only="callbacks")["callbacks"]
        found = [each["url"] for each in callbacks if of in each["url"]]
        if len(found) >= number:
            return found
        time.sleep(0.1)
    raise AssertionError(f"fewer than {number} reports after {PATIENCE} s")


def test_a_campaign_is_accepted_and_then_delivered_with_each_name_filled(
    browser, sandbox, mikko_signed_in, group
):
    campaign = send(browser, group)

    drain(mikko_signed_in.connection.pk)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENT
    assert states(campaign) == ["accepted", "accepted", "skipped"]
    texts = [each["text"] for message in sandbox.state()["messages"] for each in message["recipients"]]
    assert sorted(texts) == ["Hei $(lastName), kahvi 1 e", "Hei Maija, kahvi 1 e"]

    for url in reports_of(sandbox, number=2):
        parts = urlsplit(url)
        assert Client().get(f"{parts.path}?{parts.query}").status_code == 200
    process_due()
    assert states(campaign) == ["delivered", "delivered", "skipped"]


@pytest.mark.parametrize("spelling", ["digits", "zeros"])
def test_an_answer_that_spells_numbers_in_another_way_is_of_the_same_people(
    browser, sandbox, mikko_signed_in, group, spelling
):
    sandbox.post("/_switches", {"answered_addresses": spelling}).raise_for_status()
    campaign = send(browser, group)

    drain(mikko_signed_in.connection.pk)

    assert states(campaign) == ["accepted", "accepted", "skipped"]
    assert campaign.recipients.exclude(remote_id="").count() == 2


def test_the_same_calls_made_again_reach_nobody_twice(browser, sandbox, mikko_signed_in, group):
    campaign = send(browser, group)
    drain(mikko_signed_in.connection.pk)
    mikko_signed_in.connection.operations.filter(batch=campaign.batch).update(state="waiting")

    drain(mikko_signed_in.connection.pk)

    assert sum(len(message["recipients"]) for message in sandbox.state()["messages"]) == 2
    assert states(campaign) == ["accepted", "accepted", "skipped"]


def states(campaign: Campaign) -> list[str]:
    return sorted(campaign.recipients.values_list("state", flat=True))


def test_the_time_left_of_a_slow_send_comes_true(
    browser, sandbox, mikko_signed_in, group, settings, monkeypatch
):
    """Each call takes a second and a half here, one after the other; the limit would allow it 0.6."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for number in range(10, 23):
        make_contact(group, phone=f"+3584012300{number}", first_name="Matti")
    sandbox.post("/_faults", [SLOW]).raise_for_status()
    monkeypatch.setattr(draining, "MAX_TURN", 1.0)  # a turn for each call
    campaign = send(browser, group)
    connection, told = mikko_signed_in.connection, []

    while again_at := drain(connection.pk):
        if outbox.progress_of(campaign.batch).done == 6:
            left = outbox.seconds_left(connection, campaign.batch, lane=Lane.CAMPAIGN)
            told.append((time.monotonic(), left))
        time.sleep(max(0.0, (again_at - clock.now()).total_seconds()))

    at, seconds = told[0]
    assert time.monotonic() - at == pytest.approx(seconds, rel=0.2)
