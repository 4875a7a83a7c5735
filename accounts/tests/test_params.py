import pytest

from accounts.web.params import INT_DIGITS, int_param, text_param


@pytest.mark.parametrize("given", [None, "", "-1", "1.0", "1e9", "٣", "²", " 1", "1\0", "9" * 19])
def test_what_is_no_whole_number_is_nobodys_key(given):
    assert int_param(given) == 0


def test_a_number_may_be_as_long_as_its_field_holds():
    assert int_param("9" * 18) == 10**18 - 1
    assert (int_param("9" * 9, digits=INT_DIGITS), int_param("9" * 10, digits=INT_DIGITS)) == (999_999_999, 0)


def test_a_text_is_what_a_database_takes():
    assert text_param(" A\0ino ", most=3) == "Ain"
    assert text_param(None, most=3) == ""
