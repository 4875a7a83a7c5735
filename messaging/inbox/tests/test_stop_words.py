import pytest

from messaging.inbox.stop_words import asks_to_stop


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "stop", " Stop. ", "stop!!!", "\u201cSTOP\u201d", "ＳＴＯＰ", "Stop \U0001f621", "opt-out",
        "Opt-Out.", "Lopeta", "KIELLÄ", "kiella\u0308", "seis", "Avsluta", "STOPP", "basta",
        "Disiscrivimi", "arrêt", "stop\n",
    ],
)  # fmt: skip
def test_a_message_that_only_says_stop_asks_to_stop(text):
    assert asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "!", "please stop", "do not stop", "älkää lopettako", "stop by tomorrow", "ei", "no", "yes",
        "bus stop", "stopstop", "s t o p", "STOP " * 100, "-", "peruna",
    ],
)  # fmt: skip
def test_any_other_message_does_not(text):
    assert not asks_to_stop(text)
