"""A refused call goes on in smaller ones: each of its people in exactly one, whatever happens beside it."""

from collections import Counter
from collections.abc import Collection

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import clock
from gateway.models import Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog import quirks
from gateway.smartdialog.errors import Refused
from gateway.smartdialog.types import Sent, SentRecipient
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending, splitting
from messaging.campaigns.models import Campaign, CampaignState, RecipientState
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, make_template
from messaging.campaigns.tests.test_delivery_reports import report
from tests.factories import make_contact

TOO_MANY = Refused("", status=400)


@pytest.fixture
def campaign(group, connected, mikko, settings) -> Campaign:
    """Of 90 people in calls of 40."""
    settings.SMARTDIALOG_BATCH_SIZE = 40
    for _ in range(90):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    return campaign


def refuse(operation: Operation, error: Refused = TOO_MANY) -> None:
    """As the drain does: FAILED, and then the handler."""
    Operation.objects.filter(pk=operation.pk).update(
        state=OperationState.FAILED, attempts=1, status=error.status, tried_at=clock.now()
    )
    operation.refresh_from_db()
    handler_of(operation).refused(QueuedCall(operation), error)


def waiting(campaign: Campaign) -> list[Operation]:
    return [call for call in calls_of(campaign) if call.state == OperationState.WAITING]


def in_flight(*operations: Operation) -> None:
    Operation.objects.filter(pk__in=[each.pk for each in operations]).update(
        state=OperationState.INFLIGHT, attempts=1
    )


def phones(operation: Operation) -> list[str]:
    recipients = operation.payload["message"]["recipients"]
    return [each if isinstance(each, str) else each["address"] for each in recipients]


def carry(
    campaign: Campaign, limit: int, error: Refused = TOO_MANY, *, bad: Collection[str] = ()
) -> Counter[str]:
    """Answer all calls as a SmartDialog of this limit does; how many times each number was taken.

    `bad`: numbers for which it refuses all of a call.
    """
    taken: Counter[str] = Counter()
    for _ in range(400):
        sending.send_now(campaign.pk)
        if not (calls := waiting(campaign)):
            return taken
        if len(phones(calls[0])) > limit or not set(bad).isdisjoint(phones(calls[0])):
            refuse(calls[0], error)
        else:
            answer(calls[0])
            taken.update(phones(calls[0]))
    raise AssertionError("it never ends")


