"""Phone numbers as people read them."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat

from accounts.wording.phone_numbers import format_phone

OTHERS = ["+390612345678", "+3900612345", "+441133960000", "+12125550123", "+70123456789", "+8001234567"]


def test_numbers_of_every_country_are_spaced_as_the_library_spaces_them():
    examples = [phonenumbers.example_number(region) for region in phonenumbers.SUPPORTED_REGIONS]
    numbers = [phonenumbers.format_number(one, PhoneNumberFormat.E164) for one in examples if one]

    for number in [*numbers, *OTHERS]:
        parsed = phonenumbers.parse(number)
        assert format_phone(number) == phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL), (
            number
        )


@pytest.mark.parametrize("text", ["", "+", "Aalto", "+999123", "13123", "+358", "+0401234567"])
def test_what_is_no_number_stays_as_it_is(text):
    assert format_phone(text) == text
