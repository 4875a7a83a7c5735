"""Whom an answer is about, however it spells their numbers."""

import pytest

from contacts.text.answered_numbers import in_full
from gateway.smartdialog.types import SentRecipient
from messaging.campaigns.reporting.addresses import ids_by_phone

ANNA, BEN = "+358401230001", "+39401230001"


@pytest.mark.parametrize(
    "address", ["+358401230001", "358401230001", "00358401230001", "+358 40 123 0001", " 358-40-1230001"]
)
def test_a_number_in_full_is_the_person_whatever_its_spelling(address):
    assert in_full(address) == ANNA
    assert ids_by_phone({ANNA, BEN}, [SentRecipient(address, "one")]) == {ANNA: "one"}


def test_a_national_number_is_the_one_person_of_the_call_that_it_can_be():
    assert ids_by_phone({ANNA}, [SentRecipient("0401230001", "one")]) == {ANNA: "one"}
    assert ids_by_phone({ANNA, BEN}, [SentRecipient("0401230001", "one")]) == {}


@pytest.mark.parametrize("address", ["", "Kahvila", "30001", "+358401239999"])
def test_whom_it_does_not_name_gets_no_id(address):
    assert ids_by_phone({ANNA}, [SentRecipient(address, "one")]) == {}