@pytest.mark.parametrize("limit", [10, 13, 20, 39])
def test_everybody_is_in_exactly_one_call_that_is_taken(campaign, limit):
    taken = carry(campaign, limit)

    assert taken == dict.fromkeys(campaign.recipients.values_list("phone", flat=True), 1)
    assert set(campaign.recipients.values_list("state", flat=True)) == {RecipientState.ACCEPTED}
    assert quirks.of(campaign.customer).recipients_limit <= limit
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENT
    ids = [call.request_id for call in calls_of(campaign)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_a_number_that_the_refusal_names_is_believed(campaign, limit):
    taken = carry(campaign, limit, Refused(f"Liikaa: enintään {limit}", status=422))

    assert set(taken.values()) == {1}
    assert len(taken) == 90
    assert quirks.of(campaign.customer).recipients_limit == limit


@pytest.mark.parametrize("limit", [2, 3, 4, 7, 9])
def test_a_limit_that_no_guess_reaches_is_seen_by_what_is_taken(campaign, limit, mikko):
    """As a gateway refuses that answers with a page, or with nothing."""
    taken = carry(campaign, limit, Refused("", status=413))

    assert taken == dict.fromkeys(campaign.recipients.values_list("phone", flat=True), 1)
    assert limit / 2 <= quirks.of(campaign.customer).recipients_limit <= limit
    again = make_scheduled(campaign.group, mikko)
    carry(again, limit)
    assert not [call for call in calls_of(again) if len(phones(call)) > limit]


def test_halves_of_which_one_was_mended_by_a_person_teach_no_size(campaign):
    quirks.has_taken(campaign.customer, 1)
    Campaign.objects.filter(pk=campaign.pk).update(divides_calls=False)
    first = waiting(campaign)[0]
    refuse(first)
    for half in waiting(campaign):
        if splitting.calls.HALF_OF in half.payload:
            answer(half)
            break
    other = next(each for each in waiting(campaign) if splitting.calls.HALF_OF in each.payload)
    Operation.objects.filter(pk=other.pk).update(attempts=2)
    other.refresh_from_db()
    phones_of_it = phones(other)
    handler_of(other).done(
        QueuedCall(other), Sent("m", 1, [SentRecipient(address=each, id=each) for each in phones_of_it])
    )

    assert quirks.of(campaign.customer).recipients_limit is None


def test_what_a_smaller_call_does_not_mend_fails_in_a_few_calls_and_keeps_its_size(campaign):
    taken = carry(campaign, 0)

    assert not taken
    assert set(campaign.recipients.values_list("state", flat=True)) == {RecipientState.FAILED}
    assert len([call for call in calls_of(campaign) if call.attempts]) <= 6 * splitting.FRUITLESS
    assert quirks.of(campaign.customer).recipients_limit is None


def test_a_size_that_was_taken_before_is_never_the_reason(campaign):
    quirks.has_taken(campaign.customer, 40)

    refuse(calls_of(campaign)[0])

    assert sorted(len(phones(call)) for call in waiting(campaign)) == [1, 10, 19, 20, 40]
    assert quirks.of(campaign.customer).recipients_limit is None


def test_two_calls_that_are_refused_together_halve_once(campaign):
    first, second, third = calls_of(campaign)
    in_flight(first, second)

    refuse(first)
    refuse(second)
    sending.send_now(campaign.pk)

    assert Campaign.objects.get(pk=campaign.pk).batch_size == 20
    third.refresh_from_db()
    assert third.state == OperationState.CANCELLED
    assert sorted(len(phones(call)) for call in waiting(campaign)) == [10, 20, 20, 20, 20]


def test_a_call_beside_it_that_is_taken_keeps_its_people(campaign):
    first, second, _ = calls_of(campaign)
    in_flight(first, second)
    refuse(first)

    answer(second)
    taken = carry(campaign, 20) + Counter(phones(second))

    assert set(taken.values()) == {1}
    assert len(taken) == 90


def test_whom_a_report_settles_while_the_call_is_split_is_in_no_other(campaign):
    first = calls_of(campaign)[0]
    settled, phone = phones(first)[:2]
    report(campaign, "Delivered", phone=settled)

    refuse(first)
    report(campaign, "Delivered", phone=phone)
    taken = carry(campaign, 20)

    assert not {settled, phone} & taken.keys()
    assert len(taken) == 88


def test_a_cancelled_campaign_is_not_taken_up_again(campaign, mikko):
    first = calls_of(campaign)[0]
    in_flight(first)
    campaign.refresh_from_db()
    lifecycle.cancel(campaign, by=mikko)

    refuse(first)

    assert not waiting(campaign)
    assert campaign.recipients.filter(state=RecipientState.FAILED).count() == 40


def test_a_template_is_split_like_a_text(group, kahvila, connected, mikko):
    for _ in range(30):
        make_contact(group, first_name="Matti")
    parameters = [{"field": "firstName", "fallback": "x"}, {"field": "", "fallback": "tänään"}]
    campaign = make_scheduled(
        group, mikko, channel="whatsapp", template=make_template(kahvila), parameters=parameters
    )

    taken = carry(campaign, 10)

    assert len(taken) == 30
    assert set(taken.values()) == {1}


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429])
def test_another_refusal_is_no_matter_of_size(campaign, status):
    refuse(calls_of(campaign)[0], Refused("", status=status))

    assert quirks.of(campaign.customer).recipients_limit is None
    assert len(waiting(campaign)) == 2


@given(size=st.integers(2, 1000), words=st.text(max_size=60), found=st.integers(1, 1000))
def test_what_is_guessed_is_always_smaller_and_never_nobody(size, words, found):
    smaller = splitting._smaller(size, found, words)

    assert smaller is None or 0 < smaller < size


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(bad=st.sets(st.integers(0, 89), max_size=20), known=st.sampled_from([0, 40]))
def test_one_that_is_refused_fails_alone_and_everybody_else_gets_it_once(group, connected, mikko, bad, known):
    with transaction.atomic(), override_settings(SMARTDIALOG_BATCH_SIZE=40):
        people = [make_contact(group, first_name="Matti").phone for _ in range(90)]
        campaign = make_scheduled(group, mikko)
        Campaign.objects.filter(pk=campaign.pk).update(calls=3)
        quirks.has_taken(campaign.customer, known)
        refused = {people[index] for index in bad}

        taken = carry(campaign, 40, Refused("not a valid phone number", status=400), bad=refused)

        assert taken == dict.fromkeys(set(people) - refused, 1)
        failed = campaign.recipients.filter(state=RecipientState.FAILED)
        assert set(failed.values_list("phone", flat=True)) == refused
        campaign.refresh_from_db()
        assert campaign.state == CampaignState.SENT
        transaction.set_rollback(True)


def test_a_refusal_of_everybody_is_found_out_in_a_few_calls(campaign):
    quirks.has_taken(campaign.customer, 40)

    carry(campaign, 0)

    assert set(campaign.recipients.values_list("state", flat=True)) == {RecipientState.FAILED}
    assert len([call for call in calls_of(campaign) if call.attempts]) <= 6 * splitting.FRUITLESS


def test_halves_of_a_paused_campaign_wait(campaign, mikko):
    quirks.has_taken(campaign.customer, 40)
    first = calls_of(campaign)[0]
    in_flight(first)
    pausing.pause(campaign, by=mikko)

    refuse(first)

    assert waiting(campaign) == []
    assert sorted(len(phones(call)) for call in calls_of(campaign) if call.state == "held") == [
        1,
        10,
        19,
        20,
        40,
    ]
