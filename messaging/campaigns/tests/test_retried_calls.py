"""Failed calls of campaigns that an admin tries again under Settings: as on the campaign's page."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from gateway.models import Operation
from gateway.outbox import CannotRetry, QueuedCall, retry
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState, ResendRequest
from messaging.campaigns.tests.conftest import make_scheduled, refuse
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_last_look import claimed
from tests.factories import make_contact
from tests.people import client_of

pytestmark = pytest.mark.django_db
OF_ALL = {"kind": "campaign.sms"}


@pytest.fixture
def first_of_two(group, connected, mikko, settings) -> Campaign:
    """One call of it was refused, two wait; and three of another campaign."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for number in range(3):
        make_contact(group, first_name=f"Matti{number}")
    first, other = make_scheduled(group, mikko), make_scheduled(group, mikko)
    for campaign in (first, other):
        sending.send_now(campaign.pk)
    refuse(claimed(connected))
    return now_of(first)


def waiting() -> list[int]:
    return list(Operation.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))


def test_all_that_are_tried_again_leave_after_what_waits_already(first_of_two, aino):
    """Others were promised their hour."""
    before = waiting()

    client_of(aino).post(reverse("gateway:retry_failed"), OF_ALL)

    assert waiting()[:-1] == before
    assert Operation.objects.get(pk=waiting()[-1]).batch == first_of_two.batch


def test_one_that_was_over_goes_on_so_that_it_can_be_paused(sending_now, connected, aino):
    refuse(claimed(connected))
    assert now_of(sending_now).state == CampaignState.SENT

    client_of(aino).post(reverse("gateway:retry_failed"), OF_ALL)

    assert now_of(sending_now).state == CampaignState.SENDING
    assert pausing.pause(now_of(sending_now), by=aino)
    assert claimed(connected) is None


def test_so_does_one_of_which_a_single_call_is_tried_again(sending_now, connected, aino):
    refuse(claimed(connected))
    failed = Operation.objects.get(state="failed")

    client_of(aino).post(reverse("gateway:retry", args=[failed.pk]))

    assert now_of(sending_now).state == CampaignState.SENDING
    assert set(sending_now.recipients.filter(batch=1).values_list("state", flat=True)) == {"planned"}
    lifecycle.cancel(now_of(sending_now), by=aino)
    assert set(sending_now.recipients.values_list("state", flat=True)) == {"skipped"}


@pytest.fixture
def of_many(sending_now, connected, kahvila, liisa) -> Campaign:
    """Refused, to more people than one may send to alone."""
    refuse(claimed(connected))
    CampaignRules.objects.create(customer=kahvila, approved_above=1)
    return now_of(sending_now)


def test_of_many_people_a_second_person_is_asked_there_too(of_many, aino):
    page = client_of(aino).post(reverse("gateway:retry_failed"), OF_ALL, follow=True)

    assert "a second person is asked first" in page.content.decode()
    assert ResendRequest.objects.standing().get().people == 2
    assert not Operation.objects.exclude(state="failed").exists()


def test_a_single_call_to_many_is_left_to_its_campaigns_page(of_many, aino):
    failed = Operation.objects.get()

    page = client_of(aino).post(reverse("gateway:retry", args=[failed.pk]), follow=True)

    assert "a second person approves it" in page.content.decode()
    assert Operation.objects.get().state == "failed"
    assert not AuditEvent.objects.filter(verb="operation.retried").exists()


def test_nothing_of_a_cancelled_campaign_is_tried_again(of_many, aino):
    Campaign.objects.update(state=CampaignState.CANCELLED)

    client_of(aino).post(reverse("gateway:retry_failed"), OF_ALL)
    with pytest.raises(CannotRetry):
        retry(QueuedCall(Operation.objects.get()), by=aino)

    assert Operation.objects.get().state == "failed"
