import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.campaigns.wording import placeholders
from messaging.campaigns.wording.personalization import Wording

ANNA = {"first_name": "Anna", "last_name": "", "city": "Oulu", "email": "", "properties": {"Level": "Gold"}}


def test_placeholders_are_filled_from_fields_and_custom_properties():
    wording = Wording.of_sms("Hei $(firstName), $(Level) in $(city)", {})

    assert wording.render(wording.values(ANNA)) == "Hei Anna, Gold in Oulu"
    assert wording.personalization(wording.values(ANNA)) == {
        "firstName": "Anna",
        "Level": "Gold",
        "city": "Oulu",
    }


def test_a_fallback_stands_in_for_what_a_contact_does_not_have():
    wording = Wording.of_sms("Dear $(lastName)", {"lastName": "customer"})

    assert wording.render(wording.values(ANNA)) == "Dear customer"


def test_a_fallback_with_letters_in_two_pieces_makes_no_message_dearer():
    words = unicodedata.normalize("NFD", "ystävä")
    wordings = [
        Wording.of_sms("Dear $(lastName)", {"lastName": words}),
        Wording.of_template("Dear {{1}}", [{"field": "", "fallback": words}]),
    ]

    assert [wording.values(ANNA) for wording in wordings] == [("ystävä",)] * 2


def test_without_a_fallback_the_missing_field_is_named():
    wording = Wording.of_sms("Dear $(firstName) $(lastName)", {})

    assert wording.missing(wording.values(ANNA)) == "lastName"


@pytest.mark.parametrize(
    "content",
    [
        "{{ settings.SECRET_KEY }}",
        "{% debug %}",
        "{0.__class__}",
        "%(x)s",
        "$(",
        "$()",
        "$($(firstName))x",
        "$name",
    ],
)
def test_nothing_but_declared_placeholders_is_replaced(content):
    wording = Wording.of_sms(content, {})
    shown = wording.render(wording.values(ANNA))

    assert shown == content.replace("$(firstName)", "Anna")


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_value_that_looks_like_a_placeholder_stays_a_value(first, second):
    values = {"a": f"$(b){first}", "b": second}

    assert placeholders.fill("x$(a)y", values) == f"x$(b){first}y"


def test_template_variables_are_filled_in_their_order():
    parameters = [{"field": "firstName", "fallback": ""}, {"field": "", "fallback": "Friday"}]
    wording = Wording.of_template("Hi {{1}}, see you on {{2}}. {{1}}", parameters)

    assert wording.values(ANNA) == ("Anna", "Friday")
    assert wording.render(("Anna", "Friday")) == "Hi Anna, see you on Friday. Anna"


def test_a_template_parameter_holds_no_line_ends():
    wording = Wording.of_template("Hi {{1}}", [{"field": "firstName"}])

    assert wording.values(ANNA | {"first_name": "Anna\n\tMaria     K"}) == ("Anna Maria K",)


def test_an_sms_batches_different_people_and_a_template_only_equal_ones():
    people = Counter({("Anna",): 1200, ("Bo",): 1})

    assert Wording.of_sms("Hi $(firstName)", {}).calls(people, 500) == 3
    assert Wording.of_template("Hi {{1}}", [{"field": "firstName"}]).calls(people, 500) == 4
