"""Which number a text says: certain, to be asked about, or none, with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.text.phones import (
    InvalidPhone,
    NumberType,
    UnclearPhone,
    read_number,
    spellings,
    type_of,
)

FI, IT, BOTH = ["FI"], ["IT"], ["FI", "SE"]


@pytest.mark.parametrize(
    ("text", "regions", "phone"),
    [
        ("040 111 0001", FI, "+358401110001"),
        ("040 111 00 01", FI, "+358401110001"),
        ("401110001", FI, "+358401110001"),  # Excel took its zero
        ("358401110003", FI, "+358401110003"),  # and this one's +
        ("00358 40 111 0001", FI, "+358401110001"),
        ("+358 (0)40 111 0001", FI, "+358401110001"),
        ("401110001.0", FI, "+358401110001"),
        ("401 110 005,00", FI, "+358401110005"),
        ("+358401110002.0", FI, "+358401110002"),
        ("\u2068040 111 0001\u2069", FI, "+358401110001"),
        ("\u0660\u0664\u0660 1110001", FI, "+358401110001"),
        ("333 111 0004", IT, "+393331110004"),
        ("393331110004", IT, "+393331110004"),
        ("+5215512345678", FI, "+525512345678"),
        ("+551187654321", FI, "+5511987654321"),
        ("(212) 555-1234", ["US"], "+12125551234"),
        ("01512 2345678", ["DE"], "+4915122345678"),
        ("tel:+358-40-1110001", FI, "+358401110001"),
        ("whatsapp:+358401110001", FI, "+358401110001"),
        ("401.110.001,00", FI, "+358401110001"),
        ("6641234567.000", ["AT"], "+436641234567"),  # no number of 13 digits
        ("+436641234567,0000", FI, "+436641234567"),
        ("401110001 ,00", FI, "+358401110001"),
        ("401.110.001", FI, "+358401110001"),
        ("0664.123.000", ["AT"], "+43664123000"),
        ("3'471'110'004.00", IT, "+393471110004"),
        ("(045) 8765432", FI, "+358458765432"),  # no entry of a list
        ("1 212 555 1234", ["US"], "+12125551234"),
        ("6 12 34 56 78", ["FR"], "+33612345678"),
        ("040 / 111 0001", FI, "+358401110001"),
        ("358 (0)40 111 0001", FI, "+358401110001"),
    ],
)
def test_a_number_with_one_reading_is_certain(text, regions, phone):
    assert read_number(text, regions).phone == phone


@pytest.mark.parametrize(
    ("text", "regions", "readings"),
    [
        ("070-1740605", BOTH, {"+46701740605", "+358701740605"}),
        ("0401110001", BOTH, {"+358401110001", "+46401110001"}),  # a land line of Malmö
        ("4791234567", FI, {"+3584791234567", "+4791234567"}),  # Norwegian without +
        ("46701740605", FI, {"+46701740605"}),  # one reading, of a country nobody chose
        ("358501234", FI, {"+358501234", "+358358501234"}),
        ("491701234567", ["DE"], {"+491701234567", "+49491701234567"}),
        ("3906123456", IT, {"+393906123456", "+3906123456"}),
        ("3912345678", IT, {"+393912345678"}),
        ("040 111 0001 2", FI, {"+3584011100012", "+358401110001"}),
        ("0401110001 (2)", FI, {"+3584011100012", "+358401110001"}),
        ("040 111 0001-2", FI, {"+3584011100012", "+358401110001"}),
        ("0401110001 2)", FI, {"+3584011100012", "+358401110001"}),
        ("0401110001 [2]", FI, {"+3584011100012", "+358401110001"}),
        ("0401110001\t2", FI, {"+3584011100012", "+358401110001"}),
        ("+43685121190-89", FI, {"+4368512119089", "+43685121190"}),
        ("40603144  38", FI, {"+3584060314438", "+35840603144"}),
        ("4 447045585", FI, {"+3584447045585", "+358447045585"}),  # the fourth of a list, or a lost zero
        ("0358401110001", FI, {"+358401110001"}),  # lost one zero of two
        ("04917424415073", ["DE"], {"+494917424415073", "+4917424415073"}),
        ("19851020", FI, {"+35819851020"}),  # or a day
        ("46 (0)70 1740605", FI, {"+46701740605"}),
    ],
)
def test_two_possible_readings_are_asked_about(text, regions, readings):
    with pytest.raises(UnclearPhone) as unclear:
        read_number(text, regions)

    assert {each.phone for each in unclear.value.candidates} == readings
    assert all(reading in unclear.value.reason for reading in readings)


def test_what_is_decided_for_all_alike_takes_the_reading_of_that_region():
    with pytest.raises(UnclearPhone) as unclear:
        read_number("4791234567", FI)

    assert unclear.value.decided("FI").phone == "+3584791234567"
    assert unclear.value.decided("NO").phone == "+4791234567"
    assert unclear.value.decided("SE") is None


def test_what_leaves_two_readings_in_a_region_is_not_decided_by_it():
    with pytest.raises(UnclearPhone) as unclear:
        read_number("040 111 0001 2", FI)

    assert unclear.value.decided("FI") is None


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("333 111 0004", "IT", "+393331110004"),
        ("399 976 7837", "IT", "+393999767837"),
        ("06/69811105", "IT", "+390669811105"),
        ("070-1740605", "SE", "+46701740605"),
        ("+358401110001", "SE", "+358401110001"),
    ],
)
def test_the_country_of_the_row_decides(text, country, phone):
    assert read_number(text, BOTH, country=country).phone == phone


def test_a_number_that_the_country_of_the_row_has_not_is_asked_about():
    with pytest.raises(UnclearPhone) as unclear:
        read_number("040 111 0001", FI, country="NO")

    assert [each.phone for each in unclear.value.candidates] == ["+358401110001"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no phone number"),
        ("3,58401E+11", "Excel has shortened"),
        ("3.58401e+11", "Excel has shortened"),
        ("401110005,5", "decimals"),
        ("+401110005,125", "decimals"),
        ("5012345.000.00", "not a phone number"),
        ("1985-10-20", "date"),
        ("20.10.1985", "date"),
        ("01/04/2027", "date"),
        ("1985-10-20 00:00:00", "date"),
        ("09 4241 1001 ext 12", "extension"),
        ("09 4241 1001 x13", "extension"),
        ("09 4241 1001 #14", "extension"),
        ("040-1110001/2", "more than a phone number"),
        ("1) 0401110001", "more than a phone number"),
        ("12. 0401110001", "more than a phone number"),
        ("8) +358401110001", "more than a phone number"),
        ("0401110001: 2", "more than a phone number"),
        ("39 (0)333 111 0003", "no zero in parentheses"),
        ("20.10.85", "date"),
        ("0401110001*2", "more than a phone number"),
        ("0401110001\n2", "more than a phone number"),
        ("040 111 OOO1", "letters"),
        ("+39 (0)333 111 0003", "no zero in parentheses"),
        ("#N/A", "Excel shows"),
        ("112", "too short"),
        ("+35840111000112345", "too many digits"),
        ("20010512", "not a phone number in Finland"),
        ("21000", "too short"),
        ("10002345", "not a phone number in Finland"),
    ],
)
def test_what_is_no_number_says_why(text, words):
    with pytest.raises(InvalidPhone, match=words) as refusal:
        read_number(text, FI)

    assert not isinstance(refusal.value, UnclearPhone)


@pytest.mark.parametrize("between", [" / ", " ", " - ", ", "])
def test_numbers_in_groups_are_two_as_well(between):
    assert read_number(f"040 123 4003{between}050 111 0002", FI).phone == "+358401234003"


@pytest.mark.parametrize(
    "between", ["/", ";", " tai ", "\n", ", ", " ::: ", " & ", " + ", " - ", " ", " sekä ", " oder ", " TAI "]
)
def test_of_two_whole_numbers_the_first_is_taken_and_the_second_told(between):
    reading = read_number(f"0401110003{between}0501110003", FI)

    assert reading.phone == "+358401110003"
    assert "0501110003 was left out" in reading.note


@pytest.mark.parametrize(
    ("phone", "kind"),
    [
        ("+358401110001", NumberType.MOBILE),
        ("+12125551234", NumberType.MOBILE),
        ("+358942411001", NumberType.LANDLINE),
        ("+390669811105", NumberType.LANDLINE),
        ("+358701740605", NumberType.OTHER),
    ],
)
def test_the_type_of_a_number_is_told(phone, kind):
    assert type_of(phone) == kind
    assert read_number(phone, FI).type == kind


@pytest.mark.parametrize(
    ("phone", "other"),
    [
        ("+525512345678", "+5215512345678"),
        ("+5511987654321", "+551187654321"),
        ("+5491112345678", "+541112345678"),
    ],
)
def test_one_phone_has_one_person_whichever_way_it_is_written(phone, other):
    assert set(spellings(phone)) == set(spellings(other)) == {phone, other}
    assert spellings("+358401110001") == ["+358401110001"]


@given(st.text("0123456789 -./()+,;*\n", max_size=24), st.sampled_from([FI, IT, BOTH, ["DE"], ["US"], []]))
def test_no_reading_has_a_digit_that_the_text_has_not(text, regions):
    try:
        phone = read_number(text, regions).phone
    except InvalidPhone:
        return
    digits = "".join(each for each in text if each.isdigit())
    assert phone[-5:] in digits
