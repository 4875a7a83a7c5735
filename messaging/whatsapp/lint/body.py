"""Rules about the text as a whole."""

import re
from collections.abc import Iterator

from messaging.whatsapp.lint.draft import Draft, EditorField, Finding, Rule, error
from messaging.whatsapp.variables import VARIABLE

MAX_LENGTH = 1024  # characters
MAX_EMOJI = 10
MAX_CONSECUTIVE_NEWLINES = 2  # in a row

_EMOJI_BASE = "\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b50\u2b55"
_EMOJI_MODIFIER = "[\ufe0f\U0001f3fb-\U0001f3ff]"
# One emoji as people count: a flag is two letters, and parts joined by U+200D are one.
EMOJI = re.compile(
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[{_EMOJI_BASE}]{_EMOJI_MODIFIER}*(?:\u200d[{_EMOJI_BASE}]{_EMOJI_MODIFIER}*)*)"
)
_STRAY_BRACES = re.compile(r"\{\{[^{}]{0,40}\}?\}?|\{[^{}\n]{0,40}\}\}|\}\}|\{\s*[0-9]+\s*\}")


def empty(draft: Draft) -> Iterator[Finding]:
    if not draft.body.strip():
        yield error("body.empty", EditorField.BODY, "Write the message.")


def too_long(draft: Draft) -> Iterator[Finding]:
    used = len(draft.body)
    if used > MAX_LENGTH:
        words = f"Shorten the message by {used - MAX_LENGTH:,} characters: {MAX_LENGTH:,} is the most."
        yield error("body.long", EditorField.BODY, words)


def stray_braces(draft: Draft) -> Iterator[Finding]:
    stray = _STRAY_BRACES.search(VARIABLE.sub(" ", draft.body))
    if stray:
        words = f"Write variables as {{{{1}}}}, {{{{2}}}} and so on: “{stray[0]}” is none."
        yield error("body.braces", EditorField.BODY, words)


def too_many_line_ends(draft: Draft) -> Iterator[Finding]:
    lines = "\n".join(line.rstrip(" \t") for line in draft.body.split("\n"))
    if "\n" * (MAX_CONSECUTIVE_NEWLINES + 1) in lines:
        yield error("body.newlines", EditorField.BODY, "Leave at most one empty line between paragraphs.")


def too_many_emoji(draft: Draft) -> Iterator[Finding]:
    count = len(EMOJI.findall(draft.body))
    if count > MAX_EMOJI:
        words = f"Use at most {MAX_EMOJI} emoji: there are {count}."
        yield error("body.emoji", EditorField.BODY, words)


def tabs(draft: Draft) -> Iterator[Finding]:
    if "\t" in draft.body:
        yield error("body.tabs", EditorField.BODY, "Replace tabs by spaces: WhatsApp takes none.")


def repeated_body(draft: Draft) -> Iterator[Finding]:
    text = draft.body.strip()
    same = next((other for other in draft.others if text and other.body.strip() == text), None)
    if same:
        words = f"“{same.name}” says exactly the same. WhatsApp refuses a second one."
        yield error("body.repeated", EditorField.BODY, words)


RULES: list[Rule] = [
    empty,
    too_long,
    stray_braces,
    too_many_line_ends,
    too_many_emoji,
    tabs,
    repeated_body,
]
