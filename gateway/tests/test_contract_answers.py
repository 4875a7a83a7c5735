"""Which value or which error each answer becomes: real requests to a fake adapter."""

import pytest

from gateway.smartdialog import errors
from gateway.smartdialog.client import retry_after
from gateway.smartdialog.types import NewTemplate
from gateway.tests.fake_adapter import FIELDS, SENT, SMS, smartdialog


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"errorMessage": "Bad"}, errors.Refused),
        (401, b"", errors.Unauthorized),
        (403, b"<html>no</html>", errors.Refused),
        (408, b"", errors.ServerFault),
        (421, b"", errors.ServerFault),
        (425, b"", errors.ServerFault),
        (429, b"", errors.Throttled),
        (500, b"<html>oh</html>", errors.ServerFault),
        (204, b"", errors.UnexpectedResponse),
        (302, b"", errors.UnexpectedResponse),
        (200, b"{", errors.UnexpectedResponse),
        (200, b"[" * 100_000, errors.UnexpectedResponse),
        (200, {"customerusers": []}, errors.UnexpectedResponse),
        (200, [], errors.UnexpectedResponse),
    ],
)
def test_an_answer_outside_the_contract_is_a_named_error(status, body, expected):
    api, _ = smartdialog(status, body)

    with pytest.raises(expected):
        api.customers()


def test_the_platforms_own_words_are_kept():
    api, _ = smartdialog(400, {"errorMessage": "Duplicate request id"})

    with pytest.raises(errors.Refused) as caught:
        api.send_message(customer="c", service="s", message=SMS)

    assert caught.value.words == "Duplicate request id"
    assert caught.value.may_be_of_a_repeat


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0", 0.0), ("-1", 0.0), (None, None), ("soon", None), ("86400", 86400.0)],
)
def test_retry_after_is_read_in_each_of_its_forms(value, seconds):
    assert retry_after(value) == seconds


@pytest.mark.parametrize(
    "change",
    [
        {"Recipients": {"Address": "+358401234567"}},
        {"Recipients": [{"Address": {"a": 1}, "Id": "r"}]},
        {"MessageId": None, "Recipients": [{"Address": "+358401234567", "Id": {"a": 1}}]},
    ],
)
def test_a_value_of_another_kind_is_never_taken_for_an_answer(change):
    api, _ = smartdialog(200, SENT | change)

    with pytest.raises(errors.UnexpectedResponse):
        api.send_message(customer="c", service="s", message=SMS)


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        *[(each, True) for each in (True, "true", {"success": True}, 1, None, [])],
        *[(each, False) for each in (False, "false")],
    ],
)
def test_what_only_says_that_it_is_done_may_say_so_in_any_form(answer, taken):
    api, _ = smartdialog(200, answer)
    where = {"customer": "c", "group": "g"}

    assert api.update_contact(**where, phone="+358401234567", contact=FIELDS) is taken
    assert api.delete_contact(**where, phone="+358401234567") is taken
    assert api.delete_all_contacts(**where) is taken
    assert isinstance(api.create_contact(**where, contact=FIELDS), str)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"birthYear": "1980"}, {"birth_year": 1980}),
        ({"birthYear": ""}, {"birth_year": None}),
        ({"failedMessages": "3"}, {"failed_messages": 3}),
        ({"zipCode": 33100}, {"zip_code": "33100"}),
        ({"phone": 358401234567}, {"phone": "358401234567"}),
        ({"customContactProperties": [{"name": "Taso", "value": 7}]}, {"properties": [("Taso", "7")]}),
    ],
)
def test_a_contacts_numbers_and_texts_may_be_written_as_the_other(told, read):
    api, _ = smartdialog(200, {"phone": "+358401234567"} | told)

    found = api.get_contact(customer="c", group="g", phone="+358401234567")

    assert {name: getattr(found, name) for name in read} == read


@pytest.mark.parametrize(
    "told", [{"birthYear": "soon"}, {"city": ["Oulu"]}, {"zipCode": True}, {"active": "no"}]
)
def test_a_contact_of_which_something_cannot_be_read_is_not_read(told):
    api, _ = smartdialog(200, {"phone": "+358401234567"} | told)

    with pytest.raises(errors.OddShape):
        api.get_contact(customer="c", group="g", phone="+358401234567")


def test_words_that_no_database_can_keep_are_mended():
    api, _ = smartdialog(400, {"errorMessage": "Bad\0 \ud800"})

    with pytest.raises(errors.Refused) as caught:
        api.customers()

    assert caught.value.words == "Bad ?"


@pytest.mark.parametrize("value", ["9" * 400, "9" * 4, "Wed, 21 Oct 2999 07:28:00 GMT", "٣"])
def test_retry_after_never_breaks_the_clock(value):
    assert (retry_after(value) or 0) <= 7 * 24 * 3600


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_another_status_of_success_is_one_unless_a_page_comes_with_it(status):
    template = NewTemplate(display_name="a", content="b", category="Utility", language="fi")
    for body in (b"", b"{}"):
        api, adapter = smartdialog(status, body)
        api.create_template(customer="c", identity="i", template=template)
        assert len(adapter.requests) == 1

    api, _ = smartdialog(200, b"<html>Sign in to the network</html>")
    with pytest.raises(errors.UnexpectedResponse):
        api.create_template(customer="c", identity="i", template=template)
