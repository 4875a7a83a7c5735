"""What a STOP came too late for is told on the record of consent, wherever that is shown."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts.consent import record
from contacts.consent.opt_outs import Evidence, opt_out
from contacts.models import ConsentSource
from gateway import clock
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled
from messaging.campaigns.tests.test_last_look import MAYBE_TAKEN, claimed, tried
from tests.people import client_of

pytestmark = pytest.mark.django_db
MAIJA = "+358400000001"


def stop(campaign: Campaign) -> None:
    opt_out(campaign.customer, MAIJA, Evidence(ConsentSource.MESSAGE, words="STOP"))


def told(campaign: Campaign) -> dict[str, str]:
    entries = record.entries(record.of_number(campaign.customer, MAIJA))
    return {each.text: each.note for each in entries if each.text != "Opted out"}


@pytest.fixture
def early(group, people, connected, mikko) -> Campaign:
    """Its call names a time in half an hour."""
    send_at = clock.now() + timedelta(minutes=30)
    campaign = make_scheduled(group, mikko, send_at=send_at, name="Kevät")
    Campaign.objects.filter(pk=campaign.pk).update(begins_at=clock.now(), carries_time=True)
    sending.advance_campaigns()
    return Campaign.objects.get(pk=campaign.pk)


def test_what_smartdialog_took_early_may_still_come(early, later, mikko):
    [call] = calls_of(early)
    answer(call)
    stop(early)

    [(text, note)] = told(early).items()
    assert text == "May still get Kevät"
    assert "SmartDialog had taken it before, and sends it" in note
    contact = reverse("contacts:contact", args=[early.recipients.get(phone=MAIJA).contact_id])
    assert "May still get Kevät" in client_of(mikko).get(contact).content.decode()

    later(3600)
    assert list(told(early)) == ["Opted out too late for Kevät"]


def test_a_call_that_may_have_been_taken_may_still_come(sending_now, connected):
    Campaign.objects.update(name="Kevät")
    tried(claimed(connected), **MAYBE_TAKEN)
    stop(sending_now)

    assert told(sending_now) == {
        "May still get Kevät": "SmartDialog may have taken it before, and has not answered yet."
    }


def test_what_waits_here_does_not_come_and_is_not_told_of(early, connected):
    stop(early)
    assert told(early) == {}

    claimed(connected)
    assert early.recipients.get(phone=MAIJA).state == "skipped"
    assert told(early) == {}


def test_what_came_before_the_opt_out_is_not_told_of(sending_now):
    [call] = calls_of(sending_now)
    answer(call)
    stop(sending_now)

    assert told(sending_now) == {}
