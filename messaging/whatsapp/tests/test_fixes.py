"""One-click fixes, and that the rules hold together: a table of all, a second opinion, no harm, no time."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.whatsapp import lint as linting
from messaging.whatsapp.lint import FIXES, RATIONALES, RULES, Button, LintedDraft, fix, lint, mendable
from messaging.whatsapp.tests.test_lint import GOOD, answer, call, url

RULES_OF_SOURCE = re.compile(r'(?:error|warning)\(\s*"([a-z_.]+)"')
PIECES = [
    "{{1}}",
    "{{2}}",
    "{{3}}",
    "{{name}}",
    "{1}",
    "{{",
    "}}",
    " ",
    "\n",
    "\n\n\n",
    "\t",
    "     ",
    "\u202e",
]
WORDS = [
    "Hei",
    "tilauksesi",
    "on",
    "matkalla",
    "kiitos",
    "*",
    "_",
    "🎉",
    ".",
    ",",
    "-20 %",
    "tarjous",
    "STOP",
]
BODIES = st.lists(st.sampled_from(PIECES + WORDS), max_size=25).map("".join)
LABELS = st.lists(st.sampled_from(["Kyllä", "Ei", "👍", "{{1}}", "*", " "]), max_size=4).map("".join)
BUTTONS = st.lists(
    st.one_of(
        st.builds(Button, st.just("QuickReply"), LABELS, LABELS),
        st.builds(
            Button, st.just("Url"), LABELS, st.sampled_from(["a.fi", "http://a.fi/", "https://a.fi/{{1}}"])
        ),
        st.builds(Button, st.just("Call"), LABELS, st.sampled_from(["+358 40 1234567", "0401234567"])),
    ),
    max_size=4,
)
DRAFTS = st.builds(
    replace,
    st.just(GOOD),
    body=BODIES,
    buttons=BUTTONS,
    category=st.sampled_from(["Utility", "MARKETING", "Authentication"]),
    language=st.sampled_from(["fi", "sv", "en", "it", "ar", ""]),
)


def errors(draft: LintedDraft) -> set[str]:
    return {finding.code for finding in lint(draft) if finding.is_error}


def test_the_table_has_each_rule_once_with_its_reason_and_source():
    sources = Path(linting.__file__).parent.glob("*.py")
    said = {code for path in sources for code in RULES_OF_SOURCE.findall(path.read_text())}

    assert said == RATIONALES.keys()
    assert FIXES.keys() <= RATIONALES.keys()
    assert all(each.why and each.source for each in RATIONALES.values())


@pytest.mark.parametrize(
    ("code", "change", "mended"),
    [
        ("variables.gap", {"body": "Hei {{2}}, aika on {{5}} meillä"}, "Hei {{1}}, aika on {{2}} meillä"),
        ("variables.order", {"body": "Hei {{2}}, aika on {{1}} nyt"}, "Hei {{1}}, aika on {{2}} nyt"),
        ("variables.trailing", {"body": "Aikasi on varattu {{1}}"}, "Aikasi on varattu {{1}}. Kiitos!"),
        ("variables.trailing_signs", {"body": "Aikasi on {{1}}! "}, "Aikasi on {{1}}! Kiitos!"),
        ("variables.leading", {"body": "{{1}}, aikasi on varattu"}, "Hei {{1}}, aikasi on varattu"),
        ("body.braces", {"body": "Hei {{ 1 }}, aika {{day}} on"}, "Hei {{1}}, aika {{2}} on"),
        ("body.braces", {"body": "Hei {1}, aika ${2} on"}, "Hei {{1}}, aika {{2}} on"),
        ("body.braces", {"body": "Hei {{{1}}}, tule {{1} pian"}, "Hei {{1}}, tule {{1}} pian"),
        ("body.newlines", {"body": "Yksi\n \n\n\nkaksi"}, "Yksi\n\nkaksi"),
        ("body.spaces", {"body": "Yksi      kaksi"}, "Yksi kaksi"),
        ("body.tabs", {"body": "Yksi\tkaksi"}, "Yksi kaksi"),
        ("body.unseen", {"body": "Yksi \u202ekaksi"}, "Yksi kaksi"),
        ("advice.opt_out", {"body": "Tervetuloa meille"}, "Tervetuloa meille\n\nLopeta viestit: vastaa STOP"),
    ],
)
def test_a_press_mends_the_text(code, change, mended):
    draft = replace(GOOD, **change)

    assert code in mendable(draft, lint(draft))
    assert fix(draft, code).body == mended


def test_a_press_mends_what_goes_with_the_text():
    offer = replace(
        GOOD, category="UTILITY", body="Tarjous -20 % tänään", categories=("UTILITY", "MARKETING")
    )
    assert fix(offer, "advice.promotion").category == "MARKETING"
    swedish = replace(GOOD, body="Hej, din tid är på fredag och vi väntar dig från klockan nio")
    assert fix(swedish, "advice.language").language == "sv"


@pytest.mark.parametrize(
    ("code", "button", "mended"),
    [
        ("buttons.number", call("+358 (40) 123-4567"), "+358401234567"),
        ("buttons.number", call("00358 40 1234567"), "+358401234567"),
        ("buttons.address", url("example.fi/menu"), "https://example.fi/menu"),
        ("buttons.address", url("http://example.fi/"), "https://example.fi/"),
        ("buttons.label_plain", answer("*Kyllä* 👍"), "Kyllä"),
    ],
)
def test_a_press_mends_a_button(code, button, mended):
    assert fix(replace(GOOD, buttons=[button]), code).buttons[0].data == mended


def test_a_number_without_its_country_is_not_guessed():
    draft = replace(GOOD, buttons=[call("040 1234567")])

    assert mendable(draft, lint(draft)) == set()


def test_a_fix_that_would_break_another_rule_is_not_offered():
    draft = replace(GOOD, body="a" * 1015 + " {{1}}")

    assert "variables.trailing" in errors(draft)
    assert mendable(draft, lint(draft)) == set()


@given(DRAFTS, st.sampled_from(sorted(FIXES)))
def test_a_fix_never_makes_worse(draft, code):
    mended = fix(draft, code)

    assert not {each for each in errors(mended) - errors(draft) if not FIXES[code].reveals(each)}
    assert mended == draft or code not in {finding.code for finding in lint(mended)}


@given(DRAFTS)
def test_presses_come_to_an_end(draft):
    for _ in range(len(FIXES) * 2):
        offered = mendable(draft, lint(draft))
        if not offered:
            return
        draft = fix(draft, min(offered))
    raise AssertionError(draft)


@given(DRAFTS)
def test_a_draft_without_errors_passes_a_second_opinion(draft):
    if not errors(draft):
        assert objections(draft) == []


def objections(draft: LintedDraft) -> list[str]:
    """WhatsApp's rules again, in other words than the product's: by walking over the text."""
    body, found, at = draft.body, [], 0
    pieces: list[tuple[int, str]] = []  # each variable with the text before it
    while (start := body.find("{{", at)) >= 0:
        end = body.find("}}", start)
        inside = body[start + 2 : end] if end > 0 else "?"
        if not (inside.isascii() and inside.isdigit() and inside[0] != "0"):
            return ["braces"]
        pieces.append((int(inside), body[at:start]))
        at = end + 2
    numbers, rest = [number for number, _ in pieces], body[at:]
    if "}}" in rest or any("}}" in text for _, text in pieces):
        found.append("braces")
    if list(dict.fromkeys(numbers)) != list(range(1, len(set(numbers)) + 1)):
        found.append("numbers")
    if numbers and not rest.replace("\u202e", "").strip():
        found.append("end")
    if any(
        not text.replace("\u202e", "").strip() for _, text in pieces[draft.category == "Authentication" :]
    ):
        found.append("start or side by side")
    if len(body) > 1024 or not body.strip() or "\t" in body or "\u202e" in body or "     " in body:
        found.append("text")
    if "\n\n\n" in "\n".join(line.strip() for line in body.split("\n")):
        found.append("line ends")
    if len({button.type for button in draft.buttons}) > 1 or any(
        "👍" in each.label for each in draft.buttons
    ):
        found.append("buttons")
    return found


def seconds_of(rule, draft: LintedDraft) -> float:
    """Of the processor; the garbage of other tests may be collected meanwhile, so once is not enough."""
    began = time.process_time()
    list(rule(draft))
    return time.process_time() - began


@pytest.mark.parametrize(
    "text",
    ["{{1}} ", "{{", "a{", "* ", "\n ", "\t", "Hei {{1}} ", "🎉", "-2 % ", "a.", "{1}$", "\u202e", "1\ufe0f"],
)
def test_no_rule_takes_long_for_a_hundred_thousand_characters(text):
    long = text * (100_000 // len(text))
    draft = LintedDraft(long, long, "Utility", "en", long, long, [Button("Url", long, long)])
    slowest = {}
    for rule in RULES:
        slowest[rule.__name__] = min(seconds_of(rule, draft) for _ in range(3))

    assert {name: seconds for name, seconds in slowest.items() if seconds > 0.05} == {}
