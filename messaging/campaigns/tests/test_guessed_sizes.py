"""What a refusal lets one guess of the size of calls, or of texts, is forgotten unless it is proved."""

import pytest

from gateway.models import Operation
from gateway.smartdialog import quirks
from gateway.smartdialog.errors import Refused
from messaging.campaigns.dispatch import sending, splitting
from messaging.campaigns.models import Campaign, RecipientState
from messaging.campaigns.tests.conftest import answer, make_scheduled
from messaging.campaigns.tests.test_splitting import carry, phones, refuse, waiting
from tests.factories import make_contact


@pytest.fixture
def campaign(group, connected, mikko, settings) -> Campaign:
    """Of 90 people in calls of 40."""
    settings.SMARTDIALOG_BATCH_SIZE = 40
    for _ in range(90):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    return campaign


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("+4915112345678 is not a valid phone number", []),
        ("0401234567: invalid", []),
        ("+358 40 123 4567 is not valid", []),
        ("(040) 123-4567 is not valid", []),
        ("2026-11-30 09:00:00 Bad Request", []),
        ("At most 500 recipients, got 501", [500, 501]),
        ("Limit: 12.", [12]),
        ("enintään (160) merkkiä", [160]),
        ("12345678 is too long a number to be a limit", []),
    ],
)
def test_digits_of_a_phone_number_or_a_time_are_no_limit(words, numbers):
    assert splitting._numbers_in(words) == numbers


@pytest.mark.parametrize("words", ["", "+358400000001 is not a valid phone number", "Row 8 is not valid"])
def test_a_guess_is_forgotten_when_one_person_was_the_reason(campaign, words):
    bad = phones(waiting(campaign)[0])[8]

    carry(campaign, 40, Refused(words, status=400), bad=[bad])

    assert quirks.of(campaign.customer).recipients_limit is None
    failed = campaign.recipients.filter(state=RecipientState.FAILED)
    assert [each.phone for each in failed] == [bad]


def test_a_guess_is_forgotten_as_soon_as_a_call_as_large_was_taken(campaign):
    refuse(waiting(campaign)[0])
    sending.send_now(campaign.pk)
    assert {len(phones(call)) for call in waiting(campaign)} == {20, 10}
    answer(waiting(campaign)[0])

    refuse(waiting(campaign)[0])
    sending.send_now(campaign.pk)

    assert Campaign.objects.get(pk=campaign.pk).call_size is None
    assert max(len(phones(call)) for call in waiting(campaign)) == 40


def test_a_text_that_others_got_is_not_too_long_whatever_number_one_refusal_names(campaign, group, mikko):
    campaign = make_scheduled(group, mikko, content="x" * 300)
    sending.send_now(campaign.pk)
    bad = phones(waiting(campaign)[0])[0]

    carry(campaign, 40, Refused("Error 160", status=400), bad=[bad])

    assert quirks.of(campaign.customer).content_limit is None


def test_evenly_spread_bad_numbers_fail_alone_also_where_each_larger_call_has_one(
    group, connected, mikko, settings
):
    settings.SMARTDIALOG_BATCH_SIZE = 320
    people = [make_contact(group, first_name="Matti").phone for _ in range(320)]
    campaign = make_scheduled(group, mikko)
    bad = set(people[::20])

    taken = carry(campaign, 320, Refused("not a valid phone number", status=400), bad=bad)

    assert set(taken) == set(people) - bad
    failed = campaign.recipients.filter(state=RecipientState.FAILED)
    assert set(failed.values_list("phone", flat=True)) == bad


def test_calls_that_met_a_busy_platform_are_no_refusals(campaign):
    """Thirteen tries that came to a 503 say nothing of the people."""
    quirks.has_taken(campaign.customer, 40)
    Operation.objects.filter(batch=campaign.batch).update(attempts=5, status=503)
    first = waiting(campaign)[0]

    refuse(first)

    assert sorted(len(phones(call)) for call in waiting(campaign)) == [1, 10, 19, 20, 40]
