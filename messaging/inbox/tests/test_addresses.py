"""Who wrote, however the platform spells them: nobody's STOP and no answer goes to a stranger."""

import pytest

from gateway.models import ServiceKind
from messaging.campaigns.models import Campaign, Recipient
from messaging.inbox.incoming.addresses import can_be_answered, normalize_address
from tests.factories import make_contact, make_service

NORWEGIAN, FINN = "+4791234567", "+3584791234567"  # the same digits, but for the code


@pytest.fixture
def service(kahvila):
    return make_service(kahvila, kind=ServiceKind.TWO_WAY, regions=["FI"])


@pytest.fixture
def group(kahvila):
    return make_service(kahvila, kind=ServiceKind.GROUP)


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("+358401111111", "+358401111111"),
        ("358401111111", "+358401111111"),
        ("00358401111111", "+358401111111"),
        ("0401111111", "+358401111111"),
        ("4791234567", NORWEGIAN),
        ("+5215512345678", "+525512345678"),
        ("551187654321", "+5511987654321"),
    ],
)
def test_a_number_is_read_as_international_unless_it_has_its_trunk_prefix(service, sender, address):
    assert normalize_address(sender, service) == address
    assert can_be_answered(address)


@pytest.mark.parametrize("known", [NORWEGIAN, FINN])
def test_whom_we_know_comes_before_any_reading_of_the_digits(service, group, known):
    make_contact(group, phone=known)

    assert normalize_address("4791234567", service) == known


def test_two_that_we_know_leave_it_to_the_international_reading(service, group):
    for phone in (NORWEGIAN, FINN):
        make_contact(group, phone=phone)

    assert normalize_address("4791234567", service) == NORWEGIAN


def test_a_person_that_another_customer_knows_is_not_known(service, trattoria):
    make_contact(make_service(trattoria, kind=ServiceKind.GROUP), phone=FINN)

    assert normalize_address("4791234567", service) == NORWEGIAN


@pytest.mark.parametrize("sender", ["+5491112345678", "+541112345678", "5491112345678"])
def test_one_person_under_two_spellings_has_one_address(service, group, sender):
    make_contact(group, phone="+5491112345678")

    assert normalize_address(sender, service) == "+5491112345678"


@pytest.mark.parametrize(
    "sender",
    [
        *("68849", "202010", "16400", "+68849", "+202010", "0068849", "INFO", "Bank24", "anonymous", ""),
        *("401111111", "0000000"),
    ],
)
def test_what_is_nobodys_phone_stays_as_it_came_and_takes_no_answer(service, sender):
    address = normalize_address(sender, service)

    assert address == sender
    assert not can_be_answered(address)


def test_whoever_was_messaged_is_known_though_no_group_has_them_any_more(service, group, mikko):
    campaign = Campaign.objects.create(customer=service.customer, group=group, created_by=mikko)
    Recipient.objects.create(campaign=campaign, phone=FINN)

    assert normalize_address("4791234567", service) == FINN
