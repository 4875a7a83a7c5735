"""Rules about the text as a whole."""

import re
from collections.abc import Iterator

from messaging.whatsapp.lint.draft import Draft, Finding, Rule, Where, error
from messaging.whatsapp.variables import VARIABLE

LONGEST = 1024  # characters
MOST_EMOJI = 10
MOST_LINE_ENDS = 2  # in a row

_SIGN = "\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b50\u2b55"
_DRESS = "[\ufe0f\U0001f3fb-\U0001f3ff]"
# One emoji as people count: a flag is two letters, and parts joined by U+200D are one.
EMOJI = re.compile(f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[{_SIGN}]{_DRESS}*(?:\u200d[{_SIGN}]{_DRESS}*)*)")
_STRAY = re.compile(r"\{\{[^{}]{0,40}\}?\}?|\{[^{}\n]{0,40}\}\}|\}\}|\{\s*[0-9]+\s*\}")


def empty(draft: Draft) -> Iterator[Finding]:
    if not draft.body.strip():
        yield error("body.empty", Where.BODY, "Write the message.")


def too_long(draft: Draft) -> Iterator[Finding]:
    used = len(draft.body)
    if used > LONGEST:
        words = f"Shorten the message by {used - LONGEST:,} characters: {LONGEST:,} is the most."
        yield error("body.long", Where.BODY, words)


def stray_braces(draft: Draft) -> Iterator[Finding]:
    stray = _STRAY.search(VARIABLE.sub(" ", draft.body))
    if stray:
        words = f"Write variables as {{{{1}}}}, {{{{2}}}} and so on: “{stray[0]}” is none."
        yield error("body.braces", Where.BODY, words)


def too_many_line_ends(draft: Draft) -> Iterator[Finding]:
    lines = "\n".join(line.rstrip(" \t") for line in draft.body.split("\n"))
    if "\n" * (MOST_LINE_ENDS + 1) in lines:
        yield error("body.newlines", Where.BODY, "Leave at most one empty line between paragraphs.")


def too_many_emoji(draft: Draft) -> Iterator[Finding]:
    count = len(EMOJI.findall(draft.body))
    if count > MOST_EMOJI:
        words = f"Use at most {MOST_EMOJI} emoji: there are {count}."
        yield error("body.emoji", Where.BODY, words)


def tabs(draft: Draft) -> Iterator[Finding]:
    if "\t" in draft.body:
        yield error("body.tabs", Where.BODY, "Replace tabs by spaces: WhatsApp takes none.")


def repeated_body(draft: Draft) -> Iterator[Finding]:
    text = draft.body.strip()
    same = next((other for other in draft.others if text and other.body.strip() == text), None)
    if same:
        words = f"“{same.name}” says exactly the same. WhatsApp refuses a second one."
        yield error("body.repeated", Where.BODY, words)


RULES: list[Rule] = [
    empty,
    too_long,
    stray_braces,
    too_many_line_ends,
    too_many_emoji,
    tabs,
    repeated_body,
]
