"""No quadratic time and no catastrophic backtracking (ReDoS), however long a text somebody sends.

Ten times the text may take about ten times the time, of the processor and not of the clock; what is squared
takes a hundred times, and what backtracks never ends. Where both are over before it can be told, all is well.
"""

import re
import time
from collections.abc import Callable

import pytest

from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.files import xlsx_sax
from contacts.importing.row_parser import parse_row
from contacts.text.full_text_search import case_folded, parse_search, search_text, search_text_of_cells
from contacts.text.normalization import nfc
from contacts.text.phones import InvalidPhone, to_e164
from messaging.campaigns.wording import sms
from messaging.inbox.opt_outs.intents import intent_of
from messaging.inbox.opt_outs.stop_words import default_vocabulary
from messaging.whatsapp import formatting
from messaging.whatsapp.lint import LintedDraft, lint
from tests.linear.expressions import expressions

SMALL, LARGE = 2_000, 20_000  # squared, the larger is 200 million steps of a nanosecond or more
MAX_RATIO = 30  # a squared one takes 100
SOON = 0.01  # seconds; most are over in a tenth of it
PATIENCE = 0.5  # seconds for the smaller text, of a slow machine; what takes more may never end

# Repeated until the text is long enough, then ended by what no expression expects.
SEEDS = [
    *("a", "1", " ", "\n", "\t", ".", "-", "+", "'", '"', "_", "*", "~", "`", "@", "(", "[", "<", "&", "\\"),
    *("a@", "a.", "a@a.", "{{", "{{1}}", "{{1}} ", "{1", "$(", "$(a", "**", "*a", "_a_", "``", "```", "```a"),
    *(
        "> ",
        ">\n",
        '"a',
        "1e",
        "+1",
        "0 ",
        "3,5E+",
        "http://",
        "http://a",
        "www.",
        "a-",
        "a'",
        "aA",
        "_x0041_",
    ),
    *(
        "ÅÄ",
        "ß",
        "İ",
        "é",
        "e\u0301",
        "\u0301",
        "\u0316\u0301",
        "\u200d",
        "👩\u200d",
        "\U0001f1eb",
        "٣",
        "\ufffd",
    ),
    *(" \n", "\t\n", "a\n", "STOP ", "AAAA "),
]
END = "\0!"


def text_of(length: int, seed: str) -> str:
    return (seed * (length // len(seed) + 1))[: length - len(END)] + END


def seconds(work: Callable[[str], object], text: str) -> float:
    """Of the processor, since others use it, too."""
    begun = time.process_time()
    work(text)
    return time.process_time() - begun


def grows_too_fast(work: Callable[[str], object], seed: str) -> bool:
    """Three times in a row, so that a pause of the machine is no fault of ours."""
    for _ in range(3):
        little = seconds(work, text_of(SMALL, seed))
        much = seconds(work, text_of(LARGE, seed)) if little < PATIENCE else float("inf")
        if much < max(SOON, little * MAX_RATIO):
            return False
    return True


def too_slow(work: Callable[[str], object]) -> list[str]:
    return [seed for seed in SEEDS if grows_too_fast(work, seed)]


EXPRESSIONS = expressions()
# Characters that a module's expressions ever see, where it cuts the text itself.
CUT = {
    "messaging.whatsapp.formatting": formatting.MAX_LENGTH,
    "contacts.importing.files.xlsx_sax._QUOTED": xlsx_sax.MAX_FORMAT_LENGTH,
}


def test_squared_time_is_told_from_linear():
    assert grows_too_fast(re.compile(" +x").search, " "), "the fewest steps that are squared"
    assert not grows_too_fast(re.compile(" x").search, " ")


def test_every_expression_of_the_code_is_found():
    assert {
        "contacts.text.formula_injection._E164",
        "messaging.whatsapp.authoring.variables.VARIABLE",
    } <= set(EXPRESSIONS)
    assert len(EXPRESSIONS) >= 30


@pytest.mark.parametrize("name", sorted(EXPRESSIONS))
def test_an_expression_takes_time_by_the_length_of_its_text(name):
    expression, is_sought = EXPRESSIONS[name]

    most = next((length for place, length in CUT.items() if name.startswith(place)), LARGE)

    def work(text: str) -> None:
        text = text[:most]
        subject = text.encode() if isinstance(expression.pattern, bytes) else text
        expression.fullmatch(subject)
        for _ in expression.finditer(subject) if is_sought else ():
            pass

    assert too_slow(work) == []


def phone(text: str) -> object:
    try:
        return to_e164(text, ["FI", "SE", "IT"])
    except InvalidPhone as error:
        return error.reason


WORK: dict[str, Callable[[str], object]] = {
    "phone numbers": phone,
    "cells": lambda text: parse_row(
        ["0401234567", *[text] * 6],
        ["phone", "first_name", "email", "gender", "birth_year", "country_code", "property:A"],
        ["FI"],
    ),
    "headers": lambda text: guess_mapping([text]),
    "composed letters": nfc,
    "folded text": case_folded,
    "words of cells": lambda text: search_text_of_cells([text, text[:500]]),
    "words of a contact": lambda text: search_text("+358401234567", [text]),
    "searches": parse_search,
    "opt-out words": lambda text: intent_of(text, default_vocabulary()),
    "the SMS counter": lambda text: (sms.measure(text), sms.split(text), sms.to_gsm(text)),
    "WhatsApp's formatting": formatting.to_html,
    "the template linter": lambda text: lint(LintedDraft(display_name=text, body=text, language="fi")),
}


@pytest.mark.parametrize("name", WORK)
def test_what_reads_peoples_text_takes_time_by_its_length(name):
    assert too_slow(WORK[name]) == []
