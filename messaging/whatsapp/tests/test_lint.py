from dataclasses import replace

import pytest

from messaging.whatsapp.lint import RULES, Button, ExistingTemplate, Level, LintedDraft, lint

GOOD = LintedDraft(
    display_name="Christmas brunch",
    body="Hei {{1}}, sinulle on varattu paikka. Tervetuloa! Lopeta: vastaa STOP",
    category="Marketing",
    language="fi",
    identity="+358401112222",
)


def url(data: str, label: str = "Book a table") -> Button:
    return Button("Url", label, data)


def call(data: str) -> Button:
    return Button("Call", "Call us", data)


def answer(label: str, data: str | None = None) -> Button:
    return Button("QuickReply", label, label if data is None else data)


def codes(draft: LintedDraft) -> set[str]:
    return {finding.code for finding in lint(draft)}


def test_a_good_template_has_no_findings():
    assert lint(GOOD) == []


def test_an_empty_draft_says_what_to_begin_with():
    assert codes(LintedDraft()) == {
        "name.empty",
        "identity.empty",
        "category.unknown",
        "language.code",
        "body.empty",
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (" \n ", "body.empty"),
        ("a" * 1025, "body.long"),
        ("Hello {{name}}, welcome to us", "body.braces"),
        ("Hello {{1}, welcome to us", "body.braces"),
        ("Hello {1}, welcome to us", "body.braces"),
        ("Hello {{ 1 }}, welcome to us", "body.braces"),
        ("Hello {{0}}, welcome to us", "body.braces"),
        ("One\n\n\nTwo", "body.newlines"),
        ("One\n \n\t\nTwo", "body.newlines"),
        ("Party " + "🎉" * 11, "body.emoji"),
        ("One\ttwo", "body.tabs"),
        ("Same  text", "body.repeated"),
        ("Dear guest {{2}}, your table is ready now", "variables.gap"),
        ("Dear {{1}}, your table {{3}} is ready for you now", "variables.gap"),
        ("Dear {{2}}, your table {{1}} is ready for you now", "variables.order"),
        ("{{1}}, your table is ready", "variables.leading"),
        ("Your table is ready, dear {{1}}", "variables.trailing"),
        ("Dear guest {{1}} {{2}} your table is ready for you", "variables.adjacent"),
        ("\u200b{{1}}, your table is ready", "variables.leading"),
        ("Your table is ready, dear {{1}}\u2060", "variables.trailing"),
        ("Dear guest {{1}}\u200b{{2}} your table is ready for you", "variables.adjacent"),
        ("- {{1}} !", "variables.only"),
    ],
)
def test_what_whatsapp_would_refuse_in_the_text_is_an_error(body, code):
    draft = replace(GOOD, body=body, others=[ExistingTemplate("Another", "Same  text")])

    found = [finding for finding in lint(draft) if finding.code == code]

    assert [finding.level for finding in found] == [Level.ERROR]


@pytest.mark.parametrize(
    "body",
    [
        "a" * 1017 + " stop x",
        "One\n\nTwo STOP",
        "Family 👨‍👩‍👧 " + "🇫🇮" * 9 + " STOP",
        "Use {braces} as you like. STOP",
        "Dear {{1}}, table {{2}} is ready for you now. STOP",
    ],
)
def test_the_edges_of_what_is_allowed_are_no_errors(body):
    assert not [finding for finding in lint(replace(GOOD, body=body)) if finding.is_error]


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([answer("Yes"), url("https://example.fi/")], "buttons.mixed"),
        ([Button("Dance", "Yes", "yes")], "buttons.type"),
        ([answer(str(number)) for number in range(11)], "buttons.count"),
        ([url(f"https://example.fi/{n}", str(n)) for n in range(3)], "buttons.count"),
        ([answer(" ")], "buttons.label_empty"),
        ([answer("a" * 26, "yes")], "buttons.label_long"),
        ([answer("Yes"), answer("yes ")], "buttons.label_repeated"),
        ([answer("Yes", "a" * 21)], "buttons.reply_long"),
        ([answer("Yes", "")], "buttons.reply_empty"),
        ([url("http://example.fi/")], "buttons.address"),
        ([url("example.fi")], "buttons.address"),
        ([url("https://[")], "buttons.address"),
        ([url("https://10.0.0.1/x.png")], "buttons.address"),
        ([url("https://example.fi/" + "a" * 2000)], "buttons.address_long"),
        ([url("https://example.fi/{{1}}")], "buttons.link_example"),
        ([url("https://example.fi/{{1}}/menu")], "buttons.link_variable"),
        ([answer("Yes {{1}}")], "buttons.variable"),
        ([call("0401234567")], "buttons.number"),
        ([call("+358 40 1234567")], "buttons.number"),
    ],
)
def test_buttons_that_would_be_refused_are_errors(buttons, code):
    assert code in codes(replace(GOOD, buttons=buttons))


