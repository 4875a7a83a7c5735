"""Templates in the shapes of those that WhatsApp accepts and refuses, in many languages."""

import json
from pathlib import Path

import pytest

from messaging.whatsapp.lint import Button, LintedDraft, lint

CORPUS = Path(__file__).parent / "corpus"
# What people should be told of an accepted one, too.
HARMLESS = {"variables.trailing_signs", "variables.leading_signs", "buttons.collapsed", "variables.ratio"}


def read(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / name).read_text().splitlines()]


def draft_of(row: dict) -> LintedDraft:
    return LintedDraft(
        display_name="Of the corpus",
        body=row["body"],
        category=row["category"],
        language=row["language"],
        identity="+358401112222",
        buttons=[Button(**button) for button in row["buttons"]],
    )


ACCEPTED, REFUSED = read("accepted.jsonl"), read("refused.jsonl")


def test_the_corpora_are_large_and_in_many_languages():
    assert min(len(ACCEPTED), len(REFUSED)) >= 60
    assert len({row["language"] for row in ACCEPTED}) >= 8
    assert len({row["language"] for row in REFUSED}) >= 8


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: f"{row['language']} {row['shape']}")
def test_what_whatsapp_accepts_passes_without_alarm(row):
    assert [finding.words for finding in lint(draft_of(row)) if finding.code not in HARMLESS] == []


@pytest.mark.parametrize(
    "row", REFUSED, ids=lambda row: f"{row['language']} {row['code']} {row['body'][:30]}"
)
def test_what_whatsapp_refuses_is_caught_by_the_rule_for_it(row):
    assert row["code"] in {finding.code for finding in lint(draft_of(row))}
