import pytest

from accounts.given import COUNT, number_of, text_of


@pytest.mark.parametrize("given", [None, "", "-1", "1.0", "1e9", "٣", "²", " 1", "1\0", "9" * 19])
def test_what_is_no_whole_number_is_nobodys_key(given):
    assert number_of(given) == 0


def test_a_number_may_be_as_long_as_its_field_holds():
    assert number_of("9" * 18) == 10**18 - 1
    assert (number_of("9" * 9, digits=COUNT), number_of("9" * 10, digits=COUNT)) == (999_999_999, 0)


def test_a_text_is_what_a_database_takes():
    assert text_of(" A\0ino ", most=3) == "Ain"
    assert text_of(None, most=3) == ""
