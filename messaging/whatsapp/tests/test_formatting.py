import pytest

from messaging.whatsapp.formatting import longest, sample, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<strong>bold</strong>"),
        ("_italic_ and ~gone~", "<em>italic</em> and <s>gone</s>"),
        ("_*both*_", "<em><strong>both</strong></em>"),
        ("*_~all~_*", "<strong><em><s>all</s></em></strong>"),
        ("```*as it is*```", "<code>*as it is*</code>"),
        ("`one word`", "<code>one word</code>"),
        ("2*3*4", "2*3*4"),
        ("a star * here *", "a star * here *"),
        ("snake_case_name", "snake_case_name"),
        ("*over\nlines*", "*over\nlines*"),
        ("- one\n* two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("> `x` *y*", '<span class="phone__quote"><code>x</code> <strong>y</strong></span>'),
        ("see https://a.fi/x now", 'see <span class="phone__link">https://a.fi/x</span> now'),
        ("https://a.fi/x_y_z", '<span class="phone__link">https://a.fi/x_y_z</span>'),
        ("*https://a.fi/x_y*", '<strong><span class="phone__link">https://a.fi/x_y</span></strong>'),
        ("a \u202eb", "a ⟨U+202E⟩b"),
        ("\u2067מה\u2069", "⟨U+2067⟩מה⟨U+2069⟩"),
        ("{{1}}", "{{1}}"),
        ("first\n> said\nlast", 'first\n<span class="phone__quote">said</span>\nlast'),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("*<i>*", "<strong>&lt;i&gt;</strong>"),
    ],
)
def test_a_message_is_drawn_as_whatsapp_does_and_escaped(text, html):
    assert to_html(text) == html


def test_sample_words_stand_for_variables():
    html = to_html("*Hei {{1}}* {{9}}", sample)

    assert '<strong>Hei <span class="phone__variable" title="{{1}}">Anna</span></strong>' in html
    assert ">word 9<" in html


def test_the_worst_case_has_long_words():
    assert [sample(2, language) for language in ("fi", "en", "")] == ["tiistai", "Tuesday", "Tuesday"]
    assert len(to_html("Hei {{1}}", longest)) > len(to_html("Hei {{1}}", sample))


def test_many_signs_take_no_time():
    text = " *a" * 1300

    assert to_html(text) == text