def test_good_buttons_of_each_type_have_no_findings():
    for buttons in (
        [answer("Yes"), answer("No")],
        [url("https://example.fi/")],
        [call("+358401234567")],
    ):
        assert lint(replace(GOOD, buttons=buttons)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"display_name": "a" * 101}, "name.long"),
        ({"language": "en_GB"}, "language.code"),
        ({"language": "FI"}, "language.code"),
        ({"category": "Party"}, "category.unknown"),
        ({"identity": ""}, "identity.empty"),
        ({"attachment_url": "ftp://example.fi/a.png"}, "attachment.address"),
    ],
)
def test_details_that_would_be_refused_are_errors(change, code):
    assert code in codes(replace(GOOD, **change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": "Your table waits for you tonight, dear {{1}}. "}, "variables.trailing_signs"),
        ({"body": "🎉 {{1}}, your table is ready for you now"}, "variables.leading_signs"),
        ({"body": "“{{1}}” is your table for tonight"}, "variables.leading_signs"),
        ({"body": "> {{1}}, your table is ready for you now"}, "variables.leading_signs"),
        ({"body": "Dear guest {{1}}, {{2}}, your table is ready now"}, "variables.adjacent_signs"),
        ({"body": "Hei {{1}}, tervetuloa"}, "variables.ratio"),
        ({"body": "Dear {{1}}, the name {{1}} is on the list now"}, "variables.repeated"),
        ({"category": "Utility", "body": "Kaikki -20 % tänään"}, "advice.promotion"),
        ({"category": "Utility", "body": "Tarjous vain tänään"}, "advice.promotion"),
        ({"body": "Send your card number. Stop: STOP"}, "advice.secrets"),
        ({"body": "See https://bit.ly/abc STOP"}, "advice.short_link"),
        ({"buttons": [url("https://wa.me/358401234567")]}, "advice.short_link"),
        ({"language": "en"}, "advice.language"),
        ({"body": "This is *bold for you. STOP"}, "advice.formatting"),
        ({"body": "KAIKKI TUOTTEET PUOLEEN HINTAAN STOP"}, "advice.capitals"),
        ({"body": "Tervetuloa meille"}, "advice.opt_out"),
        ({"others": [ExistingTemplate("christmas  BRUNCH", "x")]}, "name.similar"),
    ],
)
def test_what_a_reviewer_may_dislike_is_a_warning(change, code):
    found = [finding for finding in lint(replace(GOOD, **change)) if finding.code == code]

    assert [finding.level for finding in found] == [Level.WARNING]


@pytest.mark.parametrize("body", ["2 * 3 * 4 STOP", "snake_case_name STOP", "*bold* and _so on_ ~gone~ STOP"])
def test_signs_that_are_no_formatting_are_left_alone(body):
    assert "advice.formatting" not in codes(replace(GOOD, body=body))


def test_errors_come_before_warnings():
    levels = [finding.level for finding in lint(replace(GOOD, body="TERVETULOA MEILLE KAIKKI {{1}}"))]

    assert levels == sorted(levels)
    assert set(levels) == {Level.ERROR, Level.WARNING}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(
    "text", ["{{" * 5000, "{{1}}" * 2000, "\ud800\x00", "*" * 5000, "\n" * 5000, " \t" * 5000]
)
def test_no_rule_stumbles_over_odd_text_or_takes_long(rule, text):
    odd = LintedDraft(
        text, text, text, text, text, text, [Button(text, text, text)], [ExistingTemplate(text, text)]
    )

    assert all(finding.words for finding in rule(odd))
