"""The quick way of reading a number and phonenumbers never disagree."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from contacts.text import phones
from contacts.text.number_plans import is_quickly_certain, quick_e164
from contacts.text.regions import region_names

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
OURS = ["FI", "SE", "IT", "DE", "NO", "DK", "EE"]
MARKS = st.text(" -\u00a0()./'+0123456789", max_size=3)


def slow_e164(text: str, region: str) -> str | None:
    try:
        return phones._read_one(phones.bare_number(text), [region], known=False).phone
    except phones.InvalidPhone:
        return None


@st.composite
def written(draw: st.DrawFn) -> str:
    """About what a mobile number of some country looks like, with signs put in or digits changed."""
    region = draw(st.sampled_from(REGIONS) | st.sampled_from(OURS))
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    national = list(str(number.national_number)) if number else list("401234567")
    code = phonenumbers.country_code_for_region(region)
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(national) - 1))
        national[place] = draw(st.sampled_from("0123456789"))
    begin = draw(st.sampled_from([f"+{code}", f"00{code}", f"+{code}0", f"{code}", "0", "", "1", "8"]))
    text = begin + "".join(national)
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(MARKS) + text[place:]


@given(written() | st.text(max_size=30), st.sampled_from(REGIONS) | st.sampled_from(OURS))
def test_whatever_is_read_quickly_is_what_phonenumbers_reads(text, region):
    quick = quick_e164(text, region)
    if quick is not None and is_quickly_certain(text, known=False):
        assert quick == slow_e164(text, region)


def test_every_region_has_a_name():
    assert [code for code, name in region_names().items() if code == name] == []


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+358401234567", "FI"),
        ("040 123 4567", "FI"),
        ("00358 40 1234567", None),
        ("'+46701234567", "FI"),
        ("070-123 45 67", "SE"),
        ("+393471234567", "FI"),
        ("347 123 4567", "IT"),
    ],
)
def test_the_usual_numbers_are_read_quickly(text, region):
    assert quick_e164(text, region)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        *(
            (text, "FI")
            for text in ["+35818123456", "+3585", "0401234567.0", "+358٤٠١٢٣٤٥٦٧", "", "+", "00", "+1"]
        ),
        ("40123", "AC"),
        ("312345", "AD"),
    ],
)
def test_the_others_are_left_to_phonenumbers(text, region):
    assert quick_e164(text, region) is None
