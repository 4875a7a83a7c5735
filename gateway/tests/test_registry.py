import pytest

from accounts.registry import Registry


@pytest.fixture
def greetings() -> Registry:
    return Registry("greeting")


def test_what_is_registered_is_found_by_its_name_in_the_order_in_which_it_came(greetings):
    @greetings.register("moi")
    class Moi:
        pass

    @greetings.register("hei")
    def hei():
        pass

    assert isinstance(greetings["moi"], Moi)
    assert [type(each) for each in greetings] == [Moi, type(hei)]
    assert greetings.names() == {"moi", "hei"}


def test_a_name_that_is_taken_is_refused(greetings):
    greetings.register("moi")(print)

    with pytest.raises(ValueError, match="greeting 'moi' is registered already"):
        greetings.register("moi")(print)


def test_an_unknown_name_says_what_there_is(greetings):
    greetings.register("moi")(print)

    with pytest.raises(ValueError, match="no greeting 'terve'; there are moi"):
        greetings["terve"]
