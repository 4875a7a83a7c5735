"""A call that names its time is refused: for the time, or for one of its people; only proof is believed."""

from datetime import timedelta

import pytest

from gateway import clock
from gateway.models import Operation
from gateway.smartdialog import quirks
from messaging.campaigns.dispatch import calls, sending, splitting
from messaging.campaigns.models import Campaign, RecipientState
from messaging.campaigns.tests.conftest import answer, make_scheduled
from messaging.campaigns.tests.test_splitting import phones, refuse, waiting
from tests.factories import make_contact

MINUTES, PEOPLE, SIZE = 30, 40, 20


@pytest.fixture
def early(group, connected, mikko, settings) -> Campaign:
    """Of 40 people in calls of 20 that name their time, which leave half an hour before it."""
    settings.SMARTDIALOG_BATCH_SIZE = SIZE
    for _ in range(PEOPLE):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko, send_at=clock.now() + timedelta(minutes=MINUTES))
    Campaign.objects.filter(pk=campaign.pk).update(
        begins_at=clock.now(), carries_time=True, calls=PEOPLE // SIZE
    )
    sending.advance_campaigns()
    campaign.refresh_from_db()
    assert all(call.payload["message"]["send_at"] for call in waiting(campaign))
    return campaign


def answer_all(campaign: Campaign, is_taken) -> list[Operation]:
    """What waits, and is named or due by now, is taken or refused; returns what was refused."""
    refused = []
    for _ in range(400):
        sending.advance_campaigns()
        at = Campaign.objects.get(pk=campaign.pk).send_at
        due = [call for call in waiting(campaign) if call.payload["message"]["send_at"] or at <= clock.now()]
        if not due:
            return refused
        if is_taken(due[0]):
            answer(due[0])
        else:
            refuse(due[0])
            refused.append(due[0])
    raise AssertionError("it never ends")


def test_one_bad_number_costs_the_others_neither_their_hour_nor_the_customer_a_lead(early, later):
    bad = phones(waiting(early)[1])[7]

    answer_all(early, lambda call: bad not in phones(call))

    assert Campaign.objects.get(pk=early.pk).carries_time
    assert early.recipients.filter(state=RecipientState.ACCEPTED).count() == PEOPLE - 1
    later(MINUTES * 60 + 1)
    answer_all(early, lambda call: bad not in phones(call))
    assert quirks.of(early.customer).send_lead == 0
    assert early.recipients.get(phone=bad).state == RecipientState.FAILED


def test_a_time_that_is_refused_for_all_waits_for_the_hour_and_is_learned_when_that_is_taken(early, later):
    refused = answer_all(early, lambda call: not call.payload["message"]["send_at"])

    campaign = Campaign.objects.get(pk=early.pk)
    assert not campaign.carries_time
    assert len(refused) <= 6 * splitting.FRUITLESS
    assert set(early.recipients.values_list("state", flat=True)) == {RecipientState.PLANNED}
    assert quirks.of(early.customer).send_lead == 0

    later(MINUTES * 60 + 1)
    assert not answer_all(early, lambda call: not call.payload["message"]["send_at"])
    assert set(early.recipients.values_list("state", flat=True)) == {RecipientState.ACCEPTED}
    assert 2 * MINUTES * 60 - 60 <= quirks.of(early.customer).send_lead <= 2 * MINUTES * 60


def test_what_is_refused_with_the_time_and_without_teaches_no_lead(early, later):
    answer_all(early, lambda call: False)
    later(MINUTES * 60 + 1)
    answer_all(early, lambda call: False)

    assert quirks.of(early.customer).send_lead == 0
    assert set(early.recipients.values_list("state", flat=True)) == {RecipientState.FAILED}


def test_many_bad_numbers_of_a_campaign_with_a_time_fail_alone(early, later):
    everybody = sorted(early.recipients.values_list("phone", flat=True))
    bad = set(everybody[::5])

    for _ in range(2):
        answer_all(early, lambda call: bad.isdisjoint(phones(call)))
        later(MINUTES * 60 + 1)

    failed = early.recipients.filter(state=RecipientState.FAILED).values_list("phone", flat=True)
    assert set(failed) == bad
    assert early.recipients.filter(state=RecipientState.ACCEPTED).count() == PEOPLE - len(bad)
    assert calls.HALF_OF in {name for call in Operation.objects.all() for name in call.payload}
    assert quirks.of(early.customer).send_lead == 0
