import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contacts.text.normalization import message_text
from messaging.campaigns.wording import sms

ALPHABET = st.sampled_from("aÄö €{]ñ\n😀’š–A1")


@pytest.mark.parametrize(
    ("text", "is_unicode", "units", "parts"),
    [
        ("", False, 0, 1),
        ("a" * 160, False, 160, 1),
        ("a" * 161, False, 161, 2),
        ("a" * 306, False, 306, 2),
        ("a" * 307, False, 307, 3),
        ("€" * 80, False, 160, 1),
        ("a" * 152 + "€" + "a" * 10, False, 164, 2),
        ("a" * 152 + "€" + "a" * 152, False, 306, 3),
        ("ç" * 70, True, 70, 1),
        ("ç" * 71, True, 71, 2),
        ("😀" * 35, True, 70, 1),
        ("😀" * 36, True, 72, 2),
        ("😀" * 67, True, 134, 3),
        ("Hyvää päivää Åsa, ÄÖÅ è à ò ù ì é", False, 33, 1),
        ("a\r\nb", False, 3, 1),
    ],
)
def test_parts_are_counted_as_networks_count_them(text, is_unicode, units, parts):
    assert sms.measure(text) == sms.Size(is_unicode, units, parts)


def test_the_counter_says_how_much_as_many_parts_hold():
    assert sms.measure("a" * 150).fits == 160
    assert sms.measure("a" * 161).fits == 306


def test_the_characters_that_cost_are_named_once_each():
    assert sms.non_gsm("It’s “šiš”") == ["’", "“", "š", "”"]


def test_a_suggestion_says_the_same_in_standard_characters():
    assert sms.to_gsm("It’s – “niin” … šťõç\u00a0ﬁ") == 'It\'s - "niin" ... stoc fi'


@pytest.mark.parametrize("letter", ["😀", "Ж", "½", "中", "\u200d"])
def test_what_nothing_is_like_stays_until_somebody_says_so(letter):
    assert sms.nearest_gsm(letter) is None
    assert sms.to_gsm(f"a{letter}b") == f"a{letter}b"
    assert sms.without_foreign(f"a{letter}b") == "ab"


def test_foreign_characters_are_marked_where_they_stand():
    assert sms.pieces("a😀Жb") == [("a", False), ("😀Ж", True), ("b", False)]


@given(st.text(ALPHABET, max_size=400))
def test_parts_join_to_the_text_and_never_overflow(text):
    parts = sms.split(text)
    size = sms.measure(text)

    assert "".join(parts) == message_text(text)
    assert len(parts) == size.parts
    limit = (70 if size.is_unicode else 160) if size.parts == 1 else (67 if size.is_unicode else 153)
    widths = [sum(sms._widths(part, size.is_unicode)) for part in parts]
    assert max(widths) <= limit
    assert sum(widths) == size.units


def counted_slowly(text: str) -> sms.Size:
    """Letter by letter, as a phone would fill one part after the other."""
    text = message_text(text)
    is_unicode = any(letter not in sms.GSM for letter in text)
    widths = [
        len(letter.encode("utf-16-le", "surrogatepass")) // 2 if is_unicode else 1 + (letter in sms.EXTENSION)
        for letter in text
    ]
    single, part = (70, 67) if is_unicode else (160, 153)
    if sum(widths) <= single:
        return sms.Size(is_unicode, sum(widths), 1)
    filled = [0]
    for width in widths:
        if filled[-1] + width > part:
            filled.append(0)
        filled[-1] += width
    return sms.Size(is_unicode, sum(widths), len(filled))


@given(st.one_of(st.text(max_size=500), st.text(ALPHABET, max_size=500), st.text("a€", min_size=150)))
@example("a" * 152 + "€€" * 80)
@example("a" * 66 + "😀" * 80)
@example("😀.😀\0\ud83d" * 40)
def test_parts_are_counted_as_the_slow_way_counts_them(text):
    assert sms.measure(text) == counted_slowly(text)


@given(st.text(max_size=200))
def test_a_suggestion_replaces_all_that_something_is_like(text):
    simple = sms.to_gsm(text)

    assert all(sms.nearest_gsm(letter) is None for letter in sms.non_gsm(simple))
    assert sms.to_gsm(simple) == simple
    assert "".join(piece for piece, _ in sms.pieces(text)) == message_text(text)


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("Pa\u0308ivää", "Päivää"),  # a Mac writes ä as two
        ("A\u030aland", "Åland"),
        ("Caf\u00e9 à la carte", "Café à la carte"),
        ("one\u2028two", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("q\u0308", "q"),
    ],
)
def test_decomposed_letters_and_odd_line_ends_stay_what_they_are(text, simple):
    assert sms.to_gsm(text) == simple
    assert not sms.measure(simple).is_unicode
